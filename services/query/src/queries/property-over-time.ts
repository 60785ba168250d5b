import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import { bucketMs, bucketSql, POINTS_MAX, type TimeGrid, tooManyPoints } from '../time-buckets.ts';
import { matchingRequests, type RequestSelection } from './matching-requests.ts';
import { propertyOf } from './property-values.ts';
import { COST_SQL } from './request-sums.ts';

/** What the requests of one interval with one value of a property add up to. */
export interface PropertyPoint {
  readonly atMs: number;
  readonly value: string;
  readonly costPico: bigint;
  readonly requests: number;
}

/**
 * Sums by interval and value of the selected requests that have the property, in that order; none that are empty.
 *
 * @throws ApiError `too-many-intervals` for more of them than an answer has points.
 */
export async function propertyOverTime(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: RequestSelection,
  key: string,
  grid: TimeGrid,
): Promise<PropertyPoint[]> {
  const { value, exists, writer } = propertyOf(key);
  const source = matchingRequests(selection);
  const bucket = bucketSql(grid);
  const rows = await analytics.query<{ at: number; value: string; cost_text: string; requests: string }>({
    sql: `
SELECT ${bucket.sql} AS at, ${value} AS value, toString(${COST_SQL}) AS cost_text, count() AS requests
FROM ${source.sql} AND ${exists}
GROUP BY at, value
ORDER BY at, value
LIMIT {limit:UInt32}`,
    params: { ...source.params, ...bucket.params, ...writer.params, limit: POINTS_MAX + 1 },
    settings: FINAL,
  });
  if (rows.length > POINTS_MAX) throw tooManyPoints(grid.increment);
  return rows.map((row) => ({
    atMs: bucketMs(row.at, grid),
    value: row.value,
    costPico: decimalToPico(row.cost_text),
    requests: Number(row.requests),
  }));
}
