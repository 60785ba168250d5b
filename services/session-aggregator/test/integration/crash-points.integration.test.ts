import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  AGGREGATOR_CRASH_POINTS,
  AGGREGATOR_DELETION_CRASH_POINTS,
  AGGREGATOR_UPKEEP_CRASH_POINTS,
  type AggregatorCrashPoint,
} from '../../src/crash-points.ts';
import { crashAt, World, withCommit } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';
import { bySession, figuresByPlace } from '../expectations.ts';

const store = useEmbeddedStore('crash-points');

/** Recent: what is older than 400 days is ordered as if it were not. */
const START = Date.now() - 3_600_000;

/** Two batches: the second makes one session older, repeats an id, and holds what becomes no row. */
function twoBatches(world: World): { calls: Call[]; log(batch: 0 | 1): void } {
  const { tenant } = world;
  const first: Call[] = [
    { tenant, session: 'moves', startedAt: START + 5_000 },
    { tenant, session: 'stays', startedAt: START, chosenId: 'one' },
    { tenant, startedAt: START },
  ];
  const second: Call[] = [
    { tenant, session: 'moves', startedAt: START, latencyMs: 60_000 },
    { tenant, session: 'stays', startedAt: START + 1, chosenId: 'two' },
    { tenant, session: 'new', startedAt: START, status: 500 },
  ];
  return {
    calls: [...first, ...second],
    log(batch) {
      for (const call of batch === 0 ? first : second) world.log.append(callEvent(call));
      if (batch === 0) return;
      world.log.append(callEvent({ ...second[1]!, latencyMs: 7 }));
      world.log.appendBytes(Buffer.from('garbage'));
      world.log.append(callEvent(first[0]!), 'producer', 0);
    },
  };
}

async function expectExact(world: World, calls: readonly Call[]): Promise<void> {
  const expected = bySession(calls);
  expect(await figuresByPlace(world)).toEqual({ rows: expected, totals: expected, snapshots: expected });
  const audit = await world.audit();
  expect(audit.differences).toEqual([]);
  expect(audit.totalled).toBe(calls.length);
}

describe('an aggregator that dies', () => {
  for (const point of AGGREGATOR_CRASH_POINTS) {
    for (const batch of [0, 1] as const) {
      test(`at ${point} in ${batch === 0 ? 'its first batch' : 'a later one'} is exact after the next start`, async () => {
        const world = await World.create(store.analytics);
        const { calls, log } = twoBatches(world);
        log(0);
        if (batch === 1) {
          await world.live();
          log(1);
        }
        expect(await world.liveUntilCrash({ crashPoint: crashAt(point) })).toBe(point);
        if (batch === 0) log(1);
        await world.live();
        await expectExact(world, calls);
        await world.destroy();
      });
    }
  }

  test('at each point in turn, again and again, is exact in the end', async () => {
    const world = await World.create(store.analytics);
    const { calls, log } = twoBatches(world);
    log(0);
    for (const point of AGGREGATOR_CRASH_POINTS) await world.liveUntilCrash({ crashPoint: crashAt(point) });
    log(1);
    for (const point of AGGREGATOR_CRASH_POINTS) await world.liveUntilCrash({ crashPoint: crashAt(point) });
    await world.live();
    await expectExact(world, calls);
    await world.destroy();
  });

  test.each(AGGREGATOR_UPKEEP_CRASH_POINTS)('at %s is exact after the next start', async (point) => {
    const world = await World.create(store.analytics);
    const { calls, log } = twoBatches(world);
    log(0);
    await world.live();
    log(1);
    if (point === 'aggregator:sessions-evicted') {
      const now = () => START + 10 * 86_400_000;
      let looks = 0;
      // The clock moves on by an hour at each look, so that eviction is due after the first batch.
      const options = { config: { evictAfterIdleMs: -86_400_000 }, now: () => now() + looks++ * 3_600_000 };
      expect(await world.liveUntilCrash({ ...options, crashPoint: crashAt(point) })).toBe(point);
      await world.liveUntilCrash({});
      // Evicted sessions are live again once something is logged of them.
      const more: Call[] = ['moves', 'stays', 'new'].map((session) => ({
        tenant: world.tenant,
        session,
        startedAt: START + 9,
      }));
      for (const call of more) world.log.append(callEvent(call));
      calls.push(...more);
    } else {
      expect(await world.liveUntilCrash({ crashPoint: crashAt('aggregator:totals-committed') })).toBe(
        'aggregator:totals-committed',
      );
      if (point.startsWith('aggregator:rebuilt')) await world.loseTotals();
      expect(await world.liveUntilCrash({ crashPoint: crashAt(point) })).toBe(point);
    }
    await world.live();
    await expectExact(world, calls);
    await world.destroy();
  });

  test('does so at points that are all named in one list, and all reached by the tests above or those of deletion', () => {
    const named: readonly string[] = [
      ...AGGREGATOR_CRASH_POINTS,
      ...AGGREGATOR_DELETION_CRASH_POINTS,
      ...AGGREGATOR_UPKEEP_CRASH_POINTS,
    ];
    const src = join(import.meta.dirname, '../../src');
    const called = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('crash-points.ts'))
      .flatMap((file) => [...readFileSync(join(src, file), 'utf8').matchAll(/crashPoint\??\.?\(\s*'([^']*)'/g)])
      .map((match) => match[1]!);
    expect([...new Set(called)].sort()).toEqual([...named].sort());
  });

  test('writes to a store only at steps that have a name before and after them', async () => {
    const world = await World.create(store.analytics);
    const { log } = twoBatches(world);
    log(0);
    await world.live();
    log(1);
    const steps: string[] = [];
    world.store.fault = ({ insert }) => {
      if (insert) steps.push(`insert ${insert.table}`);
      return undefined;
    };
    const life = world.start({
      crashPoint: (name: AggregatorCrashPoint) => steps.push(name.replace('aggregator:', '')),
      totals: withCommit(world.totals, (commit) => {
        steps.push('commit');
        return commit();
      }),
    });
    await life.caughtUp();
    await life.stop();
    // A write that is added here needs a crash point of its own.
    expect(steps.slice(steps.indexOf('batch-read'))).toEqual([
      'batch-read',
      'decided',
      'insert ledger_exceptions',
      'insert dead_letters',
      'exceptions-inserted',
      'annotations-inserted',
      'insert request_bodies',
      'bodies-inserted',
      'insert requests',
      'requests-inserted',
      'before-commit',
      'commit',
      'totals-committed',
      'insert session_keys',
      'session-keys-published',
      'insert sessions',
      'sessions-published',
      'snapshots-published',
    ]);
    await world.destroy();
  });
});
