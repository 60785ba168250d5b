import { join } from 'node:path';
import { decimalToPico, picoToUsd } from '@throughline/contracts/money';
import { createTempDir } from '@throughline/testkit/temp-dir';
import type { AggregatorRun, RawInsertRun } from '../contestants/aggregator-run.ts';
import { interleave } from '../measure/interleave.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { startNode } from '../processes/node-process.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { COST_PICO_PER_CALL, SESSIONS } from '../traffic/chat-calls.ts';

const EVENTS = 30_000;

export const aggregator: Scenario = {
  name: 'aggregator',
  about: `${EVENTS.toLocaleString('en-US')} events from the log to rows, totals and snapshots, against a raw insert of the same rows`,
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
        aggregator: (round) => aggregate(bench, log, [], round === 0 ? 'aggregator' : undefined),
      },
      { warmUp: false },
    );
    const rates = (name: keyof typeof samples) => samples[name].map(({ seconds }) => EVENTS / seconds);
    const cpu = (name: keyof typeof samples) => samples[name].map(({ cpuUs }) => cpuUs / EVENTS);
    const rateRatio = medianRatio(rates('aggregator'), rates('raw'));
    const cpuRatio = medianRatio(cpu('aggregator'), cpu('raw'));
    return {
      columns: ['', 'events/s', 'against raw', 'CPU µs/event', 'against raw', 'peak RSS MiB'],
      rows: (['raw', 'aggregator'] as const).map((name) => [
        name === 'raw' ? 'raw insert' : name,
        medianWithSpread(rates(name)),
        name === 'raw' ? '1' : ratio(rateRatio),
        medianWithSpread(cpu(name)),
        name === 'raw' ? '1' : ratio(cpuRatio),
        number(median(samples[name].map(({ peakRssMib }) => peakRssMib))),
      ]),
      figures: [
        {
          name: 'aggregator events/s, log to rows and totals, against raw JSONEachRow insert of the same rows',
          value: rateRatio,
          unit: 'x',
          atLeast: 0.75,
        },
        { name: 'aggregator CPU per event against raw insert', value: cpuRatio, unit: 'x' },
      ],
      notes: [
        `${SESSIONS} sessions; every run ended exact: rows, bodies, snapshots and totals agree with the log, in count and cost`,
        'raw insert: ready lines of requests and request_bodies, batches of 4,000, the same schema and fsync settings',
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
  checkExact(run);
  return run;
}

/** @throws naming what differs from what the log holds. */
function checkExact({ stored }: AggregatorRun): void {
  const cost = COST_PICO_PER_CALL * BigInt(EVENTS);
  const wrong = Object.entries({
    rows: stored.rows === EVENTS,
    bodies: stored.bodies === EVENTS,
    sessions: stored.sessions === SESSIONS,
    'requests in snapshots': stored.sessionRequests === EVENTS,
    'requests totalled': stored.totalledRequests === EVENTS,
    'cost of rows': decimalToPico(stored.cost) === cost,
    'cost of snapshots': decimalToPico(stored.sessionCost) === cost,
    'cost totalled': BigInt(stored.totalledCostPico) === cost,
  }).flatMap(([name, isRight]) => (isRight ? [] : [name]));
  if (wrong.length > 0) {
    throw new Error(`not exact: ${wrong} (expected ${picoToUsd(cost)} USD): ${JSON.stringify(stored)}`);
  }
}

async function runToEnd<T>(bench: Bench, script: string, args: readonly string[], profile?: string): Promise<T> {
  const child = startNode(bench, script, { args, profile });
  try {
    return await child.next<T>();
  } finally {
    await child.stop();
  }
}
