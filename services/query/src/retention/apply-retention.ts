import type { AnalyticsStore, QueryParam } from '@throughline/analytics/analytics-store';
import { BACKGROUND } from '@throughline/analytics/read-settings';
import { DELETED_SESSIONS_MAX, type Deletion } from '@throughline/contracts/annotation';
import { newEventId } from '@throughline/contracts/ids';
import { ANNOTATION_SCHEMA_VERSION } from '@throughline/contracts/request-event';
import type { EventAppender } from '@throughline/event-log/event-log';
import { listTenants } from '../tenants/tenants.ts';

export interface RetentionSettings {
  /** How long what a tenant recorded is kept after a session's last activity, days; undefined: for good. */
  readonly retentionDays: number | undefined;
  /** The same of bodies alone. */
  readonly bodyRetentionDays: number | undefined;
}

export interface RetentionDeps {
  readonly analytics: Pick<AnalyticsStore, 'query'>;
  readonly appender: Pick<EventAppender, 'append' | 'partitions'>;
  /** What holds for tenants without settings of their own. */
  readonly settings: RetentionSettings;
  readonly clock: { now(): number };
}

/** Sessions of one tenant that one run names: what an hour of a busy day records. The next run names the others. */
const SESSIONS_MAX = 50_000;
/** Characters of session ids in one event, which has to fit a message of the log. */
const CHARS_MAX = 200_000;
const DAY_MS = 86_400_000;

/** `id` is given when it is sent. */
type Draft<T = Deletion> = T extends Deletion ? Omit<T, 'id'> : never;

/**
 * Asks for the deletion of what has been kept long enough, of every tenant: whole sessions, by their last activity. Who
 * owns a session's partition decides, so that one that has gone on meanwhile is left alone. Several processes may do so
 * at once: what is deleted is not deleted again.
 *
 * @returns how many events were appended.
 * @throws whatever the store or the log throws; what was appended holds.
 */
export async function applyRetention({ analytics, appender, settings, clock }: RetentionDeps): Promise<number> {
  let appended = 0;
  for (const { id: tenantId, retentionDays, bodyRetentionDays } of await listTenants(analytics)) {
    const now = clock.now();
    const days = retentionDays ?? settings.retentionDays;
    const bodyDays = bodyRetentionDays ?? settings.bodyRetentionDays;
    const drafts: Draft[] = [];
    if (days !== undefined) drafts.push(...(await expired(analytics, tenantId, now - days * DAY_MS)));
    if (bodyDays !== undefined && (days === undefined || bodyDays < days)) {
      drafts.push(...(await expiredBodies(analytics, tenantId, now - bodyDays * DAY_MS)));
    }
    for (const draft of drafts) {
      await appender.append({
        kind: 'annotation',
        schema_version: ANNOTATION_SCHEMA_VERSION,
        event_id: newEventId(draft.partition % appender.partitions, now),
        tenant_id: tenantId,
        session: null,
        request: null,
        change: { ...draft, id: newEventId(0, now) } as Deletion,
      });
      appended++;
    }
  }
  return appended;
}

async function expired(analytics: RetentionDeps['analytics'], tenantId: string, beforeMs: number): Promise<Draft[]> {
  const sessions = await inactiveSessions(analytics, tenantId, beforeMs, '1');
  const calls = await partitionsOf(analytics, 'requests', '1', tenantId, beforeMs);
  return [
    ...sessions.map((of): Draft => ({ kind: 'delete-sessions', ...of, reason: 'retention', inactive_since: beforeMs })),
    ...calls.map((partition): Draft => ({ kind: 'delete-calls', partition, before: beforeMs })),
  ];
}

async function expiredBodies(
  analytics: RetentionDeps['analytics'],
  tenantId: string,
  beforeMs: number,
): Promise<Draft[]> {
  const withBodies = `total_requests > 0 AND session_id IN (
    SELECT session_id FROM request_bodies FINAL
    WHERE tenant_id = {tenant:String} AND session_id != '' AND ${RECEIVED_BEFORE} AND ${THERE}
  )`;
  const sessions = await inactiveSessions(analytics, tenantId, beforeMs, withBodies);
  const calls = await partitionsOf(analytics, 'request_bodies', THERE, tenantId, beforeMs);
  return [
    ...sessions.map((of): Draft => ({ kind: 'delete-bodies', ...of, inactive_since: beforeMs })),
    ...calls.map((partition): Draft => ({ kind: 'delete-call-bodies', partition, before: beforeMs })),
  ];
}

const RECEIVED_BEFORE = "received_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')";
const THERE = "request_encoding != 'deleted'";

/** Sessions whose snapshots say that nothing came for so long, by partition, as many as an event names. */
async function inactiveSessions(
  analytics: RetentionDeps['analytics'],
  tenantId: string,
  beforeMs: number,
  condition: string,
): Promise<{ partition: number; sessions: string[] }[]> {
  const rows = await read<{ session_id: string; source_partition: number }>(
    analytics,
    `
SELECT session_id, source_partition FROM sessions FINAL
WHERE tenant_id = {tenant:String} AND latest_request_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')
  AND last_received_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC') AND ${condition}
ORDER BY created_at, session_id LIMIT ${SESSIONS_MAX}`,
    { tenant: tenantId, before: Math.floor(beforeMs) },
  );
  const parts: { partition: number; sessions: string[] }[] = [];
  for (const [partition, own] of Map.groupBy(rows, ({ source_partition }) => source_partition)) {
    let sessions: string[] = [];
    let chars = 0;
    for (const { session_id } of own) {
      if (sessions.length >= DELETED_SESSIONS_MAX || (sessions.length > 0 && chars + session_id.length > CHARS_MAX)) {
        parts.push({ partition, sessions });
        sessions = [];
        chars = 0;
      }
      sessions.push(session_id);
      chars += session_id.length;
    }
    parts.push({ partition, sessions });
  }
  return parts;
}

/** Partitions with calls without a session that were received before an instant. */
async function partitionsOf(
  analytics: RetentionDeps['analytics'],
  table: 'requests' | 'request_bodies',
  condition: string,
  tenantId: string,
  beforeMs: number,
): Promise<number[]> {
  const rows = await read<{ source_partition: number }>(
    analytics,
    `
SELECT DISTINCT source_partition FROM ${table} FINAL
WHERE tenant_id = {tenant:String} AND session_id = '' AND ${RECEIVED_BEFORE} AND ${condition}
ORDER BY source_partition`,
    { tenant: tenantId, before: Math.floor(beforeMs) },
  );
  return rows.map(({ source_partition }) => source_partition);
}

function read<Row>(
  analytics: RetentionDeps['analytics'],
  sql: string,
  params: Readonly<Record<string, QueryParam>>,
): Promise<Row[]> {
  return analytics.query<Row>({ sql, params, settings: BACKGROUND });
}
