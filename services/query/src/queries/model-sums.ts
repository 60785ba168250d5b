import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { matchingRequests } from './matching-requests.ts';
import { type Sums, type SumsRow, sumsOf } from './request-sums.ts';
import type { RangeSelection } from './requests-over-time.ts';

const NAMES = ['requests', 'promptTokens', 'completionTokens'] as const;

/** What the selected requests to each model add up to, a page of it: most requests first, then by name. */
export async function sumByModel(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: RangeSelection,
  page: { readonly limit: number; readonly offset: number },
): Promise<(Sums<(typeof NAMES)[number]> & { readonly model: string })[]> {
  const source = matchingRequests(selection);
  const { sql, read } = sumsOf(NAMES);
  const rows = await analytics.query<SumsRow<(typeof NAMES)[number]> & { model_name: string }>({
    sql: `
SELECT toString(r.model) AS model_name, ${sql}
FROM ${source.sql}
GROUP BY model_name
ORDER BY requests DESC, model_name ASC
LIMIT {limit:UInt32} OFFSET {offset:UInt64}`,
    params: { ...source.params, limit: page.limit, offset: page.offset },
    settings: FINAL,
  });
  return rows.map((row) => ({ model: row.model_name, ...read(row) }));
}
