import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { BACKGROUND } from '@throughline/analytics/read-settings';
import type { DeletionPlan } from '@throughline/contracts/annotation-row';
import type { SessionReader } from '../session-cache.ts';
import { sessionKeyText } from '../session-key-text.ts';
import { deletedRequests } from './deleted-rows.ts';
import type { StoredDeletion } from './stored-deletions.ts';

/**
 * What was decided about a deletion whose plan the analytics store has lost, and which was made once more from the log.
 * The committed totals tell: what they do not count any more was deleted.
 */
export async function recoverPlan(
  analytics: AnalyticsStore,
  cache: SessionReader,
  { row, plan }: StoredDeletion,
): Promise<DeletionPlan> {
  const { change, gone, kept } = plan;
  if (gone !== undefined || kept !== undefined) return plan;
  const { tenant_id: tenantId } = row;
  const load = async (sessionIds: readonly string[]) => {
    const states = await cache.load(sessionIds.map((sessionId) => ({ tenantId, sessionId })));
    return (sessionId: string) => states.get(sessionKeyText({ tenantId, sessionId }));
  };
  switch (change.kind) {
    case 'delete-sessions': {
      const stateOf = await load(change.sessions);
      const stored = await countBySession(analytics, tenantId, change.sessions);
      return {
        change,
        gone: change.sessions.filter((id) => (stateOf(id)?.requests ?? -1) !== (stored.get(id) ?? 0)),
        kept: [],
      };
    }
    case 'delete-bodies': {
      const stateOf = await load(change.sessions);
      return { change, gone: [], kept: change.sessions.filter((id) => stateOf(id)?.bodiesDeleted) };
    }
    case 'delete-user': {
      const [condition] = deletedRequests({ row, plan });
      const found = await analytics.query<{ session_id: string }>({
        sql: `SELECT DISTINCT session_id FROM requests FINAL PREWHERE ${condition!.sql} AND session_id != ''`,
        params: condition!.params,
        settings: { ...BACKGROUND, max_result_rows: 10_000_000 },
      });
      const sessionIds = found.map(({ session_id }) => session_id);
      const stateOf = await load(sessionIds);
      return {
        change,
        gone: sessionIds.filter((id) => stateOf(id) === undefined),
        kept: sessionIds.filter((id) => stateOf(id) !== undefined),
      };
    }
    default:
      return { change, gone: [], kept: [] };
  }
}

async function countBySession(
  analytics: AnalyticsStore,
  tenantId: string,
  sessionIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await analytics.query<{ session_id: string; n: string }>({
    sql: `
SELECT session_id, count() AS n FROM requests FINAL
PREWHERE tenant_id = {tenant:String} AND session_id IN {sessions:Array(String)} GROUP BY session_id`,
    params: { tenant: tenantId, sessions: sessionIds },
    settings: BACKGROUND,
  });
  return new Map(rows.map(({ session_id, n }) => [session_id, Number(n)]));
}
