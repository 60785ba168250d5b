import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { migrateServer } from '@throughline/analytics/http/migrate-server';
import { decimalToPico } from '@throughline/contracts/money';
import { startRedis } from '@throughline/local-servers/redis';
import { startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import type { ServiceProcess } from '@throughline/testkit/process/service-process';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import { startEventSource } from '../contestants/event-source.ts';
import { exportRows } from '../contestants/export-rows.ts';
import { type Servers, startBenchKafka } from '../contestants/servers.ts';
import { openWorld, untilApplied, type World } from '../contestants/world.ts';
import { watchCpu } from '../measure/cpu-watch.ts';
import { interleave } from '../measure/interleave.ts';
import { readMetric } from '../measure/metric.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { startNode } from '../processes/node-process.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { COST_PICO_PER_CALL } from '../traffic/chat-calls.ts';

const EVENTS = 100_000;
const CALLS_PER_SESSION = 100;
const PARTITIONS = 4;
/** A machine that needs longer than this for one run is too busy to say anything. */
const RUN_MS_MAX = 120_000;

/** CPU by process, µs per event; whole processes. */
interface Sample {
  readonly seconds: number;
  readonly writerUs: number;
  readonly clickhouseUs: number;
  readonly redisUs: number;
  readonly kafkaUs: number;
  /** Events per batch of one partition, each with inserts of its own. */
  readonly batchEvents: number;
}

export const distributedAggregator: Scenario = {
  name: 'distributed-aggregator',
  about: `one aggregator, ${EVENTS.toLocaleString('en-US')} events from Kafka to rows and totals over servers, against a raw insert of the same rows`,
  async run(bench) {
    await using kafka = await startBenchKafka();
    await using redis = await startRedis();
    await using dir = await createTempDir('bench-rows');
    const rowsDir = join(dir.path, 'rows');
    await mkdir(rowsDir);
    bench.progress(`putting ${EVENTS} events into Kafka`);
    let rowBytes = 0;
    const run = (profile?: string, exportTo?: string) =>
      aggregate(bench, { kafka, redis }, { profile, isFirst: exportTo !== undefined }, async (url) => {
        if (exportTo) rowBytes = await exportRows(url, exportTo, PARTITIONS);
      });
    await run(undefined, rowsDir);
    const samples = await interleave(
      bench.rounds,
      {
        raw: () => insertRaw(bench, rowsDir),
        aggregator: (round) => run(round === 0 ? 'distributed-aggregator' : undefined),
      },
      { warmUp: false },
    );
    const of = (name: keyof typeof samples, what: (sample: Sample) => number) => samples[name].map(what);
    const perSecond = ({ seconds }: Sample) => EVENTS / seconds;
    /** What writing the rows takes: whoever sends them and the engine that stores them. */
    const perCoreSecond = ({ writerUs, clickhouseUs }: Sample) => 1e6 / (writerUs + clickhouseUs);
    /** Of the aggregator its own process alone: ClickHouse stores what it is sent on cores of its own. */
    const ownPerCoreSecond = ({ writerUs }: Sample) => 1e6 / writerUs;
    const compared = (what: (sample: Sample) => number) => medianRatio(of('aggregator', what), of('raw', what));
    return {
      columns: ['', 'events/s', 'events per core second', 'µs/event: writer', 'ClickHouse', 'Redis', 'Kafka'],
      rows: [
        ...(['raw', 'aggregator'] as const).map((name) => [
          name === 'raw' ? 'raw insert' : 'aggregator',
          medianWithSpread(of(name, perSecond)),
          medianWithSpread(of(name, perCoreSecond)),
          medianWithSpread(of(name, ({ writerUs }) => writerUs)),
          medianWithSpread(of(name, ({ clickhouseUs }) => clickhouseUs)),
          ...(name === 'raw'
            ? ['-', '-']
            : [number(median(of(name, ({ redisUs }) => redisUs))), number(median(of(name, ({ kafkaUs }) => kafkaUs)))]),
        ]),
        ['against raw', ratio(compared(perSecond)), ratio(compared(perCoreSecond)), '', '', '', ''],
      ],
      figures: [
        {
          name: 'aggregator over servers: events per core second of it and ClickHouse, against raw insert of the same rows',
          value: compared(perCoreSecond),
          unit: 'x',
          atLeast: 0.7,
        },
        {
          name: 'aggregator over servers: events per core second of its own process, against raw insert’s of client and ClickHouse',
          value: medianRatio(of('aggregator', ownPerCoreSecond), of('raw', perCoreSecond)),
          unit: 'x',
          atLeast: 0.7,
        },
        {
          name: 'aggregator over servers: events per second against raw insert, both as fast as they can on this machine',
          value: compared(perSecond),
          unit: 'x',
        },
        {
          name: 'aggregator over servers: CPU of its own process per event',
          value: median(of('aggregator', ({ writerUs }) => writerUs)),
          unit: 'µs',
        },
      ],
      notes: [
        `${EVENTS / CALLS_PER_SESSION} sessions, ${PARTITIONS} partitions; every run ended exact: rows, bodies, snapshots and totals agree with the topic, in count and cost`,
        `raw insert: the rows of requests and request_bodies, ${number(rowBytes / EVENTS)} bytes of RowBinary per event, in batches of 4,000 through the same client, four at a time; no snapshots, keys, paths or properties`,
        `the aggregator’s batches had ${number(median(of('aggregator', ({ batchEvents }) => batchEvents)))} events; ClickHouse takes about as long for a small insert as for a large one`,
        'writer: the aggregator’s process, or the one that inserts raw; both new, as after a restart, from its first partition on',
        'ClickHouse is new in each run; its CPU includes merges that ran meanwhile, on both sides',
      ],
      samples,
    };
  },
};

type Given = Pick<Servers, 'kafka' | 'redis'>;

async function aggregate(
  bench: Bench,
  { kafka, redis }: Given,
  { profile, isFirst }: { profile: string | undefined; isFirst: boolean },
  afterwards: (clickhouseUrl: string) => Promise<void>,
): Promise<Sample> {
  await redis.cli('FLUSHALL');
  await using clickhouse = await startClickHouse();
  const servers: Servers = { kafka, redis, clickhouse, [Symbol.asyncDispose]: async () => {} };
  await using world = await openWorld(bench, servers, { partitions: PARTITIONS });
  if (isFirst) {
    const source = await startEventSource(bench, { broker: kafka.brokers[0]!, topic: world.topic });
    try {
      await source.offer({ events: EVENTS, callsPerSession: CALLS_PER_SESSION });
    } finally {
      await source.stop();
    }
  }
  const aggregator = await world.start('aggregator', { profile });
  const used = watchCpu({
    writer: [aggregator.pid!],
    clickhouse: [clickhouse.pid!],
    redis: [redis.pid!],
    kafka: [kafka.pid!],
  });
  const begun = await applied(world);
  const start = performance.now();
  await untilApplied(world, RUN_MS_MAX);
  const metrics = await untilPublished(aggregator);
  const seconds = (performance.now() - start) / 1_000;
  const { writer, clickhouse: engine, redis: store, kafka: broker } = used();
  await checkExact(world);
  await afterwards(world.clickhouseUrl);
  const counted = EVENTS - begun;
  return {
    // What was applied before the watch began is not in the CPU either.
    seconds: (seconds * EVENTS) / counted,
    writerUs: writer.processUs / counted,
    clickhouseUs: engine.processUs / counted,
    redisUs: store.processUs / counted,
    kafkaUs: broker.processUs / counted,
    batchEvents:
      readMetric(metrics, 'throughline_aggregator_events_total') /
      readMetric(metrics, 'throughline_aggregator_batches_total'),
  };
}

/** Events applied so far: an aggregator that is ready has begun. */
async function applied(world: World): Promise<number> {
  const fences = await world.fences();
  return fences.reduce((sum, fence) => sum + (fence?.offset ?? -1) + 1, 0);
}

/** Snapshots come after the totals, outside of the commit. @returns its metrics by then. */
function untilPublished(aggregator: ServiceProcess): Promise<string> {
  return waitFor(
    async () => {
      const text = await (await fetch(`${aggregator.url}/metrics`)).text();
      const published = readMetric(text, 'throughline_aggregator_freshness_seconds_count', { stage: 'snapshots' });
      if (published >= EVENTS) return text;
      throw new Error(`${published} of ${EVENTS}`);
    },
    { timeoutMs: RUN_MS_MAX, intervalMs: 50, what: 'the last snapshot' },
  );
}

/** @throws naming what differs from what the topic holds. */
async function checkExact(world: World): Promise<void> {
  const analytics = connectHttpAnalytics({ url: world.clickhouseUrl });
  try {
    const [rows] = await analytics.query<{ rows: string; bodies: string; cost: string }>({
      sql: `SELECT (SELECT count() FROM requests FINAL) AS rows, (SELECT count() FROM request_bodies FINAL) AS bodies,
        (SELECT sum(cost) FROM requests FINAL) AS cost`,
    });
    const [snapshots] = await analytics.query<{ sessions: string; requests: string; cost: string }>({
      sql: 'SELECT count() AS sessions, sum(total_requests) AS requests, sum(total_cost) AS cost FROM sessions FINAL',
    });
    const states = await Promise.all(Array.from({ length: PARTITIONS }, (_, i) => world.totals.loadPartition(i)));
    const tenants = states.flatMap((state) => [...state!.tenants.values()]);
    const cost = COST_PICO_PER_CALL * BigInt(EVENTS);
    const wrong = Object.entries({
      rows: Number(rows!.rows) === EVENTS,
      bodies: Number(rows!.bodies) === EVENTS,
      'requests in snapshots': Number(snapshots!.requests) === EVENTS,
      'requests totalled': tenants.reduce((sum, { requests }) => sum + requests, 0) === EVENTS,
      'cost of rows': decimalToPico(rows!.cost) === cost,
      'cost of snapshots': decimalToPico(snapshots!.cost) === cost,
      'cost totalled': tenants.reduce((sum, { costPico }) => sum + costPico, 0n) === cost,
    }).flatMap(([name, isRight]) => (isRight ? [] : [name]));
    if (wrong.length > 0) throw new Error(`not exact: ${wrong}: ${JSON.stringify({ rows, snapshots })}`);
  } finally {
    await analytics.close();
  }
}

async function insertRaw(bench: Bench, rows: string): Promise<Sample> {
  await using clickhouse = await startClickHouse();
  const url = `${clickhouse.url}/raw`;
  await migrateServer({ url });
  const child = startNode(bench, 'contestants/raw-http-insert-process.ts', { args: ['--url', url, '--rows', rows] });
  try {
    await child.next();
    const used = watchCpu({ writer: [child.pid], clickhouse: [clickhouse.pid!] });
    child.send({ go: true });
    const { seconds } = await child.next<{ seconds: number }>();
    const { writer, clickhouse: engine } = used();
    return {
      seconds,
      writerUs: writer.processUs / EVENTS,
      clickhouseUs: engine.processUs / EVENTS,
      redisUs: 0,
      kafkaUs: 0,
      batchEvents: 4_000,
    };
  } finally {
    await child.stop();
  }
}
