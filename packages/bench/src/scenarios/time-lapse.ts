import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { fastClock } from '@throughline/testkit/process/fast-clock';
import { startThroughline, type ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { drained } from '../contestants/product.ts';
import { type DayJob, type DayResult, runDayLoad } from '../load/day-load.ts';
import { DATA_KINDS, type DataBytes, type DataKind, readDataBytes } from '../measure/data-bytes.ts';
import { cpuBetween, readCpu } from '../measure/process-cpu.ts';
import { type Memory, readMemory } from '../measure/process-memory.ts';
import { median } from '../measure/statistics.ts';
import { partsOfFullestPartition, tableFolders } from '../measure/table-parts.ts';
import { openEngineSession } from '../query/engine-session.ts';
import { DAY_MS } from '../query/size.ts';
import { number } from '../report/format.ts';
import type { Bench, Measured, Scenario } from '../scenario.ts';
import { checkExact } from './whole-process.ts';

/** A day of 2.8 calls a second, in four minutes. */
const CALLS = 240_000;
/** On the average of the day; in the afternoon 1.8 times that. */
const CALLS_PER_SECOND = 1_000;
/** A machine that takes so many times as long is too busy to say anything. */
const SLOWER_MAX = 4;
const SEED = 20_261_122;

/** So that the log's files go within the day. */
const LOG_RETENTION_HOURS = 12;
/** Room for a day of a million calls. */
const LOG_BYTES_MAX = '16GiB';

const SAMPLE_MS = 5_000;
const IDLE_WINDOW_MS = 20_000;
const IDLE_WINDOWS_MAX = 15;
/** Windows below the aim one after the other, until it counts as idle. */
const CALM_WINDOWS = 3;
const CALM_PERCENT = 1;

/** Part of the day that the rest is predicted from. */
const FIRST = 0.1;
const AS_PREDICTED = { atLeast: 0.8, atMost: 1.2 };
/** Judged apart, as the log is more than everything else and says nothing of it. */
const LOG: DataKind = 'event log';
/** They stay for half a minute of our clock, hours of the day's, and so say nothing of a day. */
const PASSING: DataKind = 'replaced parts';

/** Tables that every batch writes to. */
const TABLES = ['requests', 'request_bodies', 'sessions', 'session_keys'] as const;
/** Of those that delay inserts: half is far more than merges that keep up leave. */
const PARTS_MAX = 0.5;

export const timeLapse: Scenario = {
  name: 'time-lapse',
  about: 'a day of calls of agents in minutes, by a clock that is faster, then nothing: size, parts, CPU, memory',
  async run(bench) {
    const calls = bench.requests?.[0] ?? CALLS;
    const first = Math.ceil(calls * FIRST);
    bench.progress(`the first ${number(first)} calls of a day, for a prediction`);
    const beginning = await live(bench, calls, first);
    bench.progress(`the day of ${number(calls)} calls`);
    return report(beginning, await live(bench, calls, calls));
  },
};

/** What became of a product that was given the beginning of a day, or all of it, and then nothing. */
interface Lived {
  readonly calls: number;
  readonly load: DayResult;
  readonly before: DataBytes;
  /** As soon as everything was in the stores. */
  readonly end: DataBytes;
  readonly idle: DataBytes;
  /** Every few seconds of the load, and at its end. */
  readonly samples: readonly Sample[];
  readonly idleSample: Sample;
  readonly windows: readonly IdleWindow[];
  /** Parts of a partition from which on the engine delays inserts. */
  readonly partsToDelayInsert: number;
}

interface Sample extends Memory {
  readonly atMs: number;
  readonly parts: Parts;
}

/** Of the fullest partition of each table. */
type Parts = Readonly<Record<(typeof TABLES)[number], number>>;

interface IdleWindow {
  /** Of one core. */
  readonly percent: number;
  /** CPU time by thread name, µs. */
  readonly threads: Readonly<Record<string, number>>;
}

/** @throws unless exactly these calls and sessions are stored at the end. */
async function live(bench: Bench, calls: number, first: number): Promise<Lived> {
  await using dir = await createTempDir('bench-time-lapse');
  const seconds = calls / CALLS_PER_SECOND;
  const clock = fastClock(DAY_MS / 1_000 / seconds);
  const product = await startThroughline({
    dataDir: dir.path,
    env: {
      LOG_LEVEL: 'warn',
      LOG_RETENTION_HOURS: String(LOG_RETENTION_HOURS),
      OUTBOX_BYTES_MAX: LOG_BYTES_MAX,
      ...clock,
    },
  });
  let lived: Omit<Lived, 'calls' | 'partsToDelayInsert'>;
  try {
    lived = await watch(bench, product, {
      origin: product.url,
      key: product.key,
      calls,
      first,
      seed: SEED,
      clock: { epochMs: Number(clock.FAST_CLOCK_EPOCH), speed: Number(clock.FAST_CLOCK_SPEED) },
      latelyMs: LOG_RETENTION_HOURS * 3_600_000,
      secondsMax: SLOWER_MAX * seconds,
    });
    const { rows } = await checkExact(product);
    if (rows !== first) throw new Error(`${first} calls were sent, ${rows} are stored`);
  } finally {
    await product.stop();
  }
  const { sessions, partsToDelayInsert } = await askEngine(dir.path);
  if (sessions !== lived.load.sessions) {
    throw new Error(`${lived.load.sessions} sessions were sent, ${sessions} are listed`);
  }
  return { ...lived, calls: first, partsToDelayInsert };
}

async function watch(bench: Bench, product: ThroughlineProcess, job: DayJob) {
  const { dataDir } = product;
  const before = readDataBytes(dataDir);
  const samples: Sample[] = [];
  let start = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const sample = (): Sample => ({
    ...readMemory(product.pid!),
    atMs: performance.now() - start,
    parts: readParts(dataDir),
  });
  let load: DayResult;
  try {
    load = await runDayLoad(bench, job, () => {
      start = performance.now();
      timer = setInterval(() => samples.push(sample()), SAMPLE_MS);
    });
  } finally {
    clearInterval(timer);
  }
  await drained(product);
  samples.push(sample());
  const end = readDataBytes(dataDir);
  bench.progress('then nothing');
  const windows = await untilCalm(product.pid!);
  return { load, before, end, idle: readDataBytes(dataDir), samples, idleSample: sample(), windows };
}

function readParts(dataDir: string): Parts {
  const folders = tableFolders(dataDir);
  const entries = TABLES.map((table) => [table, partsOfFullestPartition(readdirSync(folders.get(table)!))]);
  return Object.fromEntries(entries) as Parts;
}

async function untilCalm(pid: number): Promise<IdleWindow[]> {
  const windows: IdleWindow[] = [];
  const isCalm = () =>
    windows.length >= CALM_WINDOWS && windows.slice(-CALM_WINDOWS).every(({ percent }) => percent < CALM_PERCENT);
  while (windows.length < IDLE_WINDOWS_MAX && !isCalm()) {
    const [before, start] = [readCpu(pid), performance.now()];
    await sleep(IDLE_WINDOW_MS);
    const { processUs, threads } = cpuBetween(before, readCpu(pid));
    windows.push({ percent: processUs / (performance.now() - start) / 10, threads });
  }
  return windows;
}

/** The engine in this process, on the tables that were left. */
async function askEngine(dataDir: string): Promise<{ sessions: number; partsToDelayInsert: number }> {
  await using stack = new AsyncDisposableStack();
  const dir = join(dataDir, 'clickhouse');
  // Of this process: it decides how the engine runs.
  stack.adopt(await openEmbeddedAnalytics({ dir }), (one) => one.close());
  const engine = stack.adopt(await openEngineSession(dir), (one) => one.close());
  const [answer] = await engine.rows<{ sessions: string; limit: string }>(`
SELECT (SELECT count() FROM sessions FINAL) AS sessions,
  (SELECT value FROM system.merge_tree_settings WHERE name = 'parts_to_delay_insert') AS limit`);
  return { sessions: Number(answer!.sessions), partsToDelayInsert: Number(answer!.limit) };
}

function report(beginning: Lived, day: Lived): Measured {
  const { calls, load, samples, idleSample, windows, partsToDelayInsert: limit } = day;
  const staying = DATA_KINDS.filter((kind) => kind !== LOG && kind !== PASSING);
  const stays = (bytes: DataBytes) => staying.reduce((sum, kind) => sum + bytes[kind], 0);
  /** By what a call of the beginning takes. */
  const predicted = (of: (lived: Lived) => number, empty: number, ofCalls: (lived: Lived) => number) =>
    empty + ((of(beginning) - empty) / ofCalls(beginning)) * ofCalls(day);
  const mb = (bytes: number) => number(bytes / 1e6);
  const compared = (name: string, of: (bytes: DataBytes) => number) => {
    const expected = predicted(
      ({ idle }) => of(idle),
      of(day.before),
      (lived) => lived.calls,
    );
    const found = of(day.idle);
    const cells = [mb(of(beginning.idle)), mb(expected), mb(found), (found / expected).toFixed(2)];
    return { ratio: found / expected, row: [name, ...cells, mb(of(day.end)), number(found / calls)] };
  };
  const all = compared('all that stays', stays);
  const log = (lived: Lived) => lived.end[LOG];
  const logExpected = predicted(log, day.before[LOG], (lived) => lived.load.lately);
  const logRatio = log(day) / logExpected;
  const highest = (table: (typeof TABLES)[number]) => Math.max(...samples.map(({ parts }) => parts[table]));
  const mostParts = Math.max(...TABLES.map(highest));
  const calmAt = windows.findIndex((_, at) => windows.slice(at).every(({ percent }) => percent < CALM_PERCENT));
  const cpu = windows.map(({ percent }) => percent);
  return {
    columns: ['MB', 'first tenth', 'predicted by it', 'the day', 'of the prediction', 'before merges', 'bytes a call'],
    rows: [
      ...staying.map((kind) => compared(kind, (bytes) => bytes[kind]).row),
      all.row,
      [
        `${LOG} of ${LOG_RETENTION_HOURS} hours`,
        ...[
          mb(log(beginning)),
          mb(logExpected),
          mb(log(day)),
          logRatio.toFixed(2),
          '-',
          number(log(day) / load.lately),
        ],
      ],
      [PASSING, mb(beginning.idle[PASSING]), '-', mb(day.idle[PASSING]), '-', mb(day.end[PASSING]), '-'],
    ],
    figures: [
      {
        name: 'time-lapse: tables and totals after a day, of what its first tenth predicts',
        value: all.ratio,
        unit: 'x',
        ...AS_PREDICTED,
      },
      {
        name: 'time-lapse: event log after a day, of what its first tenth predicts',
        value: logRatio,
        unit: 'x',
        ...AS_PREDICTED,
      },
      {
        name: 'time-lapse: most parts of a partition, of those from which on the engine delays inserts',
        value: mostParts / limit,
        unit: '',
        atMost: PARTS_MAX,
      },
      {
        name: 'time-lapse: CPU once idle, in the last 20 s of five minutes at most',
        value: cpu.at(-1)!,
        unit: '% of a core',
        atMost: CALM_PERCENT,
      },
      { name: 'time-lapse: highest RSS', value: idleSample.peak, unit: 'MiB' },
    ],
    notes: [
      `${number(calls)} calls of ${number(load.sessions)} sessions, ${number(load.bytes / calls / 1_000)} kB each, in ${number(load.seconds)} s, ${number(load.lateMs / 1_000)} s behind the clock at most; all stored and totalled, the audit is clean`,
      `parts of the fullest partition, at most, at the end, idle: ${TABLES.map((table) => `${table} ${highest(table)}, ${samples.at(-1)!.parts[table]}, ${idleSample.parts[table]}`).join('; ')}; inserts are delayed from ${number(limit)} on`,
      `CPU once idle, % of a core, by ${IDLE_WINDOW_MS / 1_000} s: ${cpu.map(number).join(', ')}; ${calmAt < 0 ? `not below ${CALM_PERCENT} in five minutes` : `below ${CALM_PERCENT} from ${(calmAt * IDLE_WINDOW_MS) / 1_000} s on`}`,
      `RSS by sixths of the load, MiB: ${bySixths(samples, ({ rss }) => rss)}, of it anonymous: ${bySixths(samples, ({ anonymous }) => anonymous)}; idle: ${number(idleSample.rss)}, ${number(idleSample.anonymous)}`,
      'predicted: what a call of the first tenth takes, in a process of its own that then was idle, times calls; of the log, times those of its last hours',
      `the log keeps ${LOG_RETENTION_HOURS} hours, so that its files go within the day; all else is as by default`,
    ],
    samples: { beginning, day },
  };
}

function bySixths(samples: readonly Sample[], of: (sample: Sample) => number): string {
  const sixths = [0, 1, 2, 3, 4, 5].map((sixth) =>
    samples.filter((_, at) => Math.floor((at / samples.length) * 6) === sixth).map(of),
  );
  return sixths
    .filter(({ length }) => length > 0)
    .map((own) => number(median(own)))
    .join(', ');
}
