import { startRedis } from '@throughline/local-servers/redis';
import { startBenchKafka } from '../contestants/servers.ts';
import { fillTopic, runTopic, type TopicJob, type TopicRun } from '../contestants/topic-run.ts';
import { interleave } from '../measure/interleave.ts';
import { median } from '../measure/statistics.ts';
import { number } from '../report/format.ts';
import type { Bench } from '../scenario.ts';
import type { GrowthSeries } from './growth-series.ts';

const EVENTS = 60_000;
const CALLS_PER_SESSION = 100;
const PARTITIONS = [1, 4, 16];

/** One aggregator over servers, the same calls in topics of so many partitions. */
export async function measurePartitions(bench: Bench): Promise<GrowthSeries> {
  await using kafka = await startBenchKafka();
  await using redis = await startRedis();
  const jobs = PARTITIONS.map(
    (partitions): TopicJob => ({
      topic: `bench_${partitions}`,
      partitions,
      events: EVENTS,
      callsPerSession: CALLS_PER_SESSION,
    }),
  );
  for (const job of jobs) {
    bench.progress(`putting ${EVENTS} events into ${job.partitions} partitions`);
    await fillTopic(bench, { kafka, redis }, job);
  }
  const runs = await interleave(
    bench.rounds,
    Object.fromEntries(
      jobs.map((job) => [
        job.partitions,
        (round: number) => {
          bench.progress(`partitions: ${job.partitions}`);
          const profile = round === 0 ? `growth-partitions-${job.partitions}` : undefined;
          return runTopic(bench, { kafka, redis }, job, { profile });
        },
      ]),
    ),
    { warmUp: false },
  );
  return {
    name: 'partitions',
    sizes: PARTITIONS.map((size) => ({
      size,
      samples: runs[size]!.map(({ writerUs, seconds, peakRssMib }) => ({
        cpuUs: writerUs,
        eventsPerSecond: EVENTS / seconds,
        peakRssMib,
      })),
    })),
    notes: [
      `partitions: over Kafka, Redis and ClickHouse, one aggregator that works ${number(EVENTS)} events off; CPU and memory are its own, cold and with taking the partitions over; beside it, µs per event: ${PARTITIONS.map((size) => serverCosts(size, runs[size]!)).join('; ')}`,
    ],
  };
}

function serverCosts(partitions: number, runs: readonly TopicRun[]): string {
  const of = (what: (run: TopicRun) => number) => number(median(runs.map(what)));
  const clickhouse = of(({ clickhouseUs }) => clickhouseUs);
  const batch = of(({ batchEvents }) => batchEvents);
  return `${partitions} with ClickHouse ${clickhouse}, Redis ${of(({ redisUs }) => redisUs)}, Kafka ${of(({ kafkaUs }) => kafkaUs)}, ${batch} events a batch`;
}
