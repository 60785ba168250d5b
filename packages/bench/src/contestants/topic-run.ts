import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';
import { startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import type { ServiceProcess } from '@throughline/testkit/process/service-process';
import { waitFor } from '@throughline/testkit/wait-for';
import { watchCpu } from '../measure/cpu-watch.ts';
import { readMetric } from '../measure/metric.ts';
import { readMemory } from '../measure/process-memory.ts';
import type { Bench } from '../scenario.ts';
import { SESSIONS } from '../traffic/chat-calls.ts';
import { sessionsOf } from './call-spread.ts';
import { startEventSource } from './event-source.ts';
import type { Servers } from './servers.ts';
import { readStored, requireExact } from './stored-figures.ts';
import { openWorld, untilApplied, type World } from './world.ts';

/** A topic, and the finished calls that it holds. */
export interface TopicJob {
  readonly topic: string;
  readonly partitions: number;
  readonly events: number;
  readonly callsPerSession: number;
}

/** What one aggregator took to bring them to rows, totals and snapshots. CPU by process, µs per event; whole processes. */
export interface TopicRun {
  readonly seconds: number;
  /** The aggregator. */
  readonly writerUs: number;
  readonly clickhouseUs: number;
  readonly redisUs: number;
  readonly kafkaUs: number;
  /** Events per batch of one partition, each with inserts of its own. */
  readonly batchEvents: number;
  /** Of the aggregator. */
  readonly peakRssMib: number;
}

/** How many sessions the calls belong to. */
export function topicSessions({ events, callsPerSession }: TopicJob): number {
  return sessionsOf(events, { sessionsAtOnce: SESSIONS, callsPerSession });
}

type Given = Pick<Servers, 'kafka' | 'redis'>;

/** A machine that needs longer than this for one run is too busy to say anything. */
const RUN_MS_MAX = 120_000;

/** Makes the topic and puts the calls into it. */
export async function fillTopic(bench: Bench, { kafka, redis }: Given, job: TopicJob): Promise<void> {
  await using clickhouse = await startClickHouse();
  await using world = await openTopic(bench, { kafka, redis, clickhouse }, job);
  const source = await startEventSource(bench, { broker: kafka.brokers[0]!, topic: world.topic });
  try {
    await source.offer({ events: job.events, callsPerSession: job.callsPerSession });
  } finally {
    await source.stop();
  }
}

/**
 * A new aggregator works the topic off, from its beginning, over a Redis that is emptied first and a new ClickHouse.
 *
 * @param options.afterwards may read the tables.
 * @throws when stores and topic differ.
 */
export async function runTopic(
  bench: Bench,
  { kafka, redis }: Given,
  job: TopicJob,
  options: { profile?: string | undefined; afterwards?: (clickhouseUrl: string) => Promise<void> } = {},
): Promise<TopicRun> {
  const { events } = job;
  await redis.cli('FLUSHALL');
  await using clickhouse = await startClickHouse();
  await using world = await openTopic(bench, { kafka, redis, clickhouse }, job);
  const aggregator = await world.start('aggregator', { profile: options.profile });
  const used = watchCpu({
    writer: [aggregator.pid!],
    clickhouse: [clickhouse.pid!],
    redis: [redis.pid!],
    kafka: [kafka.pid!],
  });
  const begun = await applied(world);
  const start = performance.now();
  await untilApplied(world, RUN_MS_MAX);
  const metrics = await untilPublished(aggregator, events);
  const seconds = (performance.now() - start) / 1_000;
  const { writer, clickhouse: engine, redis: store, kafka: broker } = used();
  const { peak: peakRssMib } = readMemory(aggregator.pid!);
  await checkExact(world, job);
  await options.afterwards?.(world.clickhouseUrl);
  const counted = events - begun;
  return {
    // What was applied before the watch began is not in the CPU either.
    seconds: (seconds * events) / counted,
    writerUs: writer.processUs / counted,
    clickhouseUs: engine.processUs / counted,
    redisUs: store.processUs / counted,
    kafkaUs: broker.processUs / counted,
    batchEvents:
      readMetric(metrics, 'throughline_aggregator_events_total') /
      readMetric(metrics, 'throughline_aggregator_batches_total'),
    peakRssMib,
  };
}

function openTopic(bench: Bench, given: Omit<Servers, keyof AsyncDisposable>, job: TopicJob): Promise<World> {
  const servers: Servers = { ...given, [Symbol.asyncDispose]: async () => {} };
  return openWorld(bench, servers, { topic: job.topic, partitions: job.partitions });
}

/** Events applied so far: an aggregator that is ready has begun. */
async function applied(world: World): Promise<number> {
  const fences = await world.fences();
  return fences.reduce((sum, fence) => sum + (fence?.offset ?? -1) + 1, 0);
}

/** Snapshots come after the totals, outside of the commit. @returns its metrics by then. */
function untilPublished(aggregator: ServiceProcess, events: number): Promise<string> {
  return waitFor(
    async () => {
      const text = await (await fetch(`${aggregator.url}/metrics`)).text();
      const published = readMetric(text, 'throughline_aggregator_freshness_seconds_count', { stage: 'snapshots' });
      if (published >= events) return text;
      throw new Error(`${published} of ${events}`);
    },
    { timeoutMs: RUN_MS_MAX, intervalMs: 50, what: 'the last snapshot' },
  );
}

/** @throws naming what differs from what the topic holds. */
async function checkExact({ clickhouseUrl, totals, partitions }: World, job: TopicJob): Promise<void> {
  const analytics = connectHttpAnalytics({ url: clickhouseUrl });
  try {
    const stored = await readStored({ analytics, totals }, { tenant: DEFAULT_TENANT, partitions });
    requireExact(stored, { events: job.events, sessions: topicSessions(job) });
  } finally {
    await analytics.close();
  }
}
