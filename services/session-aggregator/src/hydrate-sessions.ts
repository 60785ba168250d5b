import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { SessionStub } from '@throughline/session-totals/session-totals';
import { decodeSessionState } from '@throughline/session-totals/state-codec';

/** Keys asked for in one query: an IN list that stays far below the engine's bound on query size. */
const KEYS_PER_QUERY = 500;

/**
 * The complete state of evicted sessions, from their newest snapshots.
 *
 * @throws Error when a snapshot is missing or older than its stub says: counting on from there would lose requests.
 */
export async function hydrateSessions(
  analytics: AnalyticsStore,
  stubs: readonly SessionStub[],
): Promise<SessionState[]> {
  const states: SessionState[] = [];
  for (let from = 0; from < stubs.length; from += KEYS_PER_QUERY) {
    const part = stubs.slice(from, from + KEYS_PER_QUERY);
    const rows = await analytics.query<{ tenant_id: string; session_id: string; state: string; version: string }>({
      sql: HYDRATE_SQL,
      params: { tenants: part.map((stub) => stub.tenantId), sessions: part.map((stub) => stub.sessionId) },
    });
    const byKey = new Map(rows.map((row) => [`${row.tenant_id}\0${row.session_id}`, row]));
    for (const stub of part) {
      const row = byKey.get(`${stub.tenantId}\0${stub.sessionId}`);
      if (!row || BigInt(row.version) < stub.snapshotVersion) {
        throw new Error(
          `the snapshot of session ${JSON.stringify(stub.sessionId)} is ${row ? 'older than' : 'missing for'} version ${stub.snapshotVersion}`,
        );
      }
      states.push(decodeSessionState(Buffer.from(row.state, 'base64')));
    }
  }
  return states;
}

// The keys give created_at, with which `sessions` is read by its sort key. A session may have published several.
const HYDRATE_SQL = `
SELECT tenant_id, session_id, base64Encode(argMax(state, version)) AS state, max(version) AS version
FROM sessions
WHERE (tenant_id, created_at, session_id) IN (
  SELECT tenant_id, created_at, session_id
  FROM session_keys
  WHERE (tenant_id, session_id) IN arrayZip({tenants:Array(String)}, {sessions:Array(String)})
) AND is_deleted = 0
GROUP BY tenant_id, session_id`;
