import { Agent } from 'node:http';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { startServers } from '../contestants/servers.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { openWorld } from '../contestants/world.ts';
import { quantile } from '../measure/statistics.ts';
import type { Scenario } from '../scenario.ts';
import { FRESHNESS_COLUMNS, freshnessNote, freshnessRows, measureFreshness } from './measure-freshness.ts';

const CALLS_PER_SECOND = 300;
/** Kafka compiles for a minute at this load, and takes a third of a core for it. */
const WARM_UP_SECONDS = 60;
/** Asked for as often as in one process, the answers alone took a core, and the figures were of that. */
const LOOKS = { lookEveryMs: 40, listEveryMs: 250 };
const SECONDS_MIN = 20;

export const distributedFreshness: Scenario = {
  name: 'distributed-freshness',
  about: `${CALLS_PER_SECOND} calls per second over servers, all of them on this machine: from the end of a response until the session, and the list, show it`,
  async run(bench) {
    await using servers = await startServers();
    await using stack = new AsyncDisposableStack();
    await using data = await createTempDir('bench-gateway');
    const upstream = stack.adopt(await startUpstream(bench), (one) => one.stop());
    const env = { PROVIDER_OPENAI_URL: upstream.origin, THROUGHLINE_DATA_DIR: data.path };
    await using world = await openWorld(bench, servers, { env });
    const [gateway, query] = await Promise.all([
      world.start('gateway', { profile: 'freshness-gateway' }),
      world.start('query'),
      world.start('aggregator', { profile: 'freshness-aggregator' }),
    ]);
    // Connections that were opened in a stall and never used are closed by a server after half a minute: none is kept from
    // warming up.
    const newAgent = () => stack.adopt(new Agent({ keepAlive: true }), (one) => one.destroy());
    const target = { gatewayUrl: gateway.url, queryUrl: query.url, key: world.key };
    const load = { callsPerSecond: CALLS_PER_SECOND, ...LOOKS };
    bench.progress('warming up');
    await measureFreshness(target, newAgent(), { ...load, prefix: 'warm', seconds: WARM_UP_SECONDS });
    const seconds = Math.max(SECONDS_MIN, bench.rounds * bench.seconds);
    const measured = await measureFreshness(target, newAgent(), { ...load, prefix: 'fresh', seconds });
    const { single, list } = measured;
    return {
      columns: FRESHNESS_COLUMNS,
      rows: freshnessRows(measured),
      figures: [
        {
          name: 'over servers: response end → one session shows it, p99',
          value: quantile(single, 0.99),
          unit: 'ms',
          atMost: 1_000,
        },
        { name: 'over servers: response end → one session shows it, p50', value: quantile(single, 0.5), unit: 'ms' },
        { name: 'over servers: response end → the list shows it, p99', value: quantile(list, 0.99), unit: 'ms' },
      ],
      notes: [
        freshnessNote(measured, LOOKS),
        `gateway, aggregator and query one each, ${world.partitions} partitions; Kafka, Redis, ClickHouse, upstream and load generator on the same cores`,
      ],
      samples: { single, list },
    };
  },
};
