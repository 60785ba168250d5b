import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { POINT } from '@throughline/analytics/read-settings';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { SessionTotals } from '@throughline/session-totals/session-totals';
import { decodeSessionState } from '@throughline/session-totals/state-codec';

/**
 * The totals of one session: live, or from its snapshot once it was evicted. Undefined: there is none. One without
 * requests was tagged before its first call.
 */
export async function findSession(
  deps: { totals: Pick<SessionTotals, 'read'>; analytics: Pick<AnalyticsStore, 'query'> },
  tenantId: string,
  sessionId: string,
): Promise<SessionState | undefined> {
  const found = await deps.totals.read({ tenantId, sessionId });
  if (found !== undefined && 'state' in found) return found.state;
  // Evicted, unknown, or its totals are being rebuilt.
  const [row] = await deps.analytics.query<{ packed: string }>({
    sql: `
SELECT base64Encode(state) AS packed FROM sessions FINAL
WHERE tenant_id = {tenant:String} AND session_id = {session:String}
  AND created_at IN (
    SELECT created_at FROM session_keys WHERE tenant_id = {tenant:String} AND session_id = {session:String}
  )
ORDER BY version DESC LIMIT 1`,
    params: { tenant: tenantId, session: sessionId },
    settings: POINT,
  });
  return row && decodeSessionState(Buffer.from(row.packed, 'base64'));
}
