import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { bucketMs, bucketSql, POINTS_MAX, type TimeGrid, tooManyPoints } from '../time-buckets.ts';
import { matchingRequests } from './matching-requests.ts';
import type { RangeSelection } from './requests-over-time.ts';

/**
 * Sums of each score by interval, in order of time, then of the score's name; intervals without it are left out.
 *
 * @throws ApiError `too-many-intervals` for more of them than an answer has points.
 */
export async function scoresOverTime(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: RangeSelection,
  grid: TimeGrid,
): Promise<{ atMs: number; name: string; sum: number }[]> {
  const source = matchingRequests(selection);
  const bucket = bucketSql(grid);
  const rows = await analytics.query<{ at: number; name: string; total: number | string }>({
    // Compensated: whatever the order in which rows are read, the sum is the same but for its last digit.
    sql: `
SELECT at, score.1 AS name, sumKahan(score.2) AS total
FROM (
  SELECT ${bucket.sql} AS at, arrayJoin(arrayZip(mapKeys(r.scores), mapValues(r.scores))) AS score
  FROM ${source.sql}
)
GROUP BY at, name
ORDER BY at, name
LIMIT {limit:UInt32}`,
    params: { ...source.params, ...bucket.params, limit: POINTS_MAX + 1 },
    settings: FINAL,
  });
  if (rows.length > POINTS_MAX) throw tooManyPoints(grid.increment);
  return rows.map(({ at, name, total }) => ({ atMs: bucketMs(at, grid), name, sum: Number(total) }));
}
