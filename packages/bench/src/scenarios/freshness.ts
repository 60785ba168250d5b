import { Agent } from 'node:http';
import { startProduct } from '../contestants/product.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { quantile } from '../measure/statistics.ts';
import type { Scenario } from '../scenario.ts';
import { FRESHNESS_COLUMNS, freshnessNote, freshnessRows, measureFreshness } from './measure-freshness.ts';

const CALLS_PER_SECOND = 500;
const WARM_UP_SECONDS = 3;

export const freshness: Scenario = {
  name: 'freshness',
  about: `${CALLS_PER_SECOND} calls per second: from the end of a response until the session, and the list, show it`,
  async run(bench) {
    const upstream = await startUpstream(bench);
    const product = await startProduct(bench, upstream.origin);
    const agent = new Agent({ keepAlive: true });
    const target = { gatewayUrl: product.url, queryUrl: product.url, key: product.key };
    const load = { callsPerSecond: CALLS_PER_SECOND };
    try {
      bench.progress('warming up');
      await measureFreshness(target, agent, { ...load, prefix: 'warm', seconds: WARM_UP_SECONDS });
      const seconds = bench.rounds * bench.seconds;
      const measured = await measureFreshness(target, agent, { ...load, prefix: 'fresh', seconds });
      const { single, list } = measured;
      return {
        columns: FRESHNESS_COLUMNS,
        rows: freshnessRows(measured),
        figures: [
          { name: 'response end → one session shows it, p99', value: quantile(single, 0.99), unit: 'ms', atMost: 250 },
          { name: 'response end → the list shows it, p99', value: quantile(list, 0.99), unit: 'ms', atMost: 500 },
        ],
        notes: [freshnessNote(measured)],
        samples: { single, list },
      };
    } finally {
      agent.destroy();
      await product.stop();
      await upstream.stop();
    }
  },
};
