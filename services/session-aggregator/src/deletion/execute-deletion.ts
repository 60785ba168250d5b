import type { AnalyticsStore, TableName } from '@throughline/analytics/analytics-store';
import { BACKGROUND } from '@throughline/analytics/read-settings';
import { encodeRows, type TableRows } from '@throughline/analytics/tables';
import type { AnnotationRow, DeletionProgress } from '@throughline/contracts/annotation-row';
import type { RequestBodyRow } from '@throughline/contracts/request-row';
import { packVersion } from '@throughline/contracts/version';
import { chunkKeys } from '../chunk-keys.ts';
import type { CrashPointHook } from '../crash-points.ts';
import { readRequestAnnotations, readSessionAnnotations } from '../read-annotations.ts';
import {
  annotationTombstone,
  type Condition,
  type DeletedRequest,
  deletedEntry,
  deletedRequests,
  emptiedBodies,
  emptyBodies,
  goneSessions,
  requestTombstone,
  sessionTombstone,
} from './deleted-rows.ts';
import type { StoredDeletion } from './stored-deletions.ts';

export interface DeletionExecution {
  readonly analytics: AnalyticsStore;
  /** Of the owner: its tombstones win over whatever others wrote before. */
  readonly epoch: number;
  /** Publishes the sessions that are not what they were, as their totals are now. */
  readonly publish: (tenantId: string, sessionIds: readonly string[]) => Promise<void>;
  readonly crashPoint: CrashPointHook;
}

/** Rows hidden at a time: keys, ids and a few numbers of each are in memory. */
const ROWS_MAX = 5_000;

/**
 * Carries out a deletion whose totals are committed: nothing reads what it takes from here on. The bytes go later
 * (`purge-deleted.ts`). May be repeated, after a crash at any point and when parts of it were lost: what is hidden already
 * is passed over.
 *
 * Each row is in the ledger before it is hidden, so that no offset is ever nowhere.
 */
export async function executeDeletion(deletion: StoredDeletion, execution: DeletionExecution): Promise<void> {
  const { analytics, epoch, crashPoint } = execution;
  const { row, plan } = deletion;
  const version = packVersion(row.source_offset, epoch);
  const insert = async <T extends TableName>(table: T, rows: readonly TableRows[T][]) => {
    if (rows.length > 0) await analytics.insert(encodeRows(table, rows));
  };
  const hide = async (requests: readonly DeletedRequest[], annotations: readonly AnnotationRow[]) => {
    await insert(
      'ledger_exceptions',
      [...requests, ...annotations].map((hidden) => deletedEntry(hidden, plan, version)),
    );
    crashPoint('aggregator:deletion-in-ledger');
    await insert(
      'annotations',
      annotations.map((annotation) => annotationTombstone(annotation, version)),
    );
    crashPoint('aggregator:deletion-annotations-hidden');
    await insert(
      'requests',
      requests.map((request) => requestTombstone(request, version)),
    );
    crashPoint('aggregator:deletion-requests-hidden');
  };

  for await (const requests of visibleRequests(analytics, deletion)) {
    await hide(
      requests,
      await readRequestAnnotations(analytics, row.source_partition, requests, row.source_offset - 1),
    );
  }
  const { tenant_id: tenantId, source_partition: partition, source_offset: offset } = row;
  for (const sessionIds of parts(tenantId, goneSessions(plan))) {
    const annotations = await readSessionAnnotations(analytics, { tenantId, sessionIds }, offset - 1);
    for (let next = 0; next < annotations.length; next += ROWS_MAX) {
      await hide([], annotations.slice(next, next + ROWS_MAX));
    }
    await insert(
      'sessions',
      (await publishedKeys(analytics, tenantId, sessionIds)).map(({ sessionId, createdAt }) =>
        sessionTombstone({ tenantId, sessionId }, createdAt, { partition, offset, version }),
      ),
    );
    crashPoint('aggregator:deletion-snapshots-hidden');
  }
  for await (const bodies of visibleBodies(analytics, deletion)) {
    await insert(
      'request_bodies',
      bodies.map((body) => emptyBodies(body, version)),
    );
    crashPoint('aggregator:deletion-bodies-emptied');
  }
  for (const sessionIds of parts(tenantId, plan.kept ?? [])) await execution.publish(tenantId, sessionIds);
  // Of a later version than any that an owner writes when it meets the deletion once more.
  const done: AnnotationRow = {
    ...row,
    name: 'done' satisfies DeletionProgress,
    version: packVersion(row.source_offset + 1, epoch),
  };
  await insert('annotations', [done]);
  crashPoint('aggregator:deletion-done');
}

function parts(tenantId: string, sessionIds: readonly string[]): string[][] {
  const keys = sessionIds.map((sessionId) => ({ tenantId, sessionId }));
  return Array.from(chunkKeys(keys), (part) => part.map(({ sessionId }) => sessionId));
}

async function* visibleRequests(
  analytics: AnalyticsStore,
  deletion: StoredDeletion,
): AsyncGenerator<readonly DeletedRequest[]> {
  for (const condition of deletedRequests(deletion)) yield* requestsOf(analytics, condition);
}

async function* requestsOf(analytics: AnalyticsStore, condition: Condition): AsyncGenerator<readonly DeletedRequest[]> {
  for (let next = 0; ; ) {
    const rows = await analytics.query<StoredKey>({
      // PREWHERE, because with FINAL the engine moves no condition there itself: tombstones have what is asked for, too.
      sql: `
SELECT tenant_id, event_id, request_id, session_id, user_id, producer_id, producer_seq, source_partition, source_offset,
  toUnixTimestamp64Milli(ordered_at) AS ordered_at_ms, toUnixTimestamp64Milli(received_at) AS received_at_ms
FROM requests FINAL PREWHERE ${condition.sql} AND source_offset >= {next:UInt64}
ORDER BY source_offset LIMIT ${ROWS_MAX}`,
      params: { ...condition.params, next },
      settings: BACKGROUND,
    });
    if (rows.length === 0) return;
    yield rows.map(({ ordered_at_ms, received_at_ms, producer_seq, source_offset, ...texts }) => ({
      ...texts,
      producer_seq: Number(producer_seq),
      source_offset: Number(source_offset),
      ordered_at: Number(ordered_at_ms),
      received_at: Number(received_at_ms),
    }));
    next = Number(rows.at(-1)!.source_offset) + 1;
  }
}

type StoredKey = Omit<DeletedRequest, 'producer_seq' | 'source_offset' | 'ordered_at' | 'received_at'> &
  Readonly<Record<'producer_seq' | 'source_offset' | 'ordered_at_ms' | 'received_at_ms', string>>;

type BodyKey = Parameters<typeof emptyBodies>[0];

async function* visibleBodies(analytics: AnalyticsStore, deletion: StoredDeletion): AsyncGenerator<readonly BodyKey[]> {
  for (const condition of emptiedBodies(deletion)) yield* bodiesOf(analytics, condition);
}

async function* bodiesOf(analytics: AnalyticsStore, condition: Condition): AsyncGenerator<readonly BodyKey[]> {
  for (let next = 0; ; ) {
    const rows = await analytics.query<
      Pick<RequestBodyRow, 'tenant_id' | 'session_id' | 'request_id' | 'source_partition'> &
        Readonly<Record<'source_offset' | 'ordered_at_ms' | 'received_at_ms', string>>
    >({
      sql: `
SELECT tenant_id, session_id, request_id, source_partition, source_offset,
  toUnixTimestamp64Milli(ordered_at) AS ordered_at_ms, toUnixTimestamp64Milli(received_at) AS received_at_ms
FROM request_bodies FINAL PREWHERE ${condition.sql} AND source_offset >= {next:UInt64}
WHERE request_encoding != 'deleted'
ORDER BY source_offset LIMIT ${ROWS_MAX}`,
      params: { ...condition.params, next },
      settings: BACKGROUND,
    });
    if (rows.length === 0) return;
    yield rows.map(({ ordered_at_ms, received_at_ms, source_offset, ...texts }) => ({
      ...texts,
      source_offset: Number(source_offset),
      ordered_at: Number(ordered_at_ms),
      received_at: Number(received_at_ms),
    }));
    next = Number(rows.at(-1)!.source_offset) + 1;
  }
}

async function publishedKeys(
  analytics: AnalyticsStore,
  tenantId: string,
  sessionIds: readonly string[],
): Promise<{ sessionId: string; createdAt: number }[]> {
  const rows = await analytics.query<{ session_id: string; created_at_ms: string }>({
    sql: `
SELECT DISTINCT session_id, toUnixTimestamp64Milli(created_at) AS created_at_ms
FROM session_keys WHERE tenant_id = {tenant:String} AND session_id IN {sessions:Array(String)}`,
    params: { tenant: tenantId, sessions: sessionIds },
    settings: { max_execution_time: 60 },
  });
  return rows.map((row) => ({ sessionId: row.session_id, createdAt: Number(row.created_at_ms) }));
}
