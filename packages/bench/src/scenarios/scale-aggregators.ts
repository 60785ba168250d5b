import { waitFor } from '@throughline/testkit/wait-for';
import { type EventSource, startEventSource } from '../contestants/event-source.ts';
import { type Servers, startServers } from '../contestants/servers.ts';
import { openWorld, untilApplied, type World } from '../contestants/world.ts';
import { watchCpu } from '../measure/cpu-watch.ts';
import { interleave } from '../measure/interleave.ts';
import { readMetric } from '../measure/metric.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Figure, Scenario } from '../scenario.ts';

const GROUPS = [1, 2, 4] as const;
const PARTITIONS = 8;
/** Below half of what two cores take in with everything on board. */
const EVENTS_PER_SECOND = 600;
/** Of each process, so that most of its code is compiled; in full it would take 25,000. */
const WARM_UP_EVENTS = 4_000;
const CALLS_PER_SESSION = 20;
const SETTLE_MS_MAX = 120_000;
const SECONDS_MIN = 8;
/** How far a larger group may be from one alone, either way. */
const TOLERANCE = 0.15;

/** CPU, µs per event. */
interface Sample {
  readonly aggregatorsUs: number;
  readonly clickhouseUs: number;
  readonly redisUs: number;
  readonly kafkaUs: number;
}

interface Group {
  readonly size: number;
  readonly world: World;
  readonly source: EventSource;
  readonly pids: readonly number[];
}

export const scaleAggregators: Scenario = {
  name: 'scale-aggregators',
  about: `CPU per event with ${GROUPS.join(', ')} aggregators that share ${EVENTS_PER_SECOND} events per second`,
  async run(bench) {
    await using servers = await startServers();
    await using stack = new AsyncDisposableStack();
    const groups: Group[] = [];
    for (const size of GROUPS) groups.push(await startGroup(bench, servers, stack, size));
    const seconds = Math.max(SECONDS_MIN, bench.seconds);
    const samples = (await interleave(
      bench.rounds,
      Object.fromEntries(groups.map((group) => [group.size, () => measure(servers, group, seconds)])),
      { warmUp: false },
    )) as Record<number, Sample[]>;
    const of = (size: number, what: (sample: Sample) => number) => samples[size]!.map(what);
    const own = (sample: Sample) => sample.aggregatorsUs;
    const all = (sample: Sample) => Object.values(sample).reduce((sum, us) => sum + us, 0);
    const against = (size: number, what: (sample: Sample) => number) => medianRatio(of(size, what), of(1, what));
    return {
      columns: ['CPU µs/event', 'aggregators', 'against one', 'ClickHouse', 'Redis', 'Kafka', 'all', 'against one'],
      rows: GROUPS.map((size) => [
        size === 1 ? '1 aggregator' : `${size} aggregators`,
        medianWithSpread(of(size, own)),
        ratio(against(size, own)),
        number(median(of(size, ({ clickhouseUs }) => clickhouseUs))),
        number(median(of(size, ({ redisUs }) => redisUs))),
        number(median(of(size, ({ kafkaUs }) => kafkaUs))),
        medianWithSpread(of(size, all)),
        ratio(against(size, all)),
      ]),
      figures: GROUPS.filter((size) => size > 1).flatMap((size): Figure[] => [
        {
          name: `CPU per event of ${size} aggregators and their servers against one’s, at the same load`,
          value: against(size, all),
          unit: 'x',
          atMost: 1 + TOLERANCE,
        },
        {
          name: `CPU per event of ${size} aggregators alone against one’s, at the same load`,
          value: against(size, own),
          unit: 'x',
          atMost: 1 + TOLERANCE,
        },
      ]),
      notes: [
        `${PARTITIONS} partitions in each group; every group has a topic, tables and totals of its own on the same servers, and is idle while another one is measured`,
        'all processes of all groups run throughout; what the idle ones take of the servers is in each figure alike',
        'whole processes: heartbeats, fetches that bring nothing and the compiler are included',
      ],
      samples,
    };
  },
};

async function startGroup(bench: Bench, servers: Servers, stack: AsyncDisposableStack, size: number): Promise<Group> {
  bench.progress(`${size} aggregators: starting, warming up`);
  const world = stack.use(await openWorld(bench, servers, { topic: `group_of_${size}`, partitions: PARTITIONS }));
  const source = stack.adopt(
    await startEventSource(bench, { broker: servers.kafka.brokers[0]!, topic: world.topic }),
    (one) => one.stop(),
  );
  const members = await Promise.all(
    Array.from({ length: size }, (_, i) =>
      world.start('aggregator', { profile: i === 0 ? `group-of-${size}` : undefined }),
    ),
  );
  await waitFor(
    async () => {
      const owned = await Promise.all(
        members.map(async ({ url }) =>
          readMetric(await (await fetch(`${url}/metrics`)).text(), 'throughline_consumer_partitions', {
            state: 'owned',
          }),
        ),
      );
      return owned.every((count) => count === PARTITIONS / size);
    },
    { timeoutMs: SETTLE_MS_MAX, intervalMs: 200, what: 'equal shares' },
  );
  await source.offer({ events: WARM_UP_EVENTS * size, callsPerSession: CALLS_PER_SESSION });
  await untilApplied(world, SETTLE_MS_MAX);
  return { size, world, source, pids: members.map(({ pid }) => pid!) };
}

async function measure({ kafka, redis, clickhouse }: Servers, group: Group, seconds: number): Promise<Sample> {
  const used = watchCpu({
    aggregators: group.pids,
    clickhouse: [clickhouse.pid!],
    redis: [redis.pid!],
    kafka: [kafka.pid!],
  });
  const job = { perSecond: EVENTS_PER_SECOND, seconds, callsPerSession: CALLS_PER_SESSION };
  const events = await group.source.offer(job);
  await untilApplied(group.world, SETTLE_MS_MAX);
  const { aggregators, clickhouse: engine, redis: totals, kafka: log } = used();
  return {
    aggregatorsUs: aggregators.processUs / events,
    clickhouseUs: engine.processUs / events,
    redisUs: totals.processUs / events,
    kafkaUs: log.processUs / events,
  };
}
