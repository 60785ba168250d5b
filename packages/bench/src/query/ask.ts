import { isDeepStrictEqual } from 'node:util';
import { literal } from '@throughline/analytics/literal';
import { fillPlaceholders } from '@throughline/analytics/placeholders';
import { DEFAULT_QUERY_LIMITS, settingsClause } from '@throughline/analytics/query-limits';
import { MEASURING } from '@throughline/analytics/read-settings';
import { interleave } from '../measure/interleave.ts';
import { median, quantile } from '../measure/statistics.ts';
import { timeCalls } from '../measure/time-calls.ts';
import type { EngineSession, ReadStatistics } from './engine-session.ts';
import type { QueryService } from './query-service.ts';
import type { Question } from './questions.ts';

/** A question as it was answered by us and by the raw rows. Times in ms. */
export interface Asked {
  readonly question: Question;
  readonly p50: number;
  readonly p99: number;
  /** CPU of the whole process, engine included, ms per call. */
  readonly cpu: number;
  readonly read: ReadStatistics;
  readonly referenceP50: number;
  readonly referenceCpu: number;
  readonly referenceRead: ReadStatistics;
  /** The reference's time by ours: the median over the rounds. */
  readonly ratio: number;
  /** The same of CPU. */
  readonly cpuRatio: number;
  readonly samples: { readonly ours: readonly Turn[]; readonly reference: readonly Turn[] };
}

/** Calls one after the other: the time of each, and their mean CPU, ms. */
interface Turn {
  readonly times: readonly number[];
  readonly cpu: number;
}

/** Calls of one turn: as many as give a 99th percentile in three rounds, and fewer where each takes long. */
const CALLS_MAX = 40;
const TURN_MS = 2_000;

/**
 * Asks both in turns, after the answer was compared with that of the raw rows.
 *
 * @throws when they differ.
 */
export async function ask(
  { service, engine }: { readonly service: QueryService; readonly engine: EngineSession },
  question: Question,
  rounds: number,
): Promise<Asked> {
  const { answer, queries } = await service.watch(question.call);
  await compare(engine, question, answer);
  const reads = [];
  for (const { sql, params = {}, settings } of queries) {
    const filled = fillPlaceholders(sql, params, literal);
    reads.push(await engine.statistics(`${filled}\n${settingsClause(DEFAULT_QUERY_LIMITS, settings)}`));
  }
  const reference = `${question.reference} SETTINGS use_query_condition_cache = ${MEASURING.use_query_condition_cache}`;
  const referenceRead = await engine.statistics(reference);
  const samples = await interleave(rounds, {
    ours: () => turn(() => service.call(question.call), CALLS_MAX),
    reference: () => turn(() => engine.run(reference), 1),
  });
  const times = samples.ours.flatMap((one) => one.times);
  const against = (of: (one: Turn) => number) =>
    median(samples.reference.map((one, round) => of(one) / of(samples.ours[round]!)));
  return {
    question,
    p50: median(times),
    p99: quantile(times, 0.99),
    cpu: median(samples.ours.map(({ cpu }) => cpu)),
    read: {
      rows: reads.reduce((sum, { rows }) => sum + rows, 0),
      bytes: reads.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    referenceP50: median(samples.reference.flatMap((one) => one.times)),
    referenceCpu: median(samples.reference.map(({ cpu }) => cpu)),
    referenceRead,
    ratio: against((one) => median(one.times)),
    cpuRatio: against(({ cpu }) => cpu),
    samples,
  };
}

async function turn(work: () => Promise<unknown>, callsMax: number): Promise<Turn> {
  const before = process.cpuUsage();
  const times = await timeCalls(work, { forMs: TURN_MS, callsMax });
  const { user, system } = process.cpuUsage(before);
  return { times, cpu: (user + system) / 1_000 / times.length };
}

async function compare(engine: EngineSession, { name, check }: Question, answer: unknown): Promise<void> {
  const expected = await engine.rows(`${check.sql} SETTINGS ${CHECKING}`);
  const given = check.read(answer);
  if (expected.length === 0) throw new Error(`${name}: the data holds nothing of it`);
  if (isDeepStrictEqual(given, expected)) return;
  const at = expected.findIndex((row, index) => !isDeepStrictEqual(row, given[index]));
  throw new Error(
    `${name}: the answer differs. ${given.length} rows, ${expected.length} expected; number ${at} is ${JSON.stringify(given[at])}, expected ${JSON.stringify(expected[at])}`,
  );
}

/** Grouping all rows of a tenant by session takes memory. */
const CHECKING =
  'max_memory_usage = 6000000000, do_not_merge_across_partitions_select_final = 1, max_execution_time = 0';
