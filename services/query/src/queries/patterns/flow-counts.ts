import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { SqlPart } from '../sql-part.ts';
import { foldPath } from './fold-path.ts';
import { isCut, type StepView, stepArrays, viewedPaths } from './step-arrays.ts';

/** Sessions that stand at one position of the flow and go on to the next in the same way. */
export interface FlowCount {
  /** From 1 on. */
  readonly position: number;
  readonly at: Place;
  readonly next: Place | 'end' | 'more';
  /** Whether `next` is a path where they had been before. */
  readonly isLoop: boolean;
  readonly sessions: number;
  /** At this position. */
  readonly requests: number;
  readonly errors: number;
  readonly costPico: bigint;
}

/** A path, or `other`: those that too few sessions have at that position. */
export type Place = { readonly path: string } | 'other';

export interface FlowCounts {
  readonly sessions: number;
  readonly withoutSteps: number;
  readonly counts: readonly FlowCount[];
  /** Whether some path is another one when it is folded, and paths are to be. */
  readonly isFolded: boolean;
}

export interface FlowView extends StepView {
  readonly depthMax: number;
  /** Share of the sessions below which paths of a position are `other`. */
  readonly mergeBelow: number;
}

/** Paths that are told apart, those of most sessions: with 100 paths per session still each that a hundredth has. */
const PATHS_MAX = 10_000;

// Numbers in the place of paths: groups by one whole number are made three times as fast as by texts.
const END = 0;
const OTHER = 1;
const FIRST_PATH = 2;
const MORE = 65_535;

/** Counts of the flow through the selected sessions, `FROM … WHERE …` as `s`. */
export async function countFlow(
  analytics: Pick<AnalyticsStore, 'query'>,
  source: SqlPart,
  view: FlowView,
): Promise<FlowCounts> {
  const asTheyAre = await commonPaths(analytics, source, { ...view, foldPaths: false });
  const isFolded = view.foldPaths === true && asTheyAre.canFold;
  const viewed = { ...view, foldPaths: isFolded };
  const { sessions, withoutSteps, paths } = isFolded ? await commonPaths(analytics, source, viewed) : asTheyAre;
  const known = sessions - withoutSteps;
  if (known === 0) return { sessions, withoutSteps, counts: [], isFolded };
  const rows = await analytics.query<Row>({
    sql: flowSql(source.sql, viewed),
    params: {
      ...source.params,
      flowPaths: paths,
      flowNumbers: paths.map((_, index) => FIRST_PATH + index),
      flowLeast: view.mergeBelow * known,
      flowDepth: view.depthMax,
    },
    settings: FINAL,
  });
  const place = (number: number): Place => (number === OTHER ? 'other' : { path: paths[number - FIRST_PATH]! });
  const counts = rows.map((row): FlowCount => {
    const next = Number(row.next);
    return {
      position: Number(row.position),
      at: place(Number(row.at)),
      next: next === END ? 'end' : next === MORE ? 'more' : place(next),
      isLoop: row.loops === 1,
      sessions: Number(row.sessions),
      requests: Number(row.requests),
      errors: Math.round(Number(row.errors)),
      costPico: BigInt(row.cost),
    };
  });
  return { sessions, withoutSteps, counts, isFolded };
}

interface Row {
  readonly position: string;
  readonly at: string;
  readonly next: string;
  readonly loops: number;
  readonly sessions: string;
  readonly requests: string;
  readonly errors: string | number;
  readonly cost: string;
}

/** How many sessions there are, and the paths that enough of them have to be shown at some position. */
async function commonPaths(
  analytics: Pick<AnalyticsStore, 'query'>,
  source: SqlPart,
  view: FlowView,
): Promise<{ sessions: number; withoutSteps: number; paths: string[]; canFold: boolean }> {
  const { params } = source;
  const ofSession =
    view.pathLevels === undefined && !view.foldPaths
      ? 's.paths.path'
      : `arrayDistinct(${viewedPaths('s.paths.path', view)})`;
  const [[counted], rows] = await Promise.all([
    analytics.query<{ sessions: string; without: string }>({
      sql: `SELECT count() AS sessions, countIf(empty(s.steps.path)) AS without FROM ${source.sql}`,
      params,
      settings: FINAL,
    }),
    // A group by one column of a dictionary: three times as fast as by text.
    analytics.query<{ path: string; sessions: string }>({
      sql: `
SELECT path, count() AS sessions
FROM (SELECT ${ofSession} AS own_paths FROM ${source.sql}) ARRAY JOIN own_paths AS path
GROUP BY path
ORDER BY sessions DESC, path ASC
LIMIT ${PATHS_MAX}`,
      params,
      settings: FINAL,
    }),
  ]);
  const sessions = Number(counted!.sessions);
  const withoutSteps = Number(counted!.without);
  const least = view.mergeBelow * (sessions - withoutSteps);
  return {
    sessions,
    withoutSteps,
    paths: rows.filter((row) => Number(row.sessions) >= least).map(({ path }) => path),
    // So many are hardly anything but numbers and ids.
    canFold: rows.length === PATHS_MAX || rows.some(({ path }) => foldPath(path) !== path),
  };
}

/**
 * Position, loop, path and next path of each step as one number, counted; then those that too few sessions have at a
 * position as `OTHER`. Which step is a loop is told by its own path, shown or not.
 */
function flowSql(source: string, view: FlowView): string {
  const { paths, requests, errors, costPico } = stepArrays('s', view);
  const perSession = `
SELECT ${paths} AS own_paths,
  arrayMap(x -> transform(x, {flowPaths:Array(String)}, {flowNumbers:Array(UInt16)}, toUInt16(${OTHER})), own_paths) AS numbers,
  arrayPushBack(numbers, toUInt16(if(${isCut('s')}, ${MORE}, ${END}))) AS with_end,
  arrayPushBack(arrayEnumerateUniq(own_paths), toUInt32(0)) AS times,
  least(length(numbers), {flowDepth:UInt8}) AS shown,
  arrayMap((position, at, next, nth) -> toUInt64(position) + 64 * (nth > 1) + 128 * toUInt64(at) + 8388608 * toUInt64(next),
    range(1, shown + 1), arraySlice(numbers, 1, shown), arraySlice(with_end, 2, shown), arraySlice(times, 2, shown)) AS keys,
  arraySlice(${requests}, 1, shown) AS calls, arraySlice(${errors}, 1, shown) AS failed,
  arraySlice(${costPico}, 1, shown) AS spent
FROM ${source}`;
  const counted = `
SELECT key, count() AS n, sum(call) AS rq, sum(fail) AS er, sum(toInt128(cost)) AS co
FROM (SELECT keys, calls, failed, spent FROM (${perSession}))
ARRAY JOIN keys AS key, calls AS call, failed AS fail, spent AS cost
GROUP BY key`;
  // Behind the last position that is shown there are no paths.
  const unpacked = `
SELECT bitAnd(key, 63) AS position, bitAnd(bitShiftRight(key, 7), 65535) AS f, bitShiftRight(key, 23) AS own_next,
  if(position = {flowDepth:UInt8} AND own_next != ${END}, ${MORE}, own_next) AS t,
  if(t IN (${END}, ${MORE}), 0, bitAnd(bitShiftRight(key, 6), 1)) AS loops, n, rq, er, co
FROM (${counted})`;
  const summed = `
SELECT position, f, t, loops, n, rq, er, co, sum(n) OVER (PARTITION BY position, f) AS f_sessions,
  sum(n) OVER (PARTITION BY position, t) AS t_sessions
FROM (${unpacked})`;
  return `
SELECT position, if(f_sessions >= {flowLeast:Float64}, f, ${OTHER}) AS at,
  if(t IN (${END}, ${MORE}) OR t_sessions >= {flowLeast:Float64}, t, ${OTHER}) AS next, toUInt8(loops) AS loops,
  sum(n) AS sessions, sum(rq) AS requests, sum(er) AS errors, toString(sum(co)) AS cost
FROM (${summed})
GROUP BY position, at, next, loops
ORDER BY position, at, next, loops`;
}
