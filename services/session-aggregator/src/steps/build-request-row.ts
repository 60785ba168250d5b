import { type CapturedBody, OMITTED, type Pairs, type RequestEvent } from '@throughline/contracts/request-event';
import type { BodyEncoding, RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import { packVersion } from '@throughline/contracts/version';
import { callOf, MISSING, type OpenedBody, openBody } from '@throughline/providers/call-of-event';
import { fromCallReading } from '@throughline/providers/call-reading';
import { readCallToEstimate, type Uncounted } from '@throughline/providers/estimate/estimate-call';
import type { CapturedCall, ProviderReading } from '@throughline/providers/provider-reading';
import { readCall } from '@throughline/providers/read-call';
import { NO_TOKENS } from '@throughline/providers/reported-usage';
import { wellFormed } from '../well-formed.ts';
import { wholeMs } from '../whole-ms.ts';

/** What one request event becomes, before its owner's epoch is known. */
export interface BuiltRows {
  readonly row: Omit<RequestRow, 'version'>;
  readonly bodies: Omit<RequestBodyRow, 'version'>;
}

const DAY_MS = 86_400_000;

/** What the column holds; HTTP ends at 999, our own codes at −100. */
const STATUS_MIN = -0x8000;
const STATUS_MAX = 0x7fff;

const TOKEN_COUNTS = [
  'prompt_tokens',
  'completion_tokens',
  'reasoning_tokens',
  'prompt_cache_read_tokens',
  'prompt_cache_write_tokens',
  'prompt_cache_write_1h_tokens',
  'prompt_audio_tokens',
  'completion_audio_tokens',
] as const satisfies (keyof RequestRow)[];

/** Rows that lack nothing but tokens which their provider never told, and which may be estimated. */
export interface UncountedRows {
  readonly uncounted: Pick<Uncounted, 'encoding' | 'texts'>;
  /** @param counts as `Uncounted.complete` takes them. @throws RangeError for counts that no column holds. */
  build(counts: readonly number[]): BuiltRows;
}

/**
 * Parse and price one call: decompress each body once, read it once, and shape its two rows. Pure.
 *
 * Whatever the event holds fits the columns: text is well-formed, as it will be read back, times are whole milliseconds.
 *
 * @param partition that the event was read from, and `offset` in it: part of the rows' key, never taken from the event.
 * @throws RangeError for counts that no column holds.
 */
export function buildRequestRow(event: RequestEvent, partition: number, offset: number): BuiltRows {
  const opened = openEvent(event, partition, offset);
  return rowsOf(opened, event.reading ? fromCallReading(event.reading) : readCall(opened.call));
}

/** The same, but for tokens that are to be counted first. */
export function buildCountableRow(event: RequestEvent, partition: number, offset: number): BuiltRows | UncountedRows {
  const opened = openEvent(event, partition, offset);
  // What was masked or left out does not say any more what it said: whoever did that has read it.
  const said = event.reading && fromCallReading(event.reading);
  if (said && (event.imported || isOmitted(event) || !lacksUsage(said))) return rowsOf(opened, said);
  if (event.cache_reference_id) return rowsOf(opened, said ?? readCall(opened.call));
  const { reading, uncounted } = readCallToEstimate(opened.call);
  if (!uncounted) return rowsOf(opened, said ?? reading);
  return { uncounted, build: (counts) => rowsOf(opened, withEstimate(uncounted.complete(counts), said)) };
}

/** Its tokens were counted before, as far as they can be. */
function isOmitted({ request_body, response_body }: RequestEvent): boolean {
  return request_body.encoding === OMITTED || response_body.encoding === OMITTED;
}

function lacksUsage({ tokens, usageComplete }: ProviderReading): boolean {
  return !usageComplete && tokens.prompt_tokens === null && tokens.completion_tokens === null;
}

/** @param said what the call said before it was masked; its tokens are estimated by what is left of it. */
function withEstimate(estimated: ProviderReading, said: ProviderReading | undefined): ProviderReading {
  if (!said) return estimated;
  const { tokens, usageComplete, costPico, costSource, priceVersion } = estimated;
  return { ...said, tokens, usageComplete, costPico, costSource, priceVersion };
}

interface OpenedEvent {
  readonly event: RequestEvent;
  readonly partition: number;
  readonly offset: number;
  readonly request: OpenedBody;
  readonly response: OpenedBody;
  readonly call: CapturedCall;
}

function openEvent(event: RequestEvent, partition: number, offset: number): OpenedEvent {
  const isCut = event.abort_reason !== '';
  const { imported } = event;
  const request = imported
    ? openImported(event.request_body, imported.request_encoding)
    : openBody(event.request_body, isCut);
  const response = imported
    ? openImported(event.response_body, imported.response_encoding)
    : openBody(event.response_body, isCut);
  const call = callOf(event, request, response);
  return { event, partition, offset, request, response, call };
}

/** It is stored as it was stored where it was recorded, and is read no more. */
function openImported(body: CapturedBody, encoding: BodyEncoding): OpenedBody {
  return {
    text: undefined,
    decoded: undefined,
    stored: body.bytes,
    encoding: body.stored ? MISSING : encoding,
    cut: false,
  };
}

function rowsOf({ event, partition, offset, request, response }: OpenedEvent, said: ProviderReading): BuiltRows {
  const cacheReferenceId = wellFormed(event.cache_reference_id ?? '');
  const reading = cacheReferenceId === '' || event.imported ? said : { ...said, ...PAID_BEFORE };
  const requestAt = wholeMs(event.request_at);
  const responseAt = wholeMs(event.response_at);
  const receivedAt = wholeMs(event.received_at);
  const firstByteAt = event.first_byte_at === null ? null : wholeMs(event.first_byte_at);
  // A time far from the appender's own would open table partitions at will and sort rows where no window looks.
  const orderedAt = Math.min(Math.max(requestAt, receivedAt - 400 * DAY_MS), receivedAt + DAY_MS);
  const error = findError(event, reading);
  const trace = traceOf(event);
  const tenantId = wellFormed(event.tenant_id);
  const requestId = wellFormed(event.request_id);
  const sessionId = wellFormed(event.session?.id ?? '');
  const { tokens } = reading;
  // Each field by name: an object that begins with a spread grows with every one that follows, ten times the garbage.
  const row: Omit<RequestRow, 'version'> = {
    prompt_tokens: tokens.prompt_tokens,
    completion_tokens: tokens.completion_tokens,
    reasoning_tokens: tokens.reasoning_tokens,
    prompt_cache_read_tokens: tokens.prompt_cache_read_tokens,
    prompt_cache_write_tokens: tokens.prompt_cache_write_tokens,
    prompt_cache_write_1h_tokens: tokens.prompt_cache_write_1h_tokens,
    prompt_audio_tokens: tokens.prompt_audio_tokens,
    completion_audio_tokens: tokens.completion_audio_tokens,
    tenant_id: tenantId,
    event_id: wellFormed(event.event_id),
    request_id: requestId,
    request_id_chosen: event.request_id_chosen,
    session_id: sessionId,
    session_name: wellFormed(event.session?.name ?? ''),
    session_path: wellFormed(event.session?.path ?? ''),
    session_rule: wellFormed(event.session?.rule ?? ''),
    user_id: wellFormed(event.user_id || reading.bodyUser),
    properties: wellFormedPairs(storedProperties(event)),
    scores: wellFormedScores(event.imported?.scores ?? []),
    former_properties: wellFormedSets(event.imported?.former_properties ?? []),
    request_at: requestAt,
    first_byte_at: firstByteAt,
    response_at: responseAt,
    received_at: receivedAt,
    ordered_at: orderedAt,
    time_clamped: orderedAt !== requestAt,
    latency_ms: Math.max(0, responseAt - requestAt),
    time_to_first_token_ms: event.imported ? event.imported.time_to_first_token_ms : timeToFirstToken(event, reading),
    provider: wellFormed(event.provider),
    target_url: wellFormed(event.target_url),
    method: wellFormed(event.method),
    path: wellFormed(event.path),
    status: storedStatus(event.status),
    is_error: error !== null,
    error_type: wellFormed(error?.type ?? ''),
    error_message: wellFormed(error?.message ?? ''),
    abort_reason: wellFormed(event.abort_reason),
    finish_reason: wellFormed(reading.finishReason),
    streamed: reading.streamed,
    step_kind: reading.stepKind,
    model: wellFormed(reading.model),
    request_model: wellFormed(reading.requestModel),
    response_model: wellFormed(reading.responseModel),
    usage_complete: reading.usageComplete && event.abort_reason === '',
    cost_pico: reading.costPico,
    cost_source: reading.costSource,
    price_version: reading.priceVersion,
    request_bytes: event.request_body.size,
    response_bytes: event.response_body.size,
    request_truncated: event.request_body.truncated || request.encoding === MISSING,
    response_truncated: event.response_body.truncated || response.encoding === MISSING,
    request_content_type: wellFormed(event.request_body.content_type),
    response_content_type: wellFormed(event.response_body.content_type),
    request_headers: wellFormedPairs(event.request_headers),
    response_headers: wellFormedPairs(event.response_headers),
    attempts: (event.attempts ?? []).map(({ target, status, latency_ms }) => ({
      target: wellFormed(target),
      status: storedStatus(status),
      latency_ms: Math.max(0, wholeMs(latency_ms)),
    })),
    cache_reference_id: cacheReferenceId,
    webhook: event.webhook === true,
    trace_id: wellFormed(trace.traceId),
    span_id: wellFormed(trace.spanId),
    parent_span_id: wellFormed(trace.parentSpanId),
    producer_id: wellFormed(event.producer.id),
    producer_seq: event.producer.seq,
    source_partition: partition,
    source_offset: offset,
  };
  for (const name of TOKEN_COUNTS) {
    const count = row[name];
    if (count !== null && !(Number.isSafeInteger(count) && count >= 0)) throw new RangeError(`${name} is ${count}`);
  }
  return {
    row,
    bodies: {
      tenant_id: tenantId,
      session_id: sessionId,
      ordered_at: orderedAt,
      request_id: requestId,
      source_partition: partition,
      source_offset: offset,
      received_at: receivedAt,
      request_body: request.stored,
      request_encoding: wellFormed(request.encoding),
      response_body: response.stored,
      response_encoding: wellFormed(response.encoding),
    },
  };
}

/** What an answer that another call was given before has of its own. */
const PAID_BEFORE = {
  tokens: { ...NO_TOKENS, prompt_tokens: 0, completion_tokens: 0 },
  usageComplete: true,
  costPico: 0n,
  costSource: 'none',
  priceVersion: '',
} as const;

/** The rows' version: whoever commits the totals of this offset under the highest epoch wins in the rows as well. */
export function stampVersion(built: BuiltRows, epoch: number): { row: RequestRow; bodies: RequestBodyRow } {
  const version = packVersion(built.row.source_offset, epoch);
  return { row: { ...built.row, version }, bodies: { ...built.bodies, version } };
}

function storedStatus(status: number): number {
  return Math.min(Math.max(status, STATUS_MIN), STATUS_MAX);
}

/** A request is an error when its status is outside 200–399, or an error was found in a 2xx body or stream. */
function findError(event: RequestEvent, reading: ProviderReading): { type: string; message: string } | null {
  if (event.imported) return reading.error;
  if (event.status === -3) return { type: 'cancelled', message: 'the client closed the connection' };
  const isFailed = event.status < 200 || event.status > 399;
  const type = event.abort_reason || (isFailed ? `status_${event.status}` : '');
  // Bodies whose error is a mere text say nothing of its kind; our own, of a provider that cannot be reached, is one.
  if (reading.error) return reading.error.type === '' ? { ...reading.error, type } : reading.error;
  return type === '' ? null : { type, message: '' };
}

function wellFormedPairs(pairs: Pairs): Pairs {
  const isFine = pairs.every(([name, value]) => name.isWellFormed() && value.isWellFormed());
  return isFine ? pairs : pairs.map(([name, value]) => [wellFormed(name), wellFormed(value)]);
}

function wellFormedScores(scores: RequestRow['scores']): RequestRow['scores'] {
  return scores.map(([name, value]) => [wellFormed(name), value]);
}

function wellFormedSets(sets: RequestRow['former_properties']): RequestRow['former_properties'] {
  return sets.map(([key, values]) => [wellFormed(key), values.map(wellFormed)]);
}

/** Who logs a call says so only of a stream, whose text may not look like one any more. */
function timeToFirstToken(event: RequestEvent, reading: ProviderReading): number | null {
  if (event.first_byte_at === null || !(reading.streamed || event.logged !== undefined)) return null;
  return Math.max(0, wholeMs(event.first_byte_at) - wholeMs(event.request_at));
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

/**
 * Where the call is in a trace: as the gateway's span, if it made one, below the caller's. Without one, the call is a span
 * of the caller's trace all the same, by an id made from its own.
 */
function traceOf(event: RequestEvent): { traceId: string; spanId: string; parentSpanId: string } {
  const { event_id, trace, imported } = event;
  if (imported) {
    return { traceId: imported.trace_id, spanId: imported.span_id, parentSpanId: imported.parent_span_id };
  }
  const caller = readTraceparent(trace.traceparent);
  const own = readTraceparent(trace.span ?? '');
  if (own.traceId === '') {
    return { traceId: caller.traceId, spanId: event_id.replaceAll('-', '').slice(-16), parentSpanId: caller.spanId };
  }
  // A gateway that could not follow the caller's trace has begun one.
  return { ...own, parentSpanId: own.traceId === caller.traceId ? caller.spanId : '' };
}

function readTraceparent(text: string): { traceId: string; spanId: string } {
  const match = TRACEPARENT.exec(text);
  return { traceId: match?.[1] ?? '', spanId: match?.[2] ?? '' };
}
