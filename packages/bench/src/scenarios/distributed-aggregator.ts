import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { migrateServer } from '@throughline/analytics/http/migrate-server';
import { startRedis } from '@throughline/local-servers/redis';
import { startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { exportRows } from '../contestants/export-rows.ts';
import { startBenchKafka } from '../contestants/servers.ts';
import { fillTopic, runTopic, type TopicJob, type TopicRun, topicSessions } from '../contestants/topic-run.ts';
import { watchCpu } from '../measure/cpu-watch.ts';
import { interleave } from '../measure/interleave.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { startNode } from '../processes/node-process.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Scenario } from '../scenario.ts';

const EVENTS = 100_000;
const CALLS_PER_SESSION = 100;
const PARTITIONS = 4;
const JOB: TopicJob = {
  topic: 'bench',
  partitions: PARTITIONS,
  events: EVENTS,
  callsPerSession: CALLS_PER_SESSION,
};

/** CPU by process, µs per event; whole processes. */
type Sample = Omit<TopicRun, 'peakRssMib'>;

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
    await fillTopic(bench, { kafka, redis }, JOB);
    await runTopic(bench, { kafka, redis }, JOB, {
      afterwards: async (url) => {
        rowBytes = await exportRows(url, rowsDir, PARTITIONS);
      },
    });
    const samples = await interleave(
      bench.rounds,
      {
        raw: () => insertRaw(bench, rowsDir),
        aggregator: (round): Promise<Sample> =>
          runTopic(bench, { kafka, redis }, JOB, { profile: round === 0 ? 'distributed-aggregator' : undefined }),
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
        `${number(topicSessions(JOB))} sessions, ${PARTITIONS} partitions; every run ended exact: rows, bodies, snapshots and totals agree with the topic, in count and cost`,
        `raw insert: the rows of requests and request_bodies, ${number(rowBytes / EVENTS)} bytes of RowBinary per event, in batches of 4,000 through the same client, four at a time; no snapshots, keys, paths or properties`,
        `the aggregator’s batches had ${number(median(of('aggregator', ({ batchEvents }) => batchEvents)))} events; ClickHouse takes about as long for a small insert as for a large one`,
        'writer: the aggregator’s process, or the one that inserts raw; both new, as after a restart, from its first partition on',
        'ClickHouse is new in each run; its CPU includes merges that ran meanwhile, on both sides',
      ],
      samples,
    };
  },
};

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
