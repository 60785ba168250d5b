import { isUuid } from '@throughline/contracts/ids';
import {
  type CallTrace,
  type CapturedBody,
  EVENT_SCHEMA_VERSION,
  type EventSession,
  type LoggedCall,
  type NewRequestEvent,
  type Pairs,
} from '@throughline/contracts/request-event';
import { maskCredentials } from '../request/mask-credentials.ts';

/** A call as whoever logged it tells of it. Times are epoch milliseconds of the caller's clock. */
export interface LoggedFacts {
  readonly session: EventSession | null;
  readonly userId: string;
  readonly properties: Pairs;
  readonly provider: string;
  readonly url: string;
  readonly method: string;
  /** A UUID that the caller chose; anything else: none. */
  readonly requestId: string;
  readonly requestAt: number;
  readonly firstByteAt: number | null;
  readonly responseAt: number;
  readonly status: number;
  readonly requestBody: CapturedBody;
  readonly responseBody: CapturedBody;
  readonly responseHeaders: Pairs;
  readonly trace: CallTrace;
  readonly modelOverride: string;
  /** Webhooks of the tenant are told of it. Left out: none is. */
  readonly webhook?: boolean;
  readonly logged: LoggedCall;
}

/** @param tenantId `''` while it is not known. @param eventId of ours, naming the partition of tenant and session. */
export function loggedEvent(tenantId: string, eventId: string, facts: LoggedFacts): NewRequestEvent {
  const chosen = isUuid(facts.requestId);
  const { url, path } = targetOf(facts.url);
  return {
    kind: 'request',
    schema_version: EVENT_SCHEMA_VERSION,
    event_id: eventId,
    tenant_id: tenantId,
    request_id: chosen ? facts.requestId.toLowerCase() : eventId,
    request_id_chosen: chosen,
    session: facts.session,
    user_id: facts.userId,
    properties: facts.properties,
    provider: facts.provider,
    target_url: url,
    method: facts.method,
    path,
    request_at: facts.requestAt,
    first_byte_at: facts.firstByteAt,
    response_at: facts.responseAt,
    status: facts.status,
    abort_reason: facts.status === CANCELLED ? 'client-aborted' : '',
    request_headers: [],
    response_headers: facts.responseHeaders,
    request_body: facts.requestBody,
    response_body: facts.responseBody,
    trace: facts.trace,
    model_override: facts.modelOverride,
    logged: facts.logged,
    ...(facts.webhook && { webhook: true as const }),
  };
}

/** A body made of text, or its bytes, that was part of something else. @param bytesMax beyond which only its beginning is kept. */
export function bodyOf(text: string | Uint8Array, contentType: string, bytesMax: number): CapturedBody {
  const whole = typeof text === 'string' ? Buffer.from(text) : text;
  const truncated = whole.length > bytesMax;
  const bytes = truncated ? whole.subarray(0, bytesMax) : whole;
  return { bytes, size: whole.length, truncated, content_type: contentType, encoding: '' };
}

/** A status as the log holds it: whole, and within what rows hold. */
export function wholeStatus(status: number): number {
  return Math.min(Math.max(Math.trunc(status), -STATUS_MAX), STATUS_MAX);
}

/** The client closed the stream before its end. */
const CANCELLED = -3;
const STATUS_MAX = 32_767;

/** Longer ones are cut: as long as proxies take them. */
const URL_CHARS_MAX = 8_192;

/** Clients mostly send a word of their own for a URL, which then stands for the path as well. */
function targetOf(given: string): { url: string; path: string } {
  const text = given.slice(0, URL_CHARS_MAX);
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  if (!url) return { url: maskCredentials(text), path: maskCredentials(text) };
  const path = maskCredentials(url.pathname + url.search);
  // The origin alone: a name and password in the URL stay out of the log.
  return { url: url.origin + path, path };
}
