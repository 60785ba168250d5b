import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { ApiRequest } from '@throughline/testkit/api-client';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { waitFor } from '@throughline/testkit/wait-for';
import { metricLines } from './support/distributed-world.ts';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { nextVersion } from './support/next-version.ts';
import { useWorld } from './support/use-world.ts';

const world = useWorld();

describe('two versions side by side', () => {
  test(
    'a newer event makes its partition wait until the aggregators are upgraded, and nothing becomes a dead letter',
    async () => {
      const { addGateway, gateways, aggregators, env, load, exact, api, ledger } = await world('a newer event', {
        partitions: 2,
      });
      const next = nextVersion({ eventVersion: 3 });
      const loads = [load({ gateway: gateways[0]! }), load({ gateway: await addGateway(undefined, next) })];
      try {
        await waitFor(
          async () => {
            const lines = (
              await Promise.all(aggregators.map((one) => metricLines(one, 'throughline_aggregator_partition_paused{')))
            ).flat();
            const paused = lines.filter((line) => line.endsWith(' 1'));
            if (paused.length === 2) return true;
            throw new Error(lines.join('\n'));
          },
          { what: 'both partitions to wait', timeoutMs: 30_000 },
        );
        expect(aggregators.map(({ stderr, stdout }) => stdout + stderr).join()).toContain('newer version');
        const visible = (await api.requests()).length;
        await sleep(500);
        expect((await api.requests()).length).toBe(visible);
        expect(visible).toBeLessThan(ledger.calls.filter(({ received }) => received === 'full').length);
        // One after the other: while the versions differ, the new one goes on with what it gets, the old one waits.
        for (const aggregator of aggregators) {
          await aggregator.kill('SIGTERM');
          await aggregator.start(next);
          await sleep(500);
        }
      } finally {
        await Promise.all(loads.map((one) => one.stop()));
      }
      expect((await exact()).fullyReceived).toBeGreaterThan(20);
      expect(JSON.parse((await runThroughline(['dead-letters', 'list', '--json'], env)).stdout)).toEqual([]);
    },
    WORLD_MS_MAX,
  );

  test(
    'other prices in the middle of a batch leave rows and totals equal',
    async () => {
      const { aggregators, addAggregator, load, exact, api } = await world('other prices', { aggregators: 1 });
      const next = nextVersion({ prices: 'next' });
      const aggregator = aggregators[0]!;
      const running = load();
      try {
        await aggregator.kill('SIGTERM');
        let isNext = false;
        for (const point of ['requests-inserted', 'totals-committed']) {
          // Each version leaves something half done to the other one.
          for (let versions = 0; versions < 2; versions++) {
            const dies = { ...(isNext && next), THROUGHLINE_CRASH_AT: `aggregator:${point}` };
            await aggregator.start(dies).catch((error: unknown) => {
              if (aggregator.pid !== undefined) throw error;
            });
            expect([point, (await aggregator.exited()).signal]).toEqual([point, 'SIGKILL']);
            isNext = !isNext;
          }
        }
        await Promise.all([aggregator.start(), addAggregator(next)]);
        await sleep(1_000);
      } finally {
        await running.stop();
      }
      const isPricedByNext = ({ price_version }: ApiRequest) => price_version?.startsWith('next:') === true;
      const report = await exact({ costFactor: (row) => (isPricedByNext(row) ? 3n : 1n) });
      expect(report.fullyReceived).toBeGreaterThan(20);
      expect(new Set((await api.requests()).map(isPricedByNext))).toEqual(new Set([false, true]));
    },
    WORLD_MS_MAX,
  );
});
