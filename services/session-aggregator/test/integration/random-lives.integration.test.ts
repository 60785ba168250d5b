import { describe, expect, test } from '@jest/globals';
import { createRandom, type Random, seedFromEnv } from '@throughline/testkit/seed';
import { World } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace, figuresOf } from '../expectations.ts';
import { liveRandomly } from '../random-lives.ts';

const store = useEmbeddedStore('random-lives');

/** Log something, and say which calls count because of it: the plain reference. */
class Stream {
  readonly counted: Call[] = [];
  readonly #world: World;
  readonly #random: Random;
  readonly #chosen = new Set<string>();
  readonly #sent: { call: Call; producer: string; number: number }[] = [];
  readonly #next = new Map<string, number>();
  readonly #now = Date.now();

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  log(): void {
    const random = this.#random;
    const draw = random.next();
    if (draw < 0.04) this.#world.log.appendBytes(random.bytes(random.integer(0, 40)));
    else if (draw < 0.07) this.#world.log.lose(random.integer(1, 5), 'lost', 'ghost');
    else if (draw < 0.15 && this.#sent.length > 0) {
      const { call, producer, number } = random.pick(this.#sent);
      this.#world.log.append(callEvent(call), producer, number);
    } else this.#call();
  }

  #call(): void {
    const random = this.#random;
    const session = random.chance(0.1) ? undefined : `s${random.integer(0, 6)}`;
    const chosenId = random.chance(0.3) ? `id${random.integer(0, 15)}` : undefined;
    const call: Call = {
      tenant: this.#world.tenant,
      session,
      chosenId,
      name: random.pick(['', 'one', 'two', 'x\ud800']),
      path: random.pick(['', '/', '/a', '/a/b', 'a//b/']),
      status: random.pick([200, 200, 200, 429, 500]),
      startedAt: this.#now - random.integer(0, 3_600_000),
      latencyMs: random.integer(0, 100_000),
      promptTokens: random.integer(0, 5_000),
      completionTokens: random.integer(0, 5_000),
      properties: random.chance(0.5) ? [] : [[`k${random.integer(0, 3)}`, `v${random.integer(0, 9)}`]],
    };
    const producer = random.pick(['a', 'b']);
    const number = this.#next.get(producer) ?? 0;
    this.#next.set(producer, number + 1);
    this.#world.log.append(callEvent(call), producer);
    this.#sent.push({ call, producer, number });
    if (session !== undefined && chosenId !== undefined) {
      const key = `${session} ${chosenId}`;
      if (this.#chosen.has(key)) return;
      this.#chosen.add(key);
    }
    this.counted.push(call);
  }
}

describe('any stream, cut into any batches, with deaths at any step', () => {
  const seed = seedFromEnv('random lives');
  test.each(Array.from({ length: 12 }, (_, run) => run))('equals plain addition (run %i)', async (run) => {
    const random = createRandom(seed).fork(run);
    const world = await World.create(store.analytics);
    const stream = new Stream(world, random);
    await liveRandomly(world, random, { livesMax: 7, eventsMax: 60, losing: 0.15, log: () => stream.log() });

    const expected = bySession(stream.counted);
    const { rows, snapshots } = await figuresByPlace(world);
    expect({ seed, rows, snapshots }).toEqual({ seed, rows: expected, snapshots: expected });
    const audit = await world.audit();
    expect(audit.differences).toEqual([]);
    const all = figuresOf(stream.counted);
    const counters = (await world.totals.loadPartition(world.partition))!.tenants.get(world.tenant);
    expect([counters?.requests ?? 0, counters?.errors ?? 0]).toEqual([all.requests, all.errors]);
    await world.destroy();
  });
});
