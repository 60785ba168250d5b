import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { QuantileMetric } from '@throughline/contracts/api/metrics-query';
import { bucketMs, bucketSql, bucketStarts, POINTS_MAX, type TimeGrid, tooManyPoints } from '../time-buckets.ts';
import type { TimeRange } from '../time-range.ts';
import { matchingRequests, type RequestSelection } from './matching-requests.ts';
import { type Sum, type Sums, type SumsRow, sumsOf, TOTAL_TOKENS_SQL } from './request-sums.ts';

/** Requests over time are always asked for within a range: how else would it be filled. */
export type RangeSelection = RequestSelection & { readonly range: TimeRange };

/** An interval and what the selected requests in it come to; undefined where there are none. */
export interface Point<T> {
  readonly atMs: number;
  readonly of: T | undefined;
}

/**
 * Sums of every interval of the range, ascending, the empty ones included.
 *
 * @throws ApiError `too-many-intervals`
 */
export async function sumsOverTime<S extends Sum>(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: RangeSelection,
  grid: TimeGrid,
  names: readonly S[],
): Promise<Point<Sums<S>>[]> {
  const starts = bucketStarts(selection.range, grid);
  const source = matchingRequests(selection);
  const bucket = bucketSql(grid);
  const { sql, read } = sumsOf(names);
  const rows = await analytics.query<SumsRow<S> & { at: number }>({
    sql: `SELECT ${bucket.sql} AS at, ${sql} FROM ${source.sql} GROUP BY at`,
    params: { ...source.params, ...bucket.params },
    settings: FINAL,
  });
  const byStart = new Map(rows.map((row) => [bucketMs(row.at, grid), read(row)]));
  return starts.map((atMs) => ({ atMs, of: byStart.get(atMs) }));
}

/**
 * How many requests ended in each status, for every interval of the range and every status that occurs in it: by time,
 * then by status.
 *
 * @throws ApiError `too-many-intervals`, also when there are too many statuses for so many intervals.
 */
export async function statusesOverTime(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: RangeSelection,
  grid: TimeGrid,
): Promise<{ atMs: number; status: number; requests: number }[]> {
  const starts = bucketStarts(selection.range, grid);
  const source = matchingRequests(selection);
  const bucket = bucketSql(grid);
  const rows = await analytics.query<{ at: number; status: number; requests: string }>({
    sql: `
SELECT ${bucket.sql} AS at, r.status AS status, count() AS requests
FROM ${source.sql}
GROUP BY at, status`,
    params: { ...source.params, ...bucket.params },
    settings: FINAL,
  });
  const statuses = [...new Set(rows.map(({ status }) => status))].sort((a, b) => a - b);
  if (starts.length * statuses.length > POINTS_MAX) throw tooManyPoints(grid.increment);
  const byKey = new Map(rows.map(({ at, status, requests }) => [`${bucketMs(at, grid)} ${status}`, Number(requests)]));
  return starts.flatMap((atMs) =>
    statuses.map((status) => ({ atMs, status, requests: byKey.get(`${atMs} ${status}`) ?? 0 })),
  );
}

export const QUANTILES = [0.75, 0.9, 0.95, 0.99] as const;

const QUANTILE_SQL: Readonly<Record<QuantileMetric, string>> = {
  latency: 'r.latency_ms',
  time_to_first_token: 'r.time_to_first_token_ms',
  prompt_tokens: 'r.prompt_tokens',
  completion_tokens: 'r.completion_tokens',
  total_tokens: TOTAL_TOKENS_SQL,
  cost: 'toFloat64(r.cost)',
};

/**
 * Quantiles (`QUANTILES`) of every interval of the range, exact, linear between two values; undefined where nothing is
 * known of any request.
 *
 * @throws ApiError `too-many-intervals`
 */
export async function quantilesOverTime(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: RangeSelection,
  grid: TimeGrid,
  metric: QuantileMetric,
): Promise<Point<readonly number[]>[]> {
  const starts = bucketStarts(selection.range, grid);
  const source = matchingRequests(selection);
  const bucket = bucketSql(grid);
  const value = QUANTILE_SQL[metric];
  const rows = await analytics.query<{ at: number; quantiles: readonly number[] }>({
    sql: `
SELECT ${bucket.sql} AS at, quantilesExactInclusive(${QUANTILES.join(', ')})(assumeNotNull(${value})) AS quantiles
FROM ${source.sql} AND ${value} IS NOT NULL
GROUP BY at`,
    params: { ...source.params, ...bucket.params },
    settings: FINAL,
  });
  const byStart = new Map(rows.map((row) => [bucketMs(row.at, grid), row.quantiles.map(Number)]));
  return starts.map((atMs) => ({ atMs, of: byStart.get(atMs) }));
}
