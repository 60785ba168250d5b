import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { partitionFor } from '@throughline/contracts/partition';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { createRandom, type Random, seedFromEnv } from '@throughline/testkit/seed';
import type { RedisSessionTotals } from '../../src/redis/redis-session-totals.ts';
import type { SessionState } from '../../src/session-state.ts';
import { samplePartition, sampleState } from '../../src/session-state-samples.ts';
import {
  type Fence,
  isRebuilding,
  rebuildingLogId,
  type SessionChange,
  type SessionKey,
} from '../../src/session-totals.ts';
import { openTotals } from './redis-owner.ts';
import { PartitionModel } from './totals-model.ts';

const PARTITIONS = 3;
const TEXTS = ['', 'a', 'b', '\0', 'a\0b', '__proto__', '{', '}', '{x}', '{tl:other:0}', '\ud800', '\udc00', '🙂', 'ü'];
TEXTS.push('x'.repeat(300));

let redis: RedisServer;

/** Keys that belong to a partition, of tenants and ids that are hard on names. */
function keysByPartition(): SessionKey[][] {
  const all = TEXTS.flatMap((tenantId) => TEXTS.map((sessionId) => ({ tenantId, sessionId })));
  return Array.from({ length: PARTITIONS }, (_, partition) =>
    all.filter(({ tenantId, sessionId }) => partitionFor(tenantId, sessionId, '', PARTITIONS) === partition),
  );
}

interface Attempt {
  readonly expected: Fence | undefined;
  readonly next: ReturnType<typeof samplePartition>;
  readonly sessions: readonly SessionChange[];
}

class Run {
  readonly #random: Random;
  readonly #namespace: string;
  readonly #owners: readonly RedisSessionTotals[];
  readonly #models = Array.from({ length: PARTITIONS }, () => new PartitionModel());
  readonly #keys = keysByPartition();
  readonly #fences: Fence[] = [];
  #clock = 1_700_000_000_000;
  #offset = 0;

  constructor(random: Random, namespace: string, owners: readonly RedisSessionTotals[]) {
    this.#random = random;
    this.#namespace = namespace;
    this.#owners = owners;
  }

  async step(): Promise<void> {
    const random = this.#random;
    const partition = random.integer(0, PARTITIONS - 1);
    if (random.chance(0.04)) await this.#loseSomething(partition);
    else await this.#race(partition, random.integer(1, 3));
    await this.#compare(partition);
  }

  /** Owners who all believe that the partition is theirs commit at the same time. */
  async #race(partition: number, count: number): Promise<void> {
    const model = this.#models[partition]!;
    const attempts = Array.from({ length: count }, () => this.#attempt(partition));
    const outcomes = await Promise.all(
      attempts.map(({ expected, next, sessions }, i) => this.#owners[i]!.commit(partition, expected, next, sessions)),
    );
    // Only now, else an attempt could expect what one beside it is about to write.
    this.#fences.push(...attempts.map(({ next }) => next.fence));
    const couldWin = attempts.map(({ expected }) => model.accepts(expected));
    const won = outcomes.flatMap((outcome, i) => (outcome === 'committed' ? [i] : []));
    expect(won).toHaveLength(couldWin.includes(true) ? 1 : 0);
    for (const i of won) {
      expect(couldWin[i]).toBe(true);
      model.commit(attempts[i]!.next, attempts[i]!.sessions);
    }
  }

  #attempt(partition: number): Attempt {
    const random = this.#random;
    const model = this.#models[partition]!;
    const expected = random.chance(0.8) ? model.state?.fence : random.pick([undefined, ...this.#fences]);
    // No two alike, so that a fence tells whose commit it was.
    const offset = ++this.#offset;
    const logId = random.chance(0.1) ? rebuildingLogId('log') : 'log';
    const next = samplePartition(offset, {
      fence: { logId, offset, epoch: random.integer(0, 3) },
      unpublished: this.#keys[partition]!.slice(0, random.integer(0, 2)),
    });
    const keys = new Set(Array.from({ length: random.integer(0, 12) }, () => random.pick(this.#keys[partition]!)));
    return { expected, next, sessions: [...keys].map((key) => this.#session(partition, key)) };
  }

  #session(partition: number, key: SessionKey): SessionChange {
    const random = this.#random;
    if (random.chance(0.15)) return { removed: true, ...key };
    if (random.chance(0.25)) return { evicted: true, ...key, snapshotVersion: BigInt(random.integer(0, 2 ** 40)) };
    // Log time of a live session never goes back, and may stand still.
    this.#clock += random.integer(0, 3);
    return sampleState(key.sessionId, random.integer(1, 9), {
      tenantId: key.tenantId,
      partition,
      lastReceivedAt: this.#clock,
      tag: random.chance(0.1) ? 'x'.repeat(random.integer(0, 50_000)) : null,
    });
  }

  async #loseSomething(partition: number): Promise<void> {
    const model = this.#models[partition]!;
    const prefix = `{tl:${this.#namespace}:${partition}}`;
    const name = this.#random.pick(['drop', 'fence', 'state', 'sessions', 'activity']);
    if (name === 'drop') await this.#owners[0]!.dropPartition(partition);
    else if ((await redis.cli('DEL', `${prefix}:${name}`)) === '0') return;
    model.lose();
  }

  async #compare(partition: number): Promise<void> {
    const random = this.#random;
    const owner = random.pick(this.#owners);
    const model = this.#models[partition]!;
    expect(await owner.loadPartition(partition)).toEqual(model.state);
    const keys = this.#keys[partition]!;
    expect(await owner.loadMany(partition, keys)).toEqual(keys.map((key) => model.find(key)));

    const since = this.#clock - random.integer(-1, 30);
    const max = random.integer(1, 8);
    const idle = await owner.idle(partition, since, max);
    const activity = (session: SessionState) => session.lastReceivedAt;
    const expected = model.live.map(activity).filter((at) => at < since);
    expect(idle.map((key) => activity(model.find(key) as SessionState))).toEqual(
      expected.sort((a, b) => a - b).slice(0, max),
    );
    expect(new Set(idle.map((key) => JSON.stringify(key))).size).toBe(idle.length);

    const key = random.pick(keys);
    const session = model.find(key);
    const isShown = model.state && !isRebuilding(model.state.fence) && session;
    const shown = isShown && ('evicted' in session ? session : { state: session, fence: model.state!.fence });
    expect(await owner.read(key)).toEqual(shown || undefined);
    const live = this.#models.reduce((sum, each) => sum + each.live.length, 0);
    expect((await owner.size()).sessions).toBe(live);
    // Nothing of a commit that was refused, or under way, is left.
    expect(await redis.cli('EXISTS', `{tl:${this.#namespace}:${partition}}:open`)).toBe('0');
  }
}

describeWithServers(['redis'], 'owners of the same partitions in Redis', () => {
  beforeAll(async () => {
    redis = await startRedis({ appendOnly: false });
  });
  afterAll(() => redis.remove());

  test('win one at a time, and what is stored is what the winners wrote', async () => {
    const random = createRandom(seedFromEnv('racing owners'));
    const namespace = randomUUID();
    const owners = await Promise.all(
      Array.from({ length: 3 }, () => openTotals({ url: redis.url, namespace, partitions: PARTITIONS })),
    );
    try {
      const run = new Run(random, namespace, owners);
      for (let step = 0; step < 150; step++) await run.step();
    } finally {
      await Promise.all(owners.map((owner) => owner.close()));
    }
  });
});
