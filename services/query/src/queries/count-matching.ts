import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import type { SessionSums } from './count-sessions.ts';
import { matchingRows } from './list-matching.ts';
import type { SessionSelection } from './select-sessions.ts';

/** `countSessions` over the matching requests only. */
export async function countMatching(analytics: AnalyticsStore, selection: SessionSelection): Promise<SessionSums> {
  const matching = matchingRows(selection);
  const [row] = await analytics.query<{ sessions: string; cost: string; latency: string; requests: string }>({
    sql: `
SELECT count() AS sessions, toString(sum(total_cost)) AS cost, sum(latency_ms_sum) AS latency,
  sum(total_requests) AS requests
FROM (${matching.sql})`,
    params: matching.params,
    settings: FINAL,
  });
  return {
    count: Number(row!.sessions),
    costPico: decimalToPico(row!.cost),
    latencyMs: Number(row!.latency),
    requests: Number(row!.requests),
  };
}
