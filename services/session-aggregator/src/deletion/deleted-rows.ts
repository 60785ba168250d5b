import type { QueryParam } from '@throughline/analytics/analytics-store';
import type { AnnotationRow, DeletionPlan } from '@throughline/contracts/annotation-row';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import type { LedgerExceptionRow, SessionRow } from '@throughline/contracts/session-row';
import type { SessionKey } from '@throughline/session-totals/session-totals';
import { chunkKeys } from '../chunk-keys.ts';
import type { StoredDeletion } from './stored-deletions.ts';

// What takes the place of deleted rows until their bytes are purged. A tombstone has the key of its row and every column
// that rows are searched by before the engine looks for the newest version of each (session, user): a search would find
// the older version alone otherwise, and show it.

/** A condition of SQL with its values. */
export interface Condition {
  readonly sql: string;
  readonly params: Readonly<Record<string, QueryParam>>;
}

/** The rows of `requests` that a deletion takes, those of each condition. They lie before it in its tenant and partition. */
export function deletedRequests({ row, plan }: StoredDeletion): Condition[] {
  const before = beforeDeletion(row);
  const { change } = plan;
  switch (change.kind) {
    case 'delete-sessions':
      return ofSessions(row, goneSessions(plan));
    case 'delete-user':
      return [{ sql: `${before.sql} AND user_id = {user:String}`, params: { ...before.params, user: change.user } }];
    case 'delete-calls':
      return [callsBefore(row, change.before)];
    default:
      return [];
  }
}

/** Sessions that a deletion leaves nothing of. One that was made once more from the log takes all that it names. */
export function goneSessions({ change, gone }: DeletionPlan): readonly string[] {
  return gone ?? (change.kind === 'delete-sessions' ? change.sessions : []);
}

/** The rows of `request_bodies` that a deletion of bodies empties, those of each condition. */
export function emptiedBodies({ row, plan }: StoredDeletion): Condition[] {
  const { change } = plan;
  if (change.kind === 'delete-call-bodies') return [callsBefore(row, change.before)];
  return change.kind === 'delete-bodies' ? ofSessions(row, plan.kept ?? []) : [];
}

function ofSessions(row: AnnotationRow, sessionIds: readonly string[]): Condition[] {
  const before = beforeDeletion(row);
  const keys = sessionIds.map((sessionId) => ({ tenantId: row.tenant_id, sessionId }));
  return Array.from(chunkKeys(keys), (part) => ({
    sql: `${before.sql} AND session_id IN {sessions:Array(String)}`,
    params: { ...before.params, sessions: part.map(({ sessionId }) => sessionId) },
  }));
}

/** What of its tenant and partition lies before a deletion. */
export function beforeDeletion(
  row: Pick<AnnotationRow, 'tenant_id' | 'source_partition' | 'source_offset'>,
): Condition {
  return {
    sql: 'tenant_id = {tenant:String} AND source_partition = {partition:UInt16} AND source_offset < {at:UInt64}',
    params: { tenant: row.tenant_id, partition: row.source_partition, at: row.source_offset },
  };
}

function callsBefore(row: AnnotationRow, atMs: number): Condition {
  const before = beforeDeletion(row);
  return {
    sql: `${before.sql} AND session_id = '' AND received_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')`,
    params: { ...before.params, before: Math.floor(atMs) },
  };
}

/** Key of a row, and what its tombstones keep of it. */
export type DeletedRequest = Pick<
  RequestRow,
  | 'tenant_id'
  | 'event_id'
  | 'request_id'
  | 'session_id'
  | 'user_id'
  | 'ordered_at'
  | 'received_at'
  | 'producer_id'
  | 'producer_seq'
  | 'source_partition'
  | 'source_offset'
>;

export function requestTombstone(request: DeletedRequest, version: bigint): RequestRow {
  return { ...EMPTY_REQUEST, ...request, version, is_deleted: 1 };
}

export function annotationTombstone(annotation: AnnotationRow, version: bigint): AnnotationRow {
  return { ...annotation, name: '', value: '', version, is_deleted: 1 };
}

export function emptyBodies(
  bodies: Omit<RequestBodyRow, 'version' | 'request_body' | 'request_encoding' | 'response_body' | 'response_encoding'>,
  version: bigint,
): RequestBodyRow {
  return {
    ...bodies,
    version,
    request_body: NO_BYTES,
    request_encoding: 'deleted',
    response_body: NO_BYTES,
    response_encoding: 'deleted',
  };
}

/** What the ledger says of a deleted request or annotation: nothing that it held. */
export function deletedEntry(
  row: DeletedRequest | AnnotationRow,
  { change }: DeletionPlan,
  version: bigint,
): LedgerExceptionRow {
  const why =
    change.kind === 'delete-calls' ? 'retention' : change.kind === 'delete-sessions' ? change.reason : 'asked';
  return {
    source_partition: row.source_partition,
    source_offset: row.source_offset,
    through_offset: row.source_offset,
    kind: 'deleted',
    reason: `${why}: deletion ${change.id}`,
    tenant_id: row.tenant_id,
    event_id: row.event_id,
    request_id: '',
    producer_id: row.producer_id,
    producer_seq: row.producer_seq,
    count: 1,
    received_at: row.received_at,
    version,
  };
}

/** Hides the snapshots of a session under one of the keys that it was published with. */
export function sessionTombstone(
  { tenantId, sessionId }: SessionKey,
  createdAt: number,
  { partition, offset, version }: { readonly partition: number; readonly offset: number; readonly version: bigint },
): SessionRow {
  return {
    tenant_id: tenantId,
    session_id: sessionId,
    created_at: createdAt,
    latest_request_at: 0,
    latest_response_at: 0,
    updated_at: 0,
    session_name: '',
    session_names: [],
    user_ids: [],
    models: [],
    providers: [],
    statuses: [],
    properties: [],
    truncated_fields: [],
    total_requests: 0,
    error_count: 0,
    unpriced_requests: 0,
    prompt_tokens: 0n,
    completion_tokens: 0n,
    reasoning_tokens: 0n,
    prompt_cache_read_tokens: 0n,
    prompt_cache_write_tokens: 0n,
    prompt_audio_tokens: 0n,
    completion_audio_tokens: 0n,
    total_cost_pico: 0n,
    latency_ms_sum: 0n,
    p95_latency_ms: 0,
    tag: null,
    feedback: null,
    scores: [],
    last_received_at: 0,
    deleted_bodies: false,
    state: NO_BYTES,
    source_partition: partition,
    applied: offset,
    version,
    steps: [],
    paths: [],
    is_deleted: 1,
  };
}

const NO_BYTES = new Uint8Array(0);

const EMPTY_REQUEST: Omit<RequestRow, keyof DeletedRequest | 'version'> = {
  request_id_chosen: false,
  session_name: '',
  session_path: '',
  session_rule: '',
  properties: [],
  scores: [],
  former_properties: [],
  request_at: 0,
  first_byte_at: null,
  response_at: 0,
  time_clamped: false,
  latency_ms: 0,
  time_to_first_token_ms: null,
  provider: '',
  target_url: '',
  method: '',
  path: '',
  status: 0,
  is_error: false,
  error_type: '',
  error_message: '',
  abort_reason: '',
  finish_reason: '',
  streamed: false,
  step_kind: 'llm',
  model: '',
  request_model: '',
  response_model: '',
  usage_complete: false,
  prompt_tokens: null,
  completion_tokens: null,
  reasoning_tokens: 0,
  prompt_cache_read_tokens: 0,
  prompt_cache_write_tokens: 0,
  prompt_cache_write_1h_tokens: 0,
  prompt_audio_tokens: 0,
  completion_audio_tokens: 0,
  cost_pico: null,
  cost_source: 'none',
  price_version: '',
  request_bytes: 0,
  response_bytes: 0,
  request_truncated: false,
  response_truncated: false,
  request_content_type: '',
  response_content_type: '',
  request_headers: [],
  response_headers: [],
  trace_id: '',
  attempts: [],
  cache_reference_id: '',
  webhook: false,
  span_id: '',
  parent_span_id: '',
};
