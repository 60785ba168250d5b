import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { clampTime, TIME_MIN_MS } from '../cursor.ts';
import type { SessionSelection } from './select-sessions.ts';

/** Which sessions of those that began before a window can have a request in it. */
export interface WindowEdges {
  /** None of them began earlier, epoch ms. */
  readonly fromMs: number;
  /** Whether some were going on both when the window began and when it ended. */
  readonly areSpanning: boolean;
}

/** What is true of every window. */
export const UNKNOWN_EDGES: WindowEdges = { fromMs: Number(TIME_MIN_MS), areSpanning: true };

/** Of the sessions that began inside the window alone: they come first in the list's own order. */
export function edgesInside({ startMs }: Pick<SessionSelection, 'startMs'>): WindowEdges {
  return { fromMs: clampTime(startMs + 1), areSpanning: false };
}

/**
 * Looks for sessions that were going on when the window began: with the earliest of them a selection is a range of the
 * sort key of `sessions`, and without any that spans the window no request has to be looked at.
 *
 * Read without FINAL, so that the index on `latest_request_at` finds them: an earlier version of a session may be among
 * them, which makes the range longer and nothing wrong.
 */
export async function readWindowEdges(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
): Promise<WindowEdges> {
  const { tenantId, startMs, endMs } = selection;
  const [row] = await analytics.query<{ first_ms: string | null; spanning: string }>({
    sql: `
SELECT toUnixTimestamp64Milli(minOrNull(created_at)) AS first_ms,
  countIf(latest_request_at >= fromUnixTimestamp64Milli({end:Int64}, 'UTC')) AS spanning
FROM sessions
WHERE tenant_id = {tenant:String} AND created_at <= fromUnixTimestamp64Milli({start:Int64}, 'UTC')
  AND latest_request_at > fromUnixTimestamp64Milli({start:Int64}, 'UTC')`,
    params: { tenant: tenantId, start: startMs, end: endMs },
    settings: { max_threads: 1 },
  });
  // Nobody was going on: no time, or no row at all.
  if (typeof row?.first_ms !== 'string') return edgesInside(selection);
  return { fromMs: Number(row.first_ms), areSpanning: row.spanning !== '0' };
}
