import { randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { openRedisSessionTotals } from '@throughline/session-totals/redis/redis-session-totals';
import type { SessionTotals } from '@throughline/session-totals/session-totals';
import { waitFor } from '@throughline/testkit/wait-for';
import { World, withCommit } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace } from '../expectations.ts';

const store = useEmbeddedStore('aggregator-redis');
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ config: { appendfsync: 'always' } });
});
afterAll(() => redis?.remove());

/** A partition whose totals lie in the real Redis. */
async function worldInRedis(): Promise<World> {
  const world = await World.create(store.analytics);
  await world.totals.close();
  world.totals = await openRedisSessionTotals({
    url: redis.url,
    partitions: world.partition + 1,
    namespace: randomUUID(),
    onWarning: () => {},
  });
  return world;
}

function append(world: World, calls: Call[], count: number): void {
  for (let i = 0; i < count; i++) {
    const call: Call = { tenant: world.tenant, session: `s${i % 3}`, startedAt: Date.now() - i * 1_000 };
    calls.push(call);
    world.log.append(callEvent(call));
  }
}

/** To the copy of its folder beside it. */
async function setBack(server: RedisServer): Promise<void> {
  await server.kill();
  rmSync(server.dir, { recursive: true });
  cpSync(`${server.dir}-copy`, server.dir, { recursive: true });
  rmSync(`${server.dir}-copy`, { recursive: true });
  await server.restart();
}

async function expectExact(world: World, calls: readonly Call[]): Promise<void> {
  const expected = bySession(calls);
  expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
  expect((await world.audit()).differences).toEqual([]);
}

async function fenceOf(world: World) {
  const state = await waitFor(() => world.totals.loadPartition(world.partition), { what: 'Redis to answer again' });
  return state!.fence;
}

describeWithServers(['redis'], 'a Redis that was set back to an older copy', () => {
  test('is noticed although nobody calls, and what it lacks is applied again', async () => {
    const world = await worldInRedis();
    const calls: Call[] = [];
    append(world, calls, 10);
    const owner = world.start({ config: { idleCheckMs: 50 } });
    await owner.caughtUp();
    await redis.kill();
    cpSync(redis.dir, `${redis.dir}-copy`, { recursive: true });
    await redis.restart();
    const offsetIs = (offset: number) =>
      waitFor(async () => (await world.totals.loadPartition(world.partition))?.fence.offset === offset, {
        what: `totals up to offset ${offset}`,
        timeoutMs: 30_000,
      });
    append(world, calls, 5);
    await offsetIs(14);
    await setBack(redis);
    await offsetIs(14);
    await redis.cli('FLUSHALL');
    await offsetIs(14);
    expect(await owner.stop()).toBeUndefined();
    await expectExact(world, calls);
  });

  test('is gone on from under an epoch above every one in rows, so that no version is written twice', async () => {
    const world = await worldInRedis();
    const calls: Call[] = [];
    append(world, calls, 10);
    await world.live();
    const copied = await fenceOf(world);
    await redis.kill();
    cpSync(redis.dir, `${redis.dir}-copy`, { recursive: true });
    await redis.restart();
    await fenceOf(world);

    // Three owners more, which the copy knows nothing of.
    for (let owner = 0; owner < 3; owner++) {
      append(world, calls, 5);
      await world.live();
    }
    const latest = await fenceOf(world);
    expect(latest.epoch).toBe(copied.epoch + 3);
    const before = await versions(world);
    await setBack(redis);
    expect(await fenceOf(world)).toEqual(copied);

    append(world, calls, 5);
    await world.live();
    const after = await fenceOf(world);
    expect(after).toMatchObject({ epoch: latest.epoch + 1, offset: 29 });
    await expectExact(world, calls);
    const won = await versions(world);
    // What the older copy did not know was applied again, and each row of that is a version of its own.
    expect(won.filter(({ offset }) => offset > copied.offset).map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: 20 }, () => after.epoch),
    );
    expect(before.filter(({ epoch }) => epoch >= after.epoch)).toEqual([]);
    // The usual case: one epoch more.
    await world.live();
    expect((await fenceOf(world)).epoch).toBe(after.epoch + 1);
    await world.destroy();
  });

  test('and has forgotten that a session was published shows it once, under the key it has now', async () => {
    const world = await worldInRedis();
    const calls: Call[] = [];
    append(world, calls, 3);
    await world.live();
    await redis.kill();
    cpSync(redis.dir, `${redis.dir}-copy`, { recursive: true });
    await redis.restart();
    await fenceOf(world);
    const call = (startedAt: number) => {
      const one: Call = { tenant: world.tenant, session: 'late', startedAt };
      calls.push(one);
      world.log.append(callEvent(one));
    };
    call(Date.now() - 10_000);
    await world.live();
    await setBack(redis);
    await fenceOf(world);
    // Applied in one batch with the first, it moves the session before it is published for the first time, as far as is known.
    call(Date.now() - 20_000);
    await world.live();
    await expectExact(world, calls);
    await world.destroy();
  });
});

describeWithServers(['redis'], 'a Redis that is emptied', () => {
  // A page of rows, its end, the claim of whoever takes over, and the first batches.
  test.each([1, 2, 3, 4, 5])('after commit %i of the one that makes the totals anew loses no request', async (nth) => {
    const world = await worldInRedis();
    const calls: Call[] = [];
    append(world, calls, 10);
    await world.live();
    await redis.cli('FLUSHALL');
    let commits = 0;
    const totals = withCommit(world.totals, async (commit) => {
      const outcome = await commit();
      if (++commits === nth) await redis.cli('FLUSHALL');
      return outcome;
    });
    const owner = world.start({ totals, config: { idleCheckMs: 50, batchEventsMax: 2 } });
    append(world, calls, 8);
    await waitFor(
      async () => commits > nth && (await world.totals.loadPartition(world.partition))?.fence.offset === 17,
      {
        what: 'totals of everything',
        timeoutMs: 30_000,
      },
    );
    expect(await owner.stop()).toBeUndefined();
    await expectExact(world, calls);
    await world.destroy();
  });
});

describeWithServers(['redis'], 'a Redis that was empty and has everything again', () => {
  test.each([1, 2, 3])('when sessions were looked up for the %i. time lets none begin anew', async (nth) => {
    const world = await worldInRedis();
    const calls: Call[] = [];
    append(world, calls, 10);
    await world.live();
    let lookups = 0;
    const totals: SessionTotals = {
      ...withCommit(world.totals, (commit) => commit()),
      loadMany: async (...given) => {
        if (++lookups !== nth) return await world.totals.loadMany(...given);
        // Another database of the server is empty.
        await redis.cli('SWAPDB', '0', '1');
        return await world.totals.loadMany(...given).finally(() => redis.cli('SWAPDB', '0', '1'));
      },
    };
    const owner = world.start({ totals, config: { batchEventsMax: 2 } });
    append(world, calls, 8);
    await owner.caughtUp();
    expect(lookups).toBeGreaterThan(nth);
    expect(await owner.stop()).toBeUndefined();
    await expectExact(world, calls);
    await world.destroy();
  });
});

describeWithServers(['redis'], 'a Redis whose memory is full', () => {
  const HOUR_MS = 3_600_000;
  const wide = Array.from({ length: 20 }, (_, i) => [`property-${i}`, 'x'.repeat(100)] as const);

  /** Sessions of some kilobytes each, called so long ago. */
  function log(world: World, calls: Call[], prefix: string, agoMs: number, count = 300): void {
    for (let i = 0; i < count; i++) {
      const startedAt = Date.now() - agoMs;
      const call: Call = { tenant: world.tenant, session: `${prefix}${i}`, startedAt, properties: wide };
      calls.push(call);
      world.log.append(callEvent(call), 'producer', undefined, startedAt);
    }
  }

  /** Less than what is used by so much. */
  async function fill(bytes: number): Promise<void> {
    const used = Number(/used_memory:(\d+)/.exec(await redis.cli('INFO', 'memory'))![1]);
    await redis.cli('CONFIG', 'SET', 'maxmemory', String(used - bytes));
  }

  const setEmpty = () => redis.cli('CONFIG', 'SET', 'maxmemory', '0');
  afterEach(setEmpty);

  test.each([
    ['longer than the hour after which they go anyway', 2 * HOUR_MS],
    ['for some minutes', 10 * 60_000],
  ])('makes room by evicting sessions that were idle %s, which count on when called again', async (_label, idleMs) => {
    const world = await worldInRedis();
    const calls: Call[] = [];
    log(world, calls, 'idle-', idleMs);
    await world.live();
    await fill(100_000);
    log(world, calls, 'new-', 0, 50);
    log(world, calls, 'idle-', 0, 5);
    await world.live();
    const { live, stubs } = await held(world, calls);
    expect(stubs).toBeGreaterThan(0);
    // What was called last stays.
    expect(live).toEqual(expect.arrayContaining(['new-0', 'new-49', 'idle-0', 'idle-4']));
    await setEmpty();
    log(world, calls, 'idle-', 0);
    await world.live();
    await expectExact(world, calls);
    await world.destroy();
  });

  test('and has no idle session makes the partition wait, says so, and loses nothing', async () => {
    const world = await worldInRedis();
    const calls: Call[] = [];
    log(world, calls, 'busy-', 0);
    await world.live();
    await fill(100_000);
    log(world, calls, 'more-', 0, 50);
    const life = world.start();
    const gauge = async () => {
      const text = await life.metrics.registry.metrics();
      return /aggregator_totals_full\{partition="\d+"\} (\d)/.exec(text)?.[1];
    };
    await waitFor(async () => (await gauge()) === '1', { what: 'the metric' });
    expect((await held(world, calls)).stubs).toBe(0);
    await setEmpty();
    await life.caughtUp();
    expect(await gauge()).toBe('0');
    expect(await life.stop()).toBeUndefined();
    await expectExact(world, calls);
    await world.destroy();
  });
});

/** Which sessions are in Redis, and how many of them are stubs. */
async function held(world: World, calls: readonly Call[]): Promise<{ live: string[]; stubs: number }> {
  const keys = [...new Set(calls.map(({ session }) => session!))].map((sessionId) => {
    return { tenantId: world.tenant, sessionId };
  });
  const all = (await world.totals.loadMany(world.partition, keys)).filter((one) => one !== undefined);
  const live = all.filter((one) => !('evicted' in one));
  return { live: live.map(({ sessionId }) => sessionId), stubs: all.length - live.length };
}

/** Of the rows that win, ascending by offset. */
async function versions(world: World): Promise<{ offset: number; epoch: number }[]> {
  const rows = await world.raw.query<{ offset: string; epoch: string }>({
    sql: `SELECT source_offset AS offset, bitAnd(version, 1048575) AS epoch FROM requests FINAL
WHERE source_partition = {partition:UInt16} ORDER BY source_offset`,
    params: { partition: world.partition },
  });
  return rows.map(({ offset, epoch }) => ({ offset: Number(offset), epoch: Number(epoch) }));
}
