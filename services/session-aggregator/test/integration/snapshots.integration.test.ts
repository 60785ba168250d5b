import { describe, expect, test } from '@jest/globals';
import type { SessionStub } from '@throughline/session-totals/session-totals';
import { hydrateSessions } from '../../src/hydrate-sessions.ts';
import { crashAt, World } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace, liveStates } from '../expectations.ts';

const store = useEmbeddedStore('snapshots');
const NOW = Date.now();

async function snapshotsOf(world: World, session: string): Promise<{ created: number; requests: number }[]> {
  const rows = await world.raw.query<{ created: string; requests: string }>({
    sql: `SELECT toUnixTimestamp64Milli(created_at) AS created, total_requests AS requests
FROM sessions FINAL WHERE tenant_id = {tenant:String} AND session_id = {session:String}`,
    params: { tenant: world.tenant, session },
  });
  return rows.map((row) => ({ created: Number(row.created), requests: Number(row.requests) }));
}

/** Holds back the first insert of snapshots until it is let go. */
class StallingStore {
  readonly #world: World;
  readonly #until: Promise<void>;
  #holding = Promise.withResolvers<void>();
  readonly isHolding = this.#holding.promise;

  constructor(world: World, until: Promise<void>) {
    this.#world = world;
    this.#until = until;
  }

  async insert(rows: Parameters<World['store']['insert']>[0]): Promise<void> {
    if (rows.table === 'sessions') {
      this.#holding.resolve();
      await this.#until;
    }
    await this.#world.store.insert(rows);
  }

  query: World['store']['query'] = (query) => this.#world.store.query(query);
  instanceId = () => this.#world.store.instanceId();
  close = async () => {};
}

describe('a session whose first call finishes last', () => {
  test('has exactly one snapshot, under its earliest instant, after each move', async () => {
    const world = await World.create(store.analytics);
    for (let moves = 1; moves <= 4; moves++) {
      const startedAt = NOW - moves * 1_000;
      world.log.append(callEvent({ tenant: world.tenant, session: 's', startedAt }));
      await world.live();
      expect(await snapshotsOf(world, 's')).toEqual([{ created: startedAt, requests: moves }]);
    }
    await world.destroy();
  });

  test.each([
    'aggregator:totals-committed',
    'aggregator:session-keys-published',
    'aggregator:sessions-published',
  ] as const)('has exactly one snapshot when it moves twice across a crash at %s', async (point) => {
    const world = await World.create(store.analytics);
    const log = (startedAt: number) => world.log.append(callEvent({ tenant: world.tenant, session: 's', startedAt }));
    log(NOW);
    await world.live();
    log(NOW - 1_000);
    expect(await world.liveUntilCrash({ crashPoint: crashAt(point) })).toBe(point);
    log(NOW - 2_000);
    expect(await world.liveUntilCrash({ crashPoint: crashAt(point) })).toBe(point);
    await world.live();
    expect(await snapshotsOf(world, 's')).toEqual([{ created: NOW - 2_000, requests: 3 }]);
    await world.destroy();
  });

  test('is found under none of its old keys when an owner that stalled publishes late', async () => {
    const world = await World.create(store.analytics);
    world.log.append(callEvent({ tenant: world.tenant, session: 's', startedAt: NOW }));
    const stalled = Promise.withResolvers<void>();
    const held = new StallingStore(world, stalled.promise);
    const slow = world.start({ analytics: held });
    await held.isHolding;
    world.log.append(callEvent({ tenant: world.tenant, session: 's', startedAt: NOW - 5_000 }));
    await world.live();
    stalled.resolve();
    await slow.stop();
    expect(await snapshotsOf(world, 's')).toEqual([{ created: NOW - 5_000, requests: 2 }]);
    await world.destroy();
  });
});

describe('an idle session', () => {
  /** Evicts at once whatever is a minute older than the latest event. */
  function evicting() {
    let looks = 0;
    return { config: { evictAfterIdleMs: 60_000 }, now: () => NOW + looks++ * 61_000 };
  }

  async function evictionOf(sessions: number): Promise<{ world: World; calls: Call[] }> {
    const world = await World.create(store.analytics);
    const calls: Call[] = [];
    const log = (call: Call, receivedAt: number) => {
      calls.push(call);
      world.log.append(callEvent(call), 'producer', undefined, receivedAt);
    };
    for (let i = 0; i < sessions; i++) {
      log({ tenant: world.tenant, session: `s${i}`, chosenId: `c${i}`, startedAt: NOW, path: `/${i}` }, NOW);
    }
    log({ tenant: world.tenant, session: 'later', startedAt: NOW + 120_000 }, NOW + 120_000);
    await world.live(evicting());
    return { world, calls };
  }

  test('becomes a stub, counts on when called again, and knows its ids still', async () => {
    const { world, calls } = await evictionOf(3);
    const keys = ['s0', 's1', 's2'].map((sessionId) => ({ tenantId: world.tenant, sessionId }));
    // The owner ended after its batch; what was idle then went with it.
    for (const stub of await world.totals.loadMany(world.partition, keys)) expect(stub).toHaveProperty('evicted', true);
    expect((await world.audit()).differences).toEqual([]);

    const again: Call = { tenant: world.tenant, session: 's1', startedAt: NOW - 9_000 };
    world.log.append(callEvent(again));
    world.log.append(callEvent({ tenant: world.tenant, session: 's1', chosenId: 'c1' }));
    await world.live();
    const [state] = await liveStates(world, ['s1']);
    expect(state).toMatchObject({ requests: 2, createdAt: NOW - 9_000 });
    expect(await snapshotsOf(world, 's1')).toEqual([{ created: NOW - 9_000, requests: 2 }]);
    const expected = bySession([...calls, again]);
    expect((await figuresByPlace(world)).snapshots).toEqual(expected);
    expect((await world.audit()).stored.exceptions).toEqual({ duplicate: 1 });
    await world.destroy();
  });

  test('is made good from its rows when its snapshot is gone, or the partition stops when they are gone as well', async () => {
    const { world, calls } = await evictionOf(2);
    await store.command(`ALTER TABLE sessions DELETE WHERE tenant_id = '${world.tenant}' SETTINGS mutations_sync = 1`);
    const again: Call = { tenant: world.tenant, session: 's0' };
    world.log.append(callEvent(again));
    await world.live();
    const expected = bySession([...calls, again]);
    expect((await figuresByPlace(world)).snapshots.s0).toEqual(expected.s0);

    const tooFar: SessionStub = { evicted: true, tenantId: world.tenant, sessionId: 's1', snapshotVersion: 99n << 20n };
    await expect(hydrateSessions(world.raw, [tooFar])).rejects.toThrow(
      'the snapshot of session "s1" of tenant "tenant-',
    );
    await world.destroy();
  });
});
