import { waitFor } from '@throughline/testkit/wait-for';
import { startServers } from '../contestants/servers.ts';
import { storeRows } from '../contestants/stored-rows.ts';
import { openWorld, untilApplied, type World } from '../contestants/world.ts';
import { watchCpu } from '../measure/cpu-watch.ts';
import { number, ratio } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';
import { COST_PICO_PER_CALL } from '../traffic/chat-calls.ts';

/** Of the first size so many times. */
const FIRST = 100_000;
const SIZES = [1, 3, 10].map((times) => times * FIRST);
const PARTITIONS = 4;
const CALLS_PER_SESSION = 12;
const REBUILD_MS_MAX = 900_000;
/** Time per request of the largest against that of the smallest: linear, give or take. */
const LINEAR_MAX = 1.25;

interface Sample {
  readonly requests: number;
  readonly seconds: number;
  readonly aggregatorUs: number;
  readonly clickhouseUs: number;
  readonly redisUs: number;
}

export const rebuild: Scenario = {
  name: 'rebuild',
  about: `one aggregator finds Redis empty and makes the totals of ${SIZES.map((size) => size.toLocaleString('en-US')).join(', ')} requests anew from ClickHouse`,
  async run(bench) {
    await using servers = await startServers();
    await using world = await openWorld(bench, servers, { partitions: PARTITIONS });
    const rows = await storeRows({
      clickhouseUrl: world.clickhouseUrl,
      brokers: servers.kafka.brokers,
      topic: world.topic,
      partitions: PARTITIONS,
      callsPerSession: CALLS_PER_SESSION,
      requests: FIRST,
    });
    const samples: Sample[] = [];
    try {
      for (const requests of SIZES) {
        bench.progress(`storing ${requests} requests`);
        await rows.growTo(requests / FIRST);
        await servers.redis.cli('FLUSHALL');
        const aggregator = await world.start('aggregator', { profile: `rebuild-${requests}` });
        const used = watchCpu({
          aggregator: [aggregator.pid!],
          clickhouse: [servers.clickhouse.pid!],
          redis: [servers.redis.pid!],
        });
        await untilApplied(world, REBUILD_MS_MAX);
        const endedAt = Date.now();
        const cpu = used();
        await checkTotals(world, requests);
        samples.push({
          requests,
          seconds: (endedAt - (await beginOf(aggregator))) / 1_000,
          aggregatorUs: cpu.aggregator.processUs / requests,
          clickhouseUs: cpu.clickhouse.processUs / requests,
          redisUs: cpu.redis.processUs / requests,
        });
        await aggregator.stop();
      }
    } finally {
      await rows.close();
    }
    const perRequest = ({ seconds, requests }: Sample) => (seconds / requests) * 1e6;
    const largest = samples.at(-1)!;
    return {
      columns: ['requests', 's', 'µs per request', 'against the smallest', 'CPU µs: aggregator', 'ClickHouse', 'Redis'],
      rows: samples.map((sample) => [
        number(sample.requests),
        number(sample.seconds),
        number(perRequest(sample)),
        ratio(perRequest(sample) / perRequest(samples[0]!)),
        number(sample.aggregatorUs),
        number(sample.clickhouseUs),
        number(sample.redisUs),
      ]),
      figures: [
        {
          name: `rebuild of Redis from ClickHouse, ${number(largest.requests)} requests, one aggregator`,
          value: largest.seconds,
          unit: 's',
        },
        {
          name: `rebuild: time per request of ${number(largest.requests)} against that of ${number(samples[0]!.requests)} requests`,
          value: perRequest(largest) / perRequest(samples[0]!),
          unit: 'x',
          atMost: LINEAR_MAX,
        },
      ],
      notes: [
        `${PARTITIONS} partitions, sessions of ${CALLS_PER_SESSION} calls; from the first partition that begins until the totals of the last one are whole, snapshots of all sessions published anew included; totals checked by count and cost`,
        'rows are stored directly, without bodies, which a rebuild does not read; each rebuild in a new process',
      ],
      samples,
    };
  },
};

/** When it began with the first partition, epoch ms, from its own log. */
async function beginOf(aggregator: { readonly stdout: string }): Promise<number> {
  return waitFor(
    () => {
      const lines = aggregator.stdout.split('\n').filter((line) => line.includes('are rebuilt from its rows'));
      return lines.length === PARTITIONS && Math.min(...lines.map((line) => timeOf(line)));
    },
    { what: 'its sentences about the rebuild' },
  );
}

function timeOf(line: string): number {
  const { time } = JSON.parse(line) as { time: number | string };
  return typeof time === 'number' ? time : Date.parse(time);
}

/** @throws when the totals are not those of so many requests, or of what these cost. */
async function checkTotals(world: World, requests: number): Promise<void> {
  const states = await Promise.all(Array.from({ length: PARTITIONS }, (_, i) => world.totals.loadPartition(i)));
  const tenants = states.flatMap((state) => [...state!.tenants.values()]);
  const found = tenants.reduce((sum, tenant) => sum + tenant.requests, 0);
  const cost = tenants.reduce((sum, { costPico }) => sum + costPico, 0n);
  if (found !== requests || cost !== COST_PICO_PER_CALL * BigInt(requests)) {
    throw new Error(`not exact: ${found} requests of ${requests}, ${cost} pico-dollars`);
  }
}
