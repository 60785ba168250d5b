import type { Pairs, RequestEvent } from '@throughline/contracts/request-event';
import type { BodyEncoding, RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import { packVersion } from '@throughline/contracts/version';
import { asText, decodeBody } from '@throughline/providers/decode-body';
import type { ProviderReading } from '@throughline/providers/provider-reading';
import { readCall } from '@throughline/providers/read-call';

/** What one request event becomes, before its owner's epoch is known. */
export interface BuiltRows {
  readonly row: Omit<RequestRow, 'version'>;
  readonly bodies: Omit<RequestBodyRow, 'version'>;
}

const DAY_MS = 86_400_000;

/**
 * Parse and price one call: decompress each body once, read it once, and shape its two rows. Pure, and the only place
 * where bodies are looked into.
 *
 * @param offset of the event in the log; part of the rows' key.
 */
export function buildRequestRow(event: RequestEvent, offset: number): BuiltRows {
  const request = openBody(event.request_body);
  const response = openBody(event.response_body);
  const reading = readCall({
    provider: event.provider,
    method: event.method,
    targetUrl: event.target_url,
    path: event.path,
    status: event.status,
    requestContentType: event.request_body.content_type,
    responseContentType: event.response_body.content_type,
    requestText: request.text,
    responseText: response.text,
    requestTruncated: event.request_body.truncated || request.cut,
    responseTruncated: event.response_body.truncated || response.cut,
    modelOverride: event.model_override,
    requestAt: event.request_at,
    responseHeaders: event.response_headers,
  });
  // A time far from the appender's own would open table partitions at will and sort rows where no window looks.
  const orderedAt = Math.min(Math.max(event.request_at, event.received_at - 400 * DAY_MS), event.received_at + DAY_MS);
  const error = findError(event, reading);
  const trace = parseTraceparent(event.trace.traceparent);
  const sessionId = event.session?.id ?? '';
  const row: Omit<RequestRow, 'version'> = {
    ...reading.tokens,
    tenant_id: event.tenant_id,
    event_id: event.event_id,
    request_id: event.request_id,
    request_id_chosen: event.request_id_chosen,
    session_id: sessionId,
    session_name: event.session?.name ?? '',
    session_path: event.session?.path ?? '',
    session_rule: event.session?.rule ?? '',
    user_id: event.user_id || reading.bodyUser,
    properties: storedProperties(event),
    scores: [],
    request_at: event.request_at,
    first_byte_at: event.first_byte_at,
    response_at: event.response_at,
    received_at: event.received_at,
    ordered_at: orderedAt,
    time_clamped: orderedAt !== event.request_at,
    latency_ms: Math.max(0, event.response_at - event.request_at),
    time_to_first_token_ms:
      reading.streamed && event.first_byte_at !== null ? Math.max(0, event.first_byte_at - event.request_at) : null,
    provider: event.provider,
    target_url: event.target_url,
    method: event.method,
    path: event.path,
    status: event.status,
    is_error: error !== null,
    error_type: error?.type ?? '',
    error_message: error?.message ?? '',
    abort_reason: event.abort_reason,
    finish_reason: reading.finishReason,
    streamed: reading.streamed,
    step_kind: reading.stepKind,
    model: reading.model,
    request_model: reading.requestModel,
    response_model: reading.responseModel,
    usage_complete: reading.usageComplete && event.abort_reason === '',
    cost_pico: reading.costPico,
    cost_source: reading.costSource,
    price_version: reading.priceVersion,
    request_bytes: event.request_body.size,
    response_bytes: event.response_body.size,
    request_truncated: event.request_body.truncated,
    response_truncated: event.response_body.truncated,
    request_content_type: event.request_body.content_type,
    response_content_type: event.response_body.content_type,
    request_headers: event.request_headers,
    response_headers: event.response_headers,
    trace_id: trace.traceId,
    span_id: event.event_id.replaceAll('-', '').slice(-16),
    parent_span_id: trace.parentSpanId,
    producer_id: event.producer.id,
    producer_seq: event.producer.seq,
    source_partition: event.partition,
    source_offset: offset,
  };
  return {
    row,
    bodies: {
      tenant_id: event.tenant_id,
      session_id: sessionId,
      ordered_at: orderedAt,
      request_id: event.request_id,
      source_partition: event.partition,
      source_offset: offset,
      received_at: event.received_at,
      request_body: request.stored,
      request_encoding: request.encoding,
      response_body: response.stored,
      response_encoding: response.encoding,
    },
  };
}

/** The rows' version: whoever commits the totals of this offset under the highest epoch wins in the rows as well. */
export function stampVersion(built: BuiltRows, epoch: number): { row: RequestRow; bodies: RequestBodyRow } {
  const version = packVersion(built.row.source_offset, epoch);
  return { row: { ...built.row, version }, bodies: { ...built.bodies, version } };
}

interface OpenedBody {
  readonly text: string | undefined;
  readonly stored: Uint8Array;
  readonly encoding: BodyEncoding;
  /** The compressed bytes ended before their end. */
  readonly cut: boolean;
}

/** Text is stored decompressed; what is no text, or cannot be decompressed, is stored as it came, and says how. */
function openBody(body: RequestEvent['request_body']): OpenedBody {
  const decoded = decodeBody(body.bytes, body.encoding);
  if (!decoded.ok) return { text: undefined, stored: body.bytes, encoding: body.encoding, cut: false };
  const text = asText(decoded.bytes, body.truncated || decoded.truncated);
  if (text !== undefined) return { text, stored: decoded.bytes, encoding: 'utf8', cut: decoded.truncated };
  return { text, stored: body.bytes, encoding: body.encoding === '' ? 'bytes' : body.encoding, cut: decoded.truncated };
}

/** A request is an error when its status is outside 200–399, or an error was found in a 2xx body or stream. */
function findError(event: RequestEvent, reading: ProviderReading): { type: string; message: string } | null {
  if (event.status === -3) return { type: 'cancelled', message: 'the client closed the connection' };
  if (reading.error) return reading.error;
  if (event.abort_reason !== '') return { type: event.abort_reason, message: '' };
  if (event.status < 200 || event.status > 399) return { type: `status_${event.status}`, message: '' };
  return null;
}

/** Custom properties and, with the capitalisation of the wire contract, those rebuilt from the session headers. */
function storedProperties(event: RequestEvent): Pairs {
  if (event.session === null) return event.properties;
  const { id, name, path } = event.session;
  const properties: [string, string][] = [...(event.properties as [string, string][]), ['Helicone-Session-Id', id]];
  if (name !== '') properties.push(['Helicone-Session-Name', name]);
  if (path !== '') properties.push(['Helicone-Session-Path', path]);
  return properties;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/;

function parseTraceparent(text: string): { traceId: string; parentSpanId: string } {
  const match = TRACEPARENT.exec(text);
  return { traceId: match?.[1] ?? '', parentSpanId: match?.[2] ?? '' };
}
