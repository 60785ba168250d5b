import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { encodeRows } from '@throughline/analytics/tables';
import type { SessionKeyRow, SessionRow } from '@throughline/contracts/session-row';
import { sessionRow } from '@throughline/session-totals/describe-session';
import type { SessionState } from '@throughline/session-totals/session-state';
import { chunkKeys } from '../chunk-keys.ts';
import type { CrashPointHook } from '../crash-points.ts';
import { sessionKeyText } from '../session-key-text.ts';

/** A committed session whose snapshot is due. */
export interface DueSnapshot {
  readonly state: SessionState;
  /**
   * What is known of the keys published so far: none, only the current one, or others that need deletion markers.
   * `unknown` after a crash, or where totals may be an older
   * copy: they are looked up.
   */
  readonly keys: 'none' | 'current' | 'others' | 'unknown';
}

/**
 * Publish snapshots. Repeating it is harmless. A session's new key goes into `session_keys` before its snapshot, and
 * the markers that hide it under its old keys go into one insert with it: it is never in no place, in two, or in one
 * where it cannot be found.
 */
export async function publishSnapshotsStep(
  analytics: AnalyticsStore,
  due: readonly DueSnapshot[],
  owner: { epoch: number; now: number },
  crashPoint: CrashPointHook,
): Promise<void> {
  if (due.length === 0) return;
  const rows = due.map(({ state }) => sessionRow(state, { epoch: owner.epoch, updatedAt: owner.now }));
  const newKeys: SessionKeyRow[] = rows
    .filter((_, index) => due[index]!.keys !== 'current')
    .map(({ tenant_id, session_id, created_at, version }) => ({ tenant_id, session_id, created_at, version }));
  if (newKeys.length > 0) await analytics.insert(encodeRows('session_keys', newKeys));
  crashPoint('aggregator:session-keys-published');
  const moved = rows.filter((_, index) => due[index]!.keys === 'others' || due[index]!.keys === 'unknown');
  const markers = await deletionMarkers(analytics, moved);
  await analytics.insert(encodeRows('sessions', [...rows, ...markers]));
  crashPoint('aggregator:sessions-published');
}

/** A marker for each key under which a session was published and is no longer. */
async function deletionMarkers(analytics: AnalyticsStore, moved: readonly SessionRow[]): Promise<SessionRow[]> {
  const markers: SessionRow[] = [];
  const keyed = moved.map((row) => ({ tenantId: row.tenant_id, sessionId: row.session_id, row }));
  for (const part of chunkKeys(keyed)) {
    const current = new Map(part.map((item) => [sessionKeyText(item), item.row]));
    const published = await analytics.query<{ tenant_id: string; session_id: string; created_at_ms: string }>({
      sql: `
SELECT DISTINCT tenant_id, session_id, toUnixTimestamp64Milli(created_at) AS created_at_ms
FROM session_keys
WHERE (tenant_id, session_id) IN arrayZip({tenants:Array(String)}, {sessions:Array(String)})`,
      params: { tenants: part.map(({ tenantId }) => tenantId), sessions: part.map(({ sessionId }) => sessionId) },
      settings: { max_execution_time: 60 },
    });
    for (const { tenant_id: tenantId, session_id: sessionId, created_at_ms } of published) {
      const row = current.get(sessionKeyText({ tenantId, sessionId }))!;
      const createdAt = Number(created_at_ms);
      if (createdAt === row.created_at) continue;
      markers.push({ ...row, created_at: createdAt, state: new Uint8Array(0), is_deleted: 1 });
    }
  }
  return markers;
}
