import {
  type CallAttempt,
  type CallTrace,
  type CapturedBody,
  EVENT_SCHEMA_VERSION,
  type EventSession,
  type NewRequestEvent,
  type Pairs,
} from '@throughline/contracts/request-event';
import type { CallHeaders } from '../request/call-headers.ts';
import { maskCredentials } from '../request/mask-credentials.ts';

/** What is known of a call before it goes upstream. */
export interface CallFacts {
  readonly headers: CallHeaders;
  readonly method: string;
  /** Path and query for the provider, verbatim. */
  readonly path: string;
  readonly origin: string;
  readonly provider: string;
  readonly eventId: string;
  readonly requestId: string;
  readonly requestIdChosen: boolean;
  readonly requestAt: number;
  /** As headers name it. */
  readonly session: EventSession | null;
}

/** How it went. */
export interface CallOutcome {
  readonly status: number;
  readonly abortReason: NewRequestEvent['abort_reason'];
  readonly firstByteAt: number | null;
  readonly responseAt: number;
  readonly requestBody: CapturedBody;
  readonly responseBody: CapturedBody;
  readonly responseHeaders: Pairs;
  /** `traceparent` of the gateway's own span; undefined while it does not trace. */
  readonly span: string | undefined;
  /** Undefined: there was one. */
  readonly attempts?: readonly CallAttempt[] | undefined;
  /** Request id of the call whose answer it was given; undefined: it was given its own. */
  readonly cacheReferenceId?: string | undefined;
}

/** @param session as headers or the body name it. */
export function buildEvent(
  tenantId: string,
  call: CallFacts,
  outcome: CallOutcome,
  session: EventSession | null,
): NewRequestEvent {
  const { headers } = call;
  const path = maskCredentials(call.path);
  return {
    kind: 'request',
    schema_version: EVENT_SCHEMA_VERSION,
    event_id: call.eventId,
    tenant_id: tenantId,
    request_id: call.requestId,
    request_id_chosen: call.requestIdChosen,
    session,
    user_id: headers.userId,
    properties: callProperties(headers, session),
    provider: call.provider,
    target_url: call.origin + path,
    method: call.method,
    path,
    request_at: call.requestAt,
    first_byte_at: outcome.firstByteAt,
    response_at: outcome.responseAt,
    status: outcome.status,
    abort_reason: outcome.abortReason,
    request_headers: headers.stored,
    response_headers: outcome.responseHeaders,
    request_body: outcome.requestBody,
    response_body: outcome.responseBody,
    trace: traceOf(headers, outcome.span),
    model_override: headers.modelOverride,
    // Left out, not undefined: that would be a field of another type in the log.
    ...(outcome.attempts && { attempts: outcome.attempts }),
    ...(outcome.cacheReferenceId && { cache_reference_id: outcome.cacheReferenceId }),
    ...(headers.webhook && { webhook: true as const }),
  };
}

function traceOf({ traceparent, tracestate }: CallHeaders, span: string | undefined): CallTrace {
  // Left out, not undefined: that would be a field of another type in the log.
  return span === undefined ? { traceparent, tracestate } : { traceparent, tracestate, span };
}

/** Name and path without a session id are kept as properties: somebody meant something by them. */
export function callProperties(headers: CallHeaders, session: EventSession | null): Pairs {
  if (session) return headers.properties;
  const { properties, sessionName, sessionPath } = headers;
  if (sessionName === '' && sessionPath === '') return properties;
  const more: (readonly [string, string])[] = [...properties];
  if (sessionName !== '') more.push(['Helicone-Session-Name', sessionName]);
  if (sessionPath !== '') more.push(['Helicone-Session-Path', sessionPath]);
  return more;
}
