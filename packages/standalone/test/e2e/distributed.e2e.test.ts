import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { seedFromEnv } from '@throughline/testkit/seed';
import { startWorld, type World } from './support/distributed-world.ts';

/** Servers and services up, a load, what is read back, on a busy machine. */
const TEST_MS_MAX = 240_000;

let world: World | undefined;
afterEach(async () => {
  await world?.[Symbol.asyncDispose]();
  world = undefined;
}, 60_000);

describe('gateway, aggregators and query over Kafka, Redis and ClickHouse', () => {
  test(
    'store every call once, and aggregators come and go without a total going back',
    async () => {
      const seed = seedFromEnv('aggregators come and go');
      world = await startWorld({ seed, aggregators: 1 });
      const load = world.load();
      const watch = watchTotals(world);
      try {
        await sleep(2_000);
        await world.addAggregator();
        await world.addAggregator();
        await sleep(3_000);
        await world.aggregators[0]!.stop();
        await sleep(3_000);
        await world.aggregators[0]!.start();
        await world.addAggregator();
        await sleep(3_000);
      } finally {
        await Promise.all([load.stop(), watch.stop()]);
      }
      const report = await world.exact();
      expect(report.fullyReceived).toBeGreaterThan(20);
      expect(watch.wentBack).toEqual([]);
      expect(watch.looks).toBeGreaterThan(5);
    },
    TEST_MS_MAX,
  );
});

/** Reads the totals of some sessions all the time: they may only grow. */
function watchTotals({ api, ledger }: World): {
  stop(): Promise<void>;
  readonly wentBack: string[];
  readonly looks: number;
} {
  const seen = new Map<string, number>();
  const wentBack: string[] = [];
  let looks = 0;
  let isStopped = false;
  const run = async () => {
    while (!isStopped) {
      const ids = new Set(ledger.calls.slice(-30).map(({ sessionId }) => sessionId));
      for (const id of ids) {
        const session = id === null ? undefined : await api.session(id).catch(() => undefined);
        if (!session) continue;
        looks++;
        const before = seen.get(id!) ?? 0;
        if (session.total_requests < before) wentBack.push(`${id}: ${before} → ${session.total_requests}`);
        seen.set(id!, Math.max(before, session.total_requests));
      }
      await sleep(50);
    }
  };
  const done = run();
  return {
    async stop() {
      isStopped = true;
      await done;
    },
    wentBack,
    get looks() {
      return looks;
    },
  };
}
