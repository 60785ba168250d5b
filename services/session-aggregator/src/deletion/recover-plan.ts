import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { BACKGROUND, WITH_TOMBSTONES } from '@throughline/analytics/read-settings';
import type { AnnotationRow, DeletionPlan } from '@throughline/contracts/annotation-row';
import { packVersion } from '@throughline/contracts/version';
import { chunkKeys } from '../chunk-keys.ts';
import { beforeDeletion, type Condition, deletedRequests } from './deleted-rows.ts';
import type { StoredDeletion } from './stored-deletions.ts';

/**
 * What was decided about a deletion whose plan the analytics store has lost, and which was made once more from the log:
 * the same again, from the rows of before it. Those that are hidden already count among them as long as they are not
 * purged: their tombstones have kept whose they are and when they were received. So it does not matter how much of the
 * deletion was carried out, nor what has become of the totals.
 *
 * Sessions of which nothing is known are taken for gone: whatever may be left of them is hidden then.
 */
export async function recoverPlan(
  analytics: Pick<AnalyticsStore, 'query'>,
  { row, plan }: StoredDeletion,
): Promise<DeletionPlan> {
  const { change, gone, kept } = plan;
  if (gone !== undefined || kept !== undefined) return plan;
  switch (change.kind) {
    case 'delete-sessions': {
      const sessions = [...new Set(change.sessions)];
      if (change.inactive_since === null) return { change, gone: sessions, kept: [] };
      const active = await activeSince(analytics, row, sessions, change.inactive_since);
      return { change, gone: sessions.filter((id) => !active.has(id)), kept: [] };
    }
    case 'delete-bodies': {
      const sessions = [...new Set(change.sessions)];
      const active = await activeSince(analytics, row, sessions, change.inactive_since);
      return { change, gone: [], kept: sessions.filter((id) => !active.has(id)) };
    }
    case 'delete-user': {
      const touched = await touchedSessions(analytics, { row, plan });
      const others = await sessionsOfOthers(analytics, row, touched, change.user);
      return {
        change,
        gone: touched.filter((id) => !others.has(id)),
        kept: touched.filter((id) => others.has(id)),
      };
    }
    default:
      return { change, gone: [], kept: [] };
  }
}

/** Sessions with requests of a user who is deleted, also those whose requests were hidden by the same deletion already. */
export async function touchedSessions(
  analytics: Pick<AnalyticsStore, 'query'>,
  deletion: StoredDeletion,
): Promise<string[]> {
  const [condition] = deletedRequests(deletion);
  const rows = await analytics.query<{ session_id: string }>({
    sql: `
SELECT DISTINCT session_id FROM requests FINAL PREWHERE ${condition!.sql} AND session_id != ''
WHERE ${WAS_THERE} ORDER BY session_id`,
    params: { ...condition!.params, ...wasThere(deletion.row) },
    settings: { ...SETTINGS, max_result_rows: 10_000_000 },
  });
  return rows.map(({ session_id }) => session_id);
}

/** Which of these sessions had received something at or after an instant when they were to be deleted. */
async function activeSince(
  analytics: Pick<AnalyticsStore, 'query'>,
  row: AnnotationRow,
  sessionIds: readonly string[],
  sinceMs: number,
): Promise<ReadonlySet<string>> {
  return await sessionsWith(analytics, row, sessionIds, ({ sql }) => ({
    sql: `
SELECT DISTINCT session_id FROM requests FINAL PREWHERE ${sql} WHERE ${WAS_THERE} AND ${RECEIVED_SINCE}
UNION DISTINCT
SELECT DISTINCT session_id FROM annotations FINAL PREWHERE ${sql} WHERE ${WAS_THERE} AND ${RECEIVED_SINCE}`,
    params: { since: sinceMs },
  }));
}

/** Which of these sessions had requests of others than a user. */
async function sessionsOfOthers(
  analytics: Pick<AnalyticsStore, 'query'>,
  row: AnnotationRow,
  sessionIds: readonly string[],
  user: string,
): Promise<ReadonlySet<string>> {
  return await sessionsWith(analytics, row, sessionIds, ({ sql }) => ({
    sql: `SELECT DISTINCT session_id FROM requests FINAL PREWHERE ${sql} AND user_id != {user:String} WHERE ${WAS_THERE}`,
    params: { user },
  }));
}

async function sessionsWith(
  analytics: Pick<AnalyticsStore, 'query'>,
  row: AnnotationRow,
  sessionIds: readonly string[],
  ask: (ofSessions: Condition) => Condition,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const before = beforeDeletion(row);
  for (const part of chunkKeys(sessionIds.map((sessionId) => ({ tenantId: row.tenant_id, sessionId })))) {
    const sessions = part.map(({ sessionId }) => sessionId);
    const ofSessions = { sql: `${before.sql} AND session_id IN {sessions:Array(String)}`, params: before.params };
    const { sql, params } = ask(ofSessions);
    const rows = await analytics.query<{ session_id: string }>({
      sql,
      params: { ...ofSessions.params, ...params, ...wasThere(row), sessions },
      settings: SETTINGS,
    });
    for (const { session_id } of rows) found.add(session_id);
  }
  return found;
}

/** Just before the deletion: the version of a tombstone begins with the offset of the deletion that has put it there. */
const WAS_THERE = '(is_deleted = 0 OR version >= {deletedFrom:UInt64})';

function wasThere(row: AnnotationRow): Condition['params'] {
  return { deletedFrom: packVersion(row.source_offset, 0) };
}

// A double, as the deletion has it: an instant between two milliseconds is behind the earlier one.
const RECEIVED_SINCE = 'toUnixTimestamp64Milli(received_at) >= {since:Float64}';

const SETTINGS = { ...BACKGROUND, ...WITH_TOMBSTONES } as const;
