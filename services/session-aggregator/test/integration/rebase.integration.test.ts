import { describe, expect, test } from '@jest/globals';
import { EventLogError, type RebasableLog } from '@throughline/event-log/event-log';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { AGGREGATOR_DEFAULTS, type AggregatorDeps } from '../../src/aggregator-deps.ts';
import type { AggregatorCrashPoint } from '../../src/crash-points.ts';
import { type Rebased, rebaseLog } from '../../src/rebase-log.ts';
import { Crash, crashAt, World, withCommit } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace } from '../expectations.ts';
import { MemoryLog } from '../memory-log.ts';

const store = useEmbeddedStore('rebase');

/** The world's log under an operator's hands; without positions while `isPlaced` is false. */
function rebasable(world: World, { isPlaced = true, beforePlace = () => {} } = {}): RebasableLog {
  return {
    async look() {
      const { logId, low, high } = world.log;
      return new Map([[world.partition, isPlaced ? { logId, low, high } : undefined]]);
    },
    async place(positions) {
      beforePlace();
      isPlaced = true;
      world.log.moveTo(positions.get(world.partition)!, `${world.log.logId}'`);
    },
    async close() {},
  };
}

function rebase(
  world: World,
  log: RebasableLog,
  options: { crashPoint?: (point: AggregatorCrashPoint) => void; totals?: AggregatorDeps['totals'] } = {},
): Promise<readonly Rebased[]> {
  const deps: AggregatorDeps = {
    totals: options.totals ?? world.totals,
    analytics: world.store,
    progress: { totals: () => {}, snapshots: () => {} },
    config: AGGREGATOR_DEFAULTS,
    logger: createLogger('test', { level: 'silent' }),
    metrics: createMetrics(),
    now: Date.now,
    ...(options.crashPoint ? { crashPoint: options.crashPoint } : {}),
  };
  return rebaseLog(deps, log, { settleMs: 0 });
}

/** A world with so many calls applied. */
async function worldWith(count: number): Promise<{ world: World; calls: Call[]; call: () => Call }> {
  const world = await World.create(store.analytics);
  const calls: Call[] = [];
  const call = () => {
    const made: Call = { tenant: world.tenant, session: `s${calls.length % 3}`, promptTokens: calls.length };
    calls.push(made);
    return made;
  };
  for (let i = 0; i < count; i++) world.log.append(callEvent(call()));
  await world.live();
  return { world, calls, call };
}

/** Dies between rows and totals, with the rows of so many calls stored: a busy machine cuts the batch now and then. */
async function crashBehindRows(world: World, calls: number): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    await world.liveUntilCrash({ crashPoint: crashAt('aggregator:before-commit') });
    const { rows } = await figuresByPlace(world);
    if (Object.values(rows).reduce((sum, { requests }) => sum + requests, 0) === calls) return;
  }
  throw new Error('the batch was cut every time');
}

async function whyItStops(world: World): Promise<string> {
  return String(await world.start().ended);
}

/** Everything that was delivered is counted once, in all places, and the audit has nothing to say but what is lost. */
async function expectExact(world: World, calls: readonly Call[], losses: readonly unknown[]): Promise<void> {
  const expected = bySession(calls);
  expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
  const audit = await world.audit();
  expect(audit.differences).toEqual([]);
  expect(audit.losses).toEqual(losses);
}

/** A new log in the place of the old one: it counts from 0 and has no positions yet. */
function replaceLog(world: World): void {
  world.log = new MemoryLog(world.partition, 'second log');
}

describe('a partition that has lost its position', () => {
  test('goes on behind what was deleted, which is named, except what had reached the rows', async () => {
    const { world, calls, call } = await worldWith(5);
    for (let i = 0; i < 4; i++) world.log.append(callEvent(call()));
    await crashBehindRows(world, 9);
    for (let i = 0; i < 3; i++) world.log.append(callEvent({ tenant: world.tenant, session: 'gone' }));
    world.log.expire(12);
    for (let i = 0; i < 2; i++) world.log.append(callEvent(call()));
    expect(await whyItStops(world)).toContain('applied up to offset 4, but the log holds 12 to 13');

    expect(await rebase(world, rebasable(world))).toEqual([
      { partition: world.partition, outcome: 'rebased', from: 5, next: 12 },
    ]);
    await world.live();
    await expectExact(world, calls, [
      'offsets 9 to 11: deleted from the log before they were read',
      'producer producer: numbers 9 to 11 are among the events lost or unreadable',
    ]);
    await world.destroy();
  });

  test('goes on with another log behind everything stored of the one before', async () => {
    const { world, calls, call } = await worldWith(5);
    for (let i = 0; i < 4; i++) world.log.append(callEvent(call()));
    await crashBehindRows(world, 9);
    replaceLog(world);
    // Numbers 9 to 58 were in the old log and are in no store.
    for (let i = 0; i < 3; i++) world.log.append(callEvent(call()), 'producer', 59 + i);
    expect(await whyItStops(world)).toContain('totals belong to log log, but this log is second log');

    expect(await rebase(world, rebasable(world, { isPlaced: false }))).toEqual([
      { partition: world.partition, outcome: 'rebased', from: 5, next: 10 },
    ]);
    world.log.append(callEvent(call()));
    await world.live();
    await expectExact(world, calls, [
      "offsets 9 to 9: log log ended here and log second log' goes on: what was not read of the former is lost",
      'producer producer: numbers 9 to 58 are among the events lost or unreadable',
    ]);
    await world.destroy();
  });

  test('reads a log that became shorter again, and tells what it knows by its numbers', async () => {
    const { world, calls, call } = await worldWith(8);
    const shorter = new MemoryLog(world.partition, 'log');
    for (const made of calls.slice(0, 3)) shorter.append(callEvent(made));
    shorter.append(callEvent(call()), 'other');
    world.log = shorter;
    expect(await whyItStops(world)).toContain('applied up to offset 7, but the log holds 0 to 3');

    expect(await rebase(world, rebasable(world))).toMatchObject([{ outcome: 'rebased', from: 8, next: 9 }]);
    await world.live();
    await expectExact(world, calls, ['offsets 8 to 8: log log became shorter than what was read of it']);
    expect((await world.audit()).stored.exceptions).toEqual({ lost: 1, resent: 3 });
    await world.destroy();
  });

  test('whose totals are gone as well is rebuilt from its rows first', async () => {
    const { world, calls, call } = await worldWith(6);
    await world.loseTotals();
    replaceLog(world);
    for (let i = 0; i < 20; i++) world.log.append(callEvent(call()), 'second producer');
    expect(await rebase(world, rebasable(world, { isPlaced: false }))).toMatchObject([
      { outcome: 'rebased', from: 6, next: 7 },
    ]);
    await world.live();
    await expectExact(world, calls, [expect.stringContaining('offsets 6 to 6: the log before ended here')]);
    await world.destroy();
  });

  test('and that no store knows begins where its log does', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    for (let i = 0; i < 3; i++) world.log.append(callEvent(call));
    world.log.expire(2);
    expect(await whyItStops(world)).toContain('the log begins at offset 2');
    expect(await rebase(world, rebasable(world))).toMatchObject([{ outcome: 'rebased', from: 0, next: 2 }]);
    await world.live();
    await expectExact(
      world,
      [call],
      [
        'offsets 0 to 1: deleted from the log before they were read',
        'producer producer: numbers 0 to 1 are among the events lost or unreadable',
      ],
    );
    await world.destroy();
  });

  test('of a new log that no store knows begins at 0', async () => {
    const world = await World.create(store.analytics);
    const call: Call = { tenant: world.tenant, session: 's' };
    world.log.append(callEvent(call));
    expect(await rebase(world, rebasable(world, { isPlaced: false }))).toMatchObject([{ from: 0, next: 0 }]);
    await world.live();
    await expectExact(world, [call], []);
    await world.destroy();
  });
});

describe('rebasing', () => {
  test('leaves a partition alone whose position is in the log', async () => {
    const { world, call } = await worldWith(3);
    const before = await world.totals.loadPartition(world.partition);
    world.log.append(callEvent(call()));
    expect(await rebase(world, rebasable(world))).toEqual([{ partition: world.partition, outcome: 'goes-on' }]);
    expect(await world.totals.loadPartition(world.partition)).toEqual(before);
    // Totals lost, rows there: whoever owns it next rebuilds it.
    await world.loseTotals();
    expect(await rebase(world, rebasable(world))).toMatchObject([{ outcome: 'goes-on' }]);
    await world.destroy();
  });

  test('leaves a partition alone whose owner goes on while the log is looked at', async () => {
    const { world, call } = await worldWith(3);
    const log = rebasable(world);
    const busy: RebasableLog = {
      ...log,
      look: async () => {
        const answer = await log.look();
        world.log.append(callEvent(call()));
        await world.live();
        return answer;
      },
    };
    expect(await rebase(world, busy)).toEqual([{ partition: world.partition, outcome: 'goes-on' }]);
    await world.destroy();
  });

  test('gives way to whoever commits at the same moment', async () => {
    for (const isPlaced of [true, false]) {
      const { world, calls } = await worldWith(3);
      world.log.append(callEvent({ tenant: world.tenant }));
      world.log.expire(4);
      const totals = withCommit(world.totals, async (commit) => {
        const state = (await world.totals.loadPartition(world.partition))!;
        const fence = { ...state.fence, epoch: state.fence.epoch + 1 };
        await world.totals.commit(world.partition, state.fence, { ...state, fence }, []);
        return await commit();
      });
      const log = rebasable(world, { isPlaced });
      expect(await rebase(world, log, { totals })).toEqual([{ partition: world.partition, outcome: 'busy' }]);
      expect(await rebase(world, log)).toMatchObject([{ outcome: 'rebased', from: 3 }]);
      await world.live();
      expect((await world.audit()).differences).toEqual([]);
      expect((await figuresByPlace(world)).totals).toEqual(bySession(calls));
      await world.destroy();
    }
  });

  const interruptions: readonly [point: AggregatorCrashPoint, withTotals: boolean][] = [
    ['aggregator:ownership-taken', false],
    ['aggregator:unpublished-published', true],
    ['aggregator:exceptions-inserted', true],
    ['aggregator:exceptions-inserted', false],
    ['aggregator:before-commit', true],
    ['aggregator:totals-committed', true],
    ['aggregator:totals-committed', false],
    ['aggregator:snapshots-published', true],
  ];

  test.each(interruptions)(
    'ends the same when it died at %s and is run again (totals there before: %s)',
    async (point, withTotals) => {
      const { world, calls, call } = await worldWith(5);
      for (let i = 0; i < 2; i++) world.log.append(callEvent(call()));
      await crashBehindRows(world, 7);
      if (!withTotals) await world.loseTotals();
      replaceLog(world);
      for (let i = 0; i < 3; i++) world.log.append(callEvent(call()), 'second producer');
      const log = rebasable(world, { isPlaced: false });
      await rebase(world, log, { crashPoint: crashAt(point) }).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      });
      await world.store.settled();
      await rebase(world, log);
      await world.live();
      const expected = bySession(calls);
      expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
      const { differences, losses } = await world.audit();
      expect(differences).toEqual([]);
      expect(losses.length).toBeGreaterThan(0);
      await world.destroy();
    },
  );

  test('changes nothing for good when the log cannot be placed', async () => {
    const { world, calls, call } = await worldWith(3);
    replaceLog(world);
    world.log.append(callEvent(call()), 'second producer');
    const unavailable = new EventLogError('failed', 'no broker answers', { retryable: true });
    const log = rebasable(world, {
      isPlaced: false,
      beforePlace: () => {
        throw unavailable;
      },
    });
    await expect(rebase(world, log)).rejects.toBe(unavailable);
    await rebase(world, rebasable(world, { isPlaced: false }));
    await world.live();
    expect((await figuresByPlace(world)).totals).toEqual(bySession(calls));
    expect((await world.audit()).differences).toEqual([]);
    await world.destroy();
  });
});
