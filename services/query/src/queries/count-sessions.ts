import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import type { SessionSelection } from './select-sessions.ts';
import { type AggregateOver, sessionSource } from './session-source.ts';
import { readWindowEdges } from './window-edges.ts';

/** Sums over the selected sessions. */
export interface SessionSums {
  readonly count: number;
  readonly costPico: bigint;
  readonly latencyMs: number;
  readonly requests: number;
}

/** How many sessions are selected, and what they add up to. */
export async function countSessions(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  over: AggregateOver,
): Promise<SessionSums> {
  const edges = await readWindowEdges(analytics, selection);
  const source = sessionSource({ ...selection, edges }, over);
  const [row] = await analytics.query<{ sessions: string; cost: string; latency: string; requests: string }>({
    sql: `
SELECT count() AS sessions, toString(sum(s.total_cost)) AS cost, sum(s.latency_ms_sum) AS latency,
  sum(s.total_requests) AS requests
FROM ${source.sql}`,
    params: source.params,
    settings: FINAL,
  });
  return {
    count: Number(row!.sessions),
    costPico: decimalToPico(row!.cost),
    latencyMs: Number(row!.latency),
    requests: Number(row!.requests),
  };
}
