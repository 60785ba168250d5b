import { join } from 'node:path';
import { createTempDir } from '@throughline/testkit/temp-dir';
import type { AggregatorRun, ConsumerRun, RawInsertRun } from '../contestants/aggregator-run.ts';
import { requireExact, requireExactCalls } from '../contestants/stored-figures.ts';
import { interleave } from '../measure/interleave.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { startNode } from '../processes/node-process.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { SESSIONS } from '../traffic/chat-calls.ts';

const EVENTS = 30_000;
const EXPECTED = { events: EVENTS, sessions: SESSIONS };

const CONTESTANTS = [
  { name: 'raw', title: 'raw insert' },
  { name: 'naive', title: 'naive consumer' },
  { name: 'aggregator', title: 'aggregator' },
] as const;

export const aggregator: Scenario = {
  name: 'aggregator',
  about: `${EVENTS.toLocaleString('en-US')} events from the log to rows, totals and snapshots, against a raw insert of the same rows, and a naive consumer`,
  async run(bench) {
    await using dir = await createTempDir('bench-aggregator');
    const log = join(dir.path, 'log');
    const rows = join(dir.path, 'rows');
    bench.progress(`writing a log of ${EVENTS} events`);
    await runToEnd(bench, 'contestants/prepare-log-process.ts', ['--dir', log, '--events', String(EVENTS)]);
    // Also warms the file cache up.
    await aggregate(bench, log, ['--export', rows]);
    const samples = await interleave(
      bench.rounds,
      {
        raw: async (): Promise<RawInsertRun> => {
          await using data = await createTempDir('bench-raw-insert');
          const args = ['--dir', data.path, '--rows', rows];
          const run = await runToEnd<RawInsertRun>(bench, 'contestants/raw-insert-process.ts', args);
          if (run.rows !== EVENTS) throw new Error(`the raw insert stored ${run.rows} rows of ${EVENTS}`);
          return run;
        },
        naive: () => consume(bench, log),
        aggregator: (round) => aggregate(bench, log, [], round === 0 ? 'aggregator' : undefined),
      },
      { warmUp: false },
    );
    const rates = (name: keyof typeof samples) => samples[name].map(({ seconds }) => EVENTS / seconds);
    const cpu = (name: keyof typeof samples) => samples[name].map(({ cpuUs }) => cpuUs / EVENTS);
    const against = (name: keyof typeof samples, reference: keyof typeof samples) => ({
      rate: medianRatio(rates(name), rates(reference)),
      cpu: medianRatio(cpu(name), cpu(reference)),
    });
    const ofRaw = against('aggregator', 'raw');
    const ofNaive = against('aggregator', 'naive');
    return {
      columns: ['', 'events/s', 'against raw', 'CPU µs/event', 'against raw', 'peak RSS MiB'],
      rows: CONTESTANTS.map(({ name, title }) => {
        const { rate, cpu: used } = against(name, 'raw');
        return [
          title,
          medianWithSpread(rates(name)),
          name === 'raw' ? '1' : ratio(rate),
          medianWithSpread(cpu(name)),
          name === 'raw' ? '1' : ratio(used),
          number(median(samples[name].map(({ peakRssMib }) => peakRssMib))),
        ];
      }),
      figures: [
        {
          name: 'aggregator events/s, log to rows and totals, against raw JSONEachRow insert of the same rows',
          value: ofRaw.rate,
          unit: 'x',
          atLeast: 0.75,
        },
        { name: 'aggregator CPU per event against raw insert', value: ofRaw.cpu, unit: 'x' },
        { name: 'aggregator events/s against a naive consumer of the same log', value: ofNaive.rate, unit: 'x' },
        { name: 'aggregator CPU per event against a naive consumer', value: ofNaive.cpu, unit: 'x' },
      ],
      notes: [
        `${SESSIONS} sessions; every run ended exact: rows, bodies, snapshots and totals agree with the log, in count and cost`,
        'raw insert: ready lines of requests and request_bodies, batches of 4,000, the same schema and fsync settings',
        'naive consumer: the same log, read, parsed, priced and inserted as JSONEachRow in batches as large, then the totals row of a call’s session read, added to and written back in LMDB, one transaction per batch; no snapshots, paths or sets, and not exact after a crash',
        'CPU includes merges that ran meanwhile, on both sides; each run is a new process on a new folder',
      ],
      samples,
    };
  },
};

async function aggregate(bench: Bench, log: string, more: readonly string[], profile?: string): Promise<AggregatorRun> {
  await using data = await createTempDir('bench-aggregator-data');
  const args = ['--dir', data.path, '--log', log, ...more];
  const run = await runToEnd<AggregatorRun>(bench, 'contestants/aggregator-process.ts', args, profile);
  requireExact(run.stored, EXPECTED);
  return run;
}

async function consume(bench: Bench, log: string): Promise<ConsumerRun> {
  await using data = await createTempDir('bench-naive-consumer');
  const args = ['--dir', data.path, '--log', log];
  const run = await runToEnd<ConsumerRun>(bench, 'contestants/naive-consumer-process.ts', args);
  requireExactCalls(run.stored, EXPECTED);
  return run;
}

async function runToEnd<T>(bench: Bench, script: string, args: readonly string[], profile?: string): Promise<T> {
  const child = startNode(bench, script, { args, profile });
  try {
    return await child.next<T>();
  } finally {
    await child.stop();
  }
}
