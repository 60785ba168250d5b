import { createHash } from 'node:crypto';
import { isUuid } from '@throughline/contracts/ids';
import {
  type CapturedBody,
  IMPORTED_SCHEMA_VERSION,
  type ImportedCall,
  type NewRequestEvent,
} from '@throughline/contracts/request-event';
import type { BundleBody, BundleRequest } from '@throughline/contracts/session-bundle';
import { bytesOfBody } from './bundle-body.ts';

/** The session that a file becomes. */
export interface ImportTarget {
  readonly tenantId: string;
  readonly sessionId: string;
  /** Of its events. */
  readonly partition: number;
  /** It is another one than in the file: its requests get ids of their own. */
  readonly isRenamed: boolean;
}

/**
 * A request of a file as the event that it is recorded by: the same whenever it is made of the same file for the same session.
 *
 * Of a name that stands twice, as of two that were masked, the last is taken: rows have one of each, and totals that are made anew
 * of rows have to be the same. Its id counts as chosen by a caller, so that the owner of its session knows it again when it comes a second time.
 *
 * @param index of the request in its file, from 0.
 */
export function importedEvent(request: BundleRequest, target: ImportTarget, index: number): NewRequestEvent {
  const imported: ImportedCall = {
    time_to_first_token_ms: request.time_to_first_token_ms,
    trace_id: request.trace_id,
    span_id: request.span_id,
    parent_span_id: request.parent_span_id,
    request_encoding: request.request.encoding,
    response_encoding: request.response.encoding,
    scores: lastOfEach(request.scores),
    former_properties: lastOfEach(request.former_properties),
  };
  return {
    kind: 'request',
    schema_version: IMPORTED_SCHEMA_VERSION,
    event_id: importedEventId(request, target, index),
    tenant_id: target.tenantId,
    request_id: importedRequestId(request.request_id, target),
    request_id_chosen: true,
    session: {
      id: target.sessionId,
      name: request.session_name,
      path: request.session_path,
      rule: request.session_rule,
    },
    user_id: request.user_id,
    properties: lastOfEach(request.properties),
    provider: request.provider,
    target_url: request.target_url,
    method: request.method,
    path: request.path,
    request_at: request.request_at,
    first_byte_at: request.first_byte_at,
    response_at: request.response_at,
    status: request.status,
    abort_reason: request.abort_reason,
    request_headers: lastOfEach(request.request_headers),
    response_headers: lastOfEach(request.response_headers),
    request_body: capturedBody(request.request),
    response_body: capturedBody(request.response),
    trace: { traceparent: '', tracestate: '' },
    model_override: '',
    ...(request.cache_reference_id !== '' && { cache_reference_id: request.cache_reference_id }),
    ...(request.attempts.length > 0 && { attempts: request.attempts }),
    reading: {
      step_kind: request.step_kind,
      model: request.model,
      request_model: request.request_model,
      response_model: request.response_model,
      body_user: '',
      streamed: request.streamed,
      tokens: request.tokens,
      usage_complete: request.usage_complete,
      finish_reason: request.finish_reason,
      error: request.error,
      cost_pico: request.cost_pico,
      cost_source: request.cost_source,
      price_version: request.price_version,
    },
    imported,
  };
}

function lastOfEach<T>(pairs: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  return [...new Map(pairs)];
}

/** Under its own id, or beside the session that it was: two requests of one id could not be told apart. */
export function importedRequestId(requestId: string, { tenantId, sessionId, isRenamed }: ImportTarget): string {
  if (!isRenamed) return requestId;
  const hex = digest(tenantId, sessionId, requestId);
  // Version 8 of RFC 9562: made of something of ours.
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * A UUIDv7 as `newEventId` makes them, but of what is known: the time of the one that the request was recorded by, and its place in the
 * file, so that ids of one session sort as they did, which decides between names of the same millisecond.
 */
function importedEventId(
  { event_id, request_at }: BundleRequest,
  { tenantId, sessionId, partition }: ImportTarget,
  index: number,
): string {
  const given =
    isUuid(event_id) && event_id[14] === '7' ? `${event_id.slice(0, 8)}${event_id.slice(9, 13)}` : undefined;
  const time = given ?? Math.max(0, request_at).toString(16).padStart(12, '0');
  const place = partition.toString(16).padStart(3, '0');
  const order = index.toString(16).padStart(5, '0');
  const own = digest(tenantId, sessionId, event_id).slice(0, 10);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${place}-8${order.slice(0, 3)}-${order.slice(3)}${own}`;
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function capturedBody(body: BundleBody): CapturedBody {
  const { size, truncated, content_type } = body;
  return { bytes: bytesOfBody(body), size, truncated, content_type, encoding: '' };
}
