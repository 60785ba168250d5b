import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';

/** Ids that are looked for with one query: some hundred kilobytes of SQL. */
const IDS_PER_QUERY = 10_000;

export interface RequestElsewhere {
  readonly request_id: string;
  /** `''`: in no session. */
  readonly session_id: string;
}

/**
 * A request of one of these ids that the tenant has outside of this session; undefined where there is none.
 *
 * Of a few ids the index of ids reads a few blocks, of thousands as much of the column of ids as is the tenant's. Rows alone are
 * asked: a call of the last moment, whose row is still on its way, is not found.
 */
export async function requestElsewhere(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  sessionId: string,
  ids: readonly string[],
): Promise<RequestElsewhere | undefined> {
  for (let from = 0; from < ids.length; from += IDS_PER_QUERY) {
    const [found] = await analytics.query<RequestElsewhere>({
      // By index, in any version: all of them have the same time and session.
      sql: `
SELECT r.request_id AS request_id, r.session_id AS session_id
FROM requests AS r FINAL
WHERE r.tenant_id = {tenant:String} AND r.request_id IN {ids:Array(String)} AND r.session_id != {session:String}
  AND r.ordered_at IN (
    SELECT ordered_at FROM requests
    WHERE tenant_id = {tenant:String} AND request_id IN {ids:Array(String)} AND session_id != {session:String}
  )
ORDER BY r.request_id, r.session_id
LIMIT 1`,
      params: { tenant: tenantId, session: sessionId, ids: ids.slice(from, from + IDS_PER_QUERY) },
      settings: FINAL,
    });
    if (found) return found;
  }
  return undefined;
}
