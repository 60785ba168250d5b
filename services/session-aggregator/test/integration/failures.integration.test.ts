import { describe, expect, test } from '@jest/globals';
import { AnalyticsError } from '@throughline/analytics/analytics-store';
import { World, withCommit } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace } from '../expectations.ts';

const store = useEmbeddedStore('failures');

async function expectExact(world: World, calls: readonly Call[]): Promise<void> {
  const expected = bySession(calls);
  expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
  expect((await world.audit()).differences).toEqual([]);
}

describe('a store that fails', () => {
  test('for a while makes the partition wait: nothing is lost or doubled, and totals keep their age', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    let isDown = true;
    let refusals = 0;
    world.store.fault = () => {
      if (!isDown) return undefined;
      // Half of the refused calls had an effect all the same: the answer was lost.
      if (++refusals >= 12) isDown = false;
      return new AnalyticsError('unavailable', 'connection refused', { retryable: true });
    };
    world.log.append(callEvent(call));
    await world.live();
    expect(refusals).toBe(12);
    await expectExact(world, [call]);

    const before = (await world.totals.loadPartition(world.partition))!.committedAt;
    const life = world.start();
    await life.caughtUp();
    const down = Promise.withResolvers<void>();
    world.store.fault = ({ insert }) => {
      if (!insert) return undefined;
      if (refusals++ > 16) down.resolve();
      return new AnalyticsError('unavailable', 'disk full', { retryable: true });
    };
    world.log.append(callEvent(call));
    await down.promise;
    // Until its rows are stored nothing is committed: readers see the old totals, and when those were committed.
    const waiting = (await world.totals.loadPartition(world.partition))!;
    expect(waiting.fence.offset).toBe(0);
    expect(waiting.committedAt).toBeGreaterThanOrEqual(before);
    world.store.fault = () => undefined;
    await life.caughtUp();
    expect(await life.stop()).toBeUndefined();
    await expectExact(world, [call, call]);
    await world.destroy();
  });

  test('whose answers get lost stores everything once', async () => {
    const world = await World.create(store.analytics);
    const calls: Call[] = Array.from({ length: 20 }, (_, i) => ({ tenant: world.tenant, session: `s${i % 3}` }));
    for (const call of calls) world.log.append(callEvent(call));
    let inserts = 0;
    let commits = 0;
    const unanswered = () => Object.assign(new Error('connection reset'), { retryable: true });
    const life = world.start({
      config: { batchEventsMax: 7 },
      analytics: {
        insert: async (rows) => {
          await world.store.insert(rows);
          if (inserts++ % 3 === 0) throw unanswered();
        },
        query: (query) => world.store.query(query),
        instanceId: () => world.store.instanceId(),
        close: async () => {},
      },
      totals: withCommit(world.totals, async (commit) => {
        const outcome = await commit();
        if (commits++ % 2 === 0) throw unanswered();
        return outcome;
      }),
    });
    await life.caughtUp();
    expect(await life.stop()).toBeUndefined();
    await expectExact(world, calls);
    await world.destroy();
  });

  test('for good stops the partition where its fence is, with an alarm, and the next start goes on', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    world.log.append(callEvent(call));
    await world.live();
    world.log.append(callEvent(call));
    world.store.fault = ({ insert }) =>
      insert?.table === 'request_bodies' ? new AnalyticsError('rejected', 'no such column') : undefined;
    expect(String(await world.start().ended)).toContain('no such column');
    expect((await world.totals.loadPartition(world.partition))!.fence.offset).toBe(0);
    world.store.fault = () => undefined;
    await world.live();
    await expectExact(world, [call, call]);
    await world.destroy();
  });

  test('while the partition is given up is no alarm: the batch is left to the next owner', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    const tried = Promise.withResolvers<void>();
    world.store.fault = ({ insert }) => {
      if (!insert) return undefined;
      tried.resolve();
      return new AnalyticsError('unavailable', 'down', { retryable: true });
    };
    world.log.append(callEvent(call));
    const life = world.start();
    await tried.promise;
    expect(await life.stop()).toBeUndefined();
    world.store.fault = () => undefined;
    await world.live();
    await expectExact(world, [call]);
    await world.destroy();
  });
});

describe('two owners of one partition', () => {
  test('count nothing twice: the loser’s commit is refused, and the rows are the winner’s', async () => {
    const world = await World.create(store.analytics);
    const calls: Call[] = Array.from({ length: 10 }, (_, i) => ({ tenant: world.tenant, session: `s${i % 2}` }));
    for (const call of calls) world.log.append(callEvent(call));
    const isHeld = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const outcomes: string[] = [];
    const loser = world.start({
      config: { reclaimAfterMs: 3_600_000 },
      analytics: {
        insert: async (rows) => {
          if (rows.table === 'requests') {
            isHeld.resolve();
            await letGo.promise;
          }
          await world.store.insert(rows);
        },
        query: (query) => world.store.query(query),
        instanceId: () => world.store.instanceId(),
        close: async () => {},
      },
      totals: withCommit(world.totals, async (commit) => {
        const outcome = await commit();
        outcomes.push(outcome);
        return outcome;
      }),
    });
    await isHeld.promise;
    await world.live({ config: { batchEventsMax: 3 } });
    const { fence } = (await world.totals.loadPartition(world.partition))!;
    letGo.resolve();
    await until(() => outcomes.includes('refused'));
    // Ownership was taken, the batch refused; nothing else was tried.
    expect(outcomes).toEqual(['committed', 'refused']);
    expect(await loser.stop()).toBeUndefined();
    await expectExact(world, calls);
    const versions = await world.raw.query<{ epoch: string }>({
      sql: `SELECT DISTINCT bitAnd(version, 1048575) AS epoch FROM requests FINAL
WHERE source_partition = {partition:UInt16}`,
      params: { partition: world.partition },
    });
    expect(versions.map(({ epoch }) => Number(epoch))).toEqual([fence.epoch]);
    await world.destroy();
  });

  test('that both go on are exact as well, however often they take it from each other', async () => {
    const world = await World.create(store.analytics);
    const calls: Call[] = [];
    const owners = [world.start({ readMax: 2 }), world.start({ readMax: 3 })];
    for (let i = 0; i < 40; i++) {
      const call: Call = { tenant: world.tenant, session: `s${i % 4}`, startedAt: Date.now() - i * 1_000 };
      calls.push(call);
      world.log.append(callEvent(call));
      if (i % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 15));
    }
    await Promise.any(owners.map((owner) => owner.caughtUp()));
    for (const owner of owners) expect(await owner.stop()).toBeUndefined();
    await world.live();
    await expectExact(world, calls);
    await world.destroy();
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('an owner whose question for the end of the log takes long goes on behind what was applied meanwhile', async () => {
  const world = await World.create(store.analytics);
  const call: Call = { tenant: world.tenant, session: 's' };
  world.log.append(callEvent(call));
  await world.live();
  let asked = 0;
  const life = world.start({
    reader: (revoked) => {
      const reader = world.log.reader(revoked);
      return {
        ...reader,
        bounds: async () => {
          const answer = await reader.bounds();
          if (++asked === 1) {
            world.log.append(callEvent(call));
            await world.live();
          }
          return answer;
        },
      };
    },
  });
  await life.caughtUp();
  expect(await life.stop()).toBeUndefined();
  expect(asked).toBeGreaterThan(1);
  await expectExact(world, [call, call]);
  await world.destroy();
});
