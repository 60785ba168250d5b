import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { encodeRows } from '@throughline/analytics/tables';
import type { SessionKeyRow, SessionRow } from '@throughline/contracts/session-row';
import { sessionRow } from '@throughline/session-totals/describe-session';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { CrashPointHook } from '../crash-points.ts';

/** A committed session whose snapshot is due. */
export interface DueSnapshot {
  readonly state: SessionState;
  /**
   * What is known of the keys published so far: none, only the current one, or others that need deletion markers.
   * `unknown` after a crash: they are looked up.
   */
  readonly keys: 'none' | 'current' | 'others' | 'unknown';
}

/** Sessions whose published keys are looked up in one query. */
const KEYS_PER_QUERY = 500;

/**
 * Publish snapshots. Repeating it is harmless. A session's new key goes into `session_keys` before its snapshot, and
 * the markers that hide it under its old keys go after, so that at no moment it is in no place or cannot be found there.
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
  await analytics.insert(encodeRows('sessions', rows));
  crashPoint('aggregator:sessions-published');
  const moved = rows.filter((_, index) => due[index]!.keys === 'others' || due[index]!.keys === 'unknown');
  const markers = await deletionMarkers(analytics, moved);
  if (markers.length > 0) await analytics.insert(encodeRows('sessions', markers));
  crashPoint('aggregator:deletion-markers-published');
}

/** A marker for each key under which a session was published and is no longer. */
async function deletionMarkers(analytics: AnalyticsStore, moved: readonly SessionRow[]): Promise<SessionRow[]> {
  const markers: SessionRow[] = [];
  for (let from = 0; from < moved.length; from += KEYS_PER_QUERY) {
    const part = moved.slice(from, from + KEYS_PER_QUERY);
    const current = new Map(part.map((row) => [`${row.tenant_id}\0${row.session_id}`, row]));
    const published = await analytics.query<{ tenant_id: string; session_id: string; created_at_ms: string }>({
      sql: `
SELECT DISTINCT tenant_id, session_id, toUnixTimestamp64Milli(created_at) AS created_at_ms
FROM session_keys
WHERE (tenant_id, session_id) IN arrayZip({tenants:Array(String)}, {sessions:Array(String)})`,
      params: { tenants: part.map((row) => row.tenant_id), sessions: part.map((row) => row.session_id) },
    });
    for (const key of published) {
      const row = current.get(`${key.tenant_id}\0${key.session_id}`)!;
      const createdAt = Number(key.created_at_ms);
      if (createdAt === row.created_at) continue;
      markers.push({ ...row, created_at: createdAt, state: new Uint8Array(0), is_deleted: 1 });
    }
  }
  return markers;
}
