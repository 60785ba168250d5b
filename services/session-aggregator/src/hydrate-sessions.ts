import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { unpackVersion } from '@throughline/contracts/version';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { SessionStub } from '@throughline/session-totals/session-totals';
import { decodeSessionState } from '@throughline/session-totals/state-codec';
import { chunkKeys } from './chunk-keys.ts';
import { readSessionAnnotations } from './read-annotations.ts';
import { readSessionRows } from './read-request-rows.ts';
import { createSessionFolder } from './session/fold-session.ts';
import { sessionKeyText } from './session-key-text.ts';

/**
 * The complete state of evicted sessions, from their newest snapshots. A snapshot that is missing, or older than its stub
 * says, is made good from the session's rows.
 *
 * @throws Error when the rows do not reach as far as the stub either: counting on from there would lose requests.
 */
export async function hydrateSessions(
  analytics: AnalyticsStore,
  stubs: readonly SessionStub[],
): Promise<SessionState[]> {
  const states: SessionState[] = [];
  for (const part of chunkKeys(stubs)) {
    const rows = await analytics.query<{ tenant_id: string; session_id: string; packed: string; newest: string }>({
      sql: HYDRATE_SQL,
      params: { tenants: part.map((stub) => stub.tenantId), sessions: part.map((stub) => stub.sessionId) },
      settings: { max_execution_time: 60 },
    });
    const byKey = new Map(
      rows.map((row) => [sessionKeyText({ tenantId: row.tenant_id, sessionId: row.session_id }), row]),
    );
    for (const stub of part) {
      const row = byKey.get(sessionKeyText(stub));
      const isCurrent = row !== undefined && BigInt(row.newest) >= stub.snapshotVersion;
      states.push(
        isCurrent ? decodeSessionState(Buffer.from(row.packed, 'base64')) : await refoldSession(analytics, stub),
      );
    }
  }
  return states;
}

async function refoldSession(analytics: AnalyticsStore, stub: SessionStub): Promise<SessionState> {
  const { offset } = unpackVersion(stub.snapshotVersion);
  const asked = { tenantId: stub.tenantId, sessionIds: [stub.sessionId] };
  const folder = createSessionFolder(undefined);
  let applied = -1;
  for await (const rows of readSessionRows(analytics, asked, offset)) {
    for (const row of rows) folder.add(row);
    applied = rows.at(-1)!.source_offset;
  }
  const annotations = await readSessionAnnotations(analytics, asked, offset);
  for (const annotation of annotations) folder.annotate(annotation);
  applied = Math.max(applied, annotations.at(-1)?.source_offset ?? -1);
  if (applied !== offset && !(applied >= 0 && (await isDeletion(analytics, folder.result(), offset)))) {
    const what = `of session ${JSON.stringify(stub.sessionId)} of tenant ${JSON.stringify(stub.tenantId)}`;
    throw new Error(`the snapshot ${what} is gone, and its rows end at offset ${applied} instead of ${offset}`);
  }
  return folder.result();
}

/** A deletion that took the last of a session's requests is what its snapshot reflects, and is no row of the session. */
async function isDeletion(
  analytics: AnalyticsStore,
  { tenantId, partition }: SessionState,
  offset: number,
): Promise<boolean> {
  const found = await analytics.query({
    sql: `
SELECT 1 AS found FROM annotations
WHERE tenant_id = {tenant:String} AND source_partition = {partition:UInt16} AND source_offset = {offset:UInt64}
  AND target = 'partition'
LIMIT 1`,
    params: { tenant: tenantId, partition, offset },
    settings: { max_execution_time: 60 },
  });
  return found.length > 0;
}

// The keys give created_at, with which `sessions` is read by its sort key. A session may have published several.
const HYDRATE_SQL = `
SELECT tenant_id, session_id, base64Encode(argMax(state, version)) AS packed, max(version) AS newest
FROM sessions
WHERE (tenant_id, created_at, session_id) IN (
  SELECT tenant_id, created_at, session_id
  FROM session_keys
  WHERE (tenant_id, session_id) IN arrayZip({tenants:Array(String)}, {sessions:Array(String)})
) AND is_deleted = 0
GROUP BY tenant_id, session_id`;
