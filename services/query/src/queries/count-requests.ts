import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { scoredSql } from './list-requests.ts';
import { matchingRequests, type RequestSelection } from './matching-requests.ts';

/** How many rows `listRequests` would page through. */
export async function countRequests(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: RequestSelection & { readonly isScored: boolean | undefined },
): Promise<number> {
  const matching = matchingRequests(selection);
  const [row] = await analytics.query<{ requests: string }>({
    sql: `SELECT count() AS requests FROM ${matching.sql} AND ${scoredSql(selection.isScored)}`,
    params: matching.params,
    settings: FINAL,
  });
  return Number(row!.requests);
}
