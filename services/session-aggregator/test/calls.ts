import type { AnnotationChange } from '@throughline/contracts/annotation';
import { newEventId } from '@throughline/contracts/ids';
import {
  ANNOTATION_SCHEMA_VERSION,
  EVENT_SCHEMA_VERSION,
  type NewAnnotationEvent,
  type NewRequestEvent,
} from '@throughline/contracts/request-event';

/** What a test says about a call; the rest is a usual one. Times are epoch ms, tokens whole numbers. */
export interface Call {
  readonly tenant: string;
  /** Undefined: a call without a session. */
  readonly session?: string | undefined;
  readonly name?: string;
  readonly path?: string;
  /** `Helicone-Request-Id`. */
  readonly chosenId?: string | undefined;
  readonly user?: string;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly status?: number;
  readonly startedAt?: number;
  readonly latencyMs?: number;
  readonly properties?: readonly (readonly [string, string])[];
  readonly model?: string;
}

/** A chat completion as the gateway captures it. */
export function callEvent(call: Call): NewRequestEvent {
  const startedAt = call.startedAt ?? Date.now();
  const { promptTokens = 10, completionTokens = 5, status = 200, model = 'gpt-4o-mini', latencyMs = 250 } = call;
  const eventId = newEventId(0, startedAt);
  const answer =
    status === 200
      ? {
          model,
          choices: [{ finish_reason: 'stop', message: { content: 'yes' } }],
          usage: {
            prompt_tokens: promptTokens,
            completion_tokens: completionTokens,
            total_tokens: promptTokens + completionTokens,
          },
        }
      : { error: { type: 'server_error', message: 'no' } };
  return {
    schema_version: EVENT_SCHEMA_VERSION,
    kind: 'request',
    event_id: eventId,
    tenant_id: call.tenant,
    request_id: call.chosenId ?? eventId,
    request_id_chosen: call.chosenId !== undefined,
    session:
      call.session === undefined
        ? null
        : { id: call.session, name: call.name ?? '', path: call.path ?? '', rule: 'helicone-session-id' },
    user_id: call.user ?? '',
    properties: call.properties ?? [],
    provider: 'OPENAI',
    target_url: 'https://api.openai.com/v1/chat/completions',
    method: 'POST',
    path: '/v1/chat/completions',
    request_at: startedAt,
    first_byte_at: startedAt + Math.floor(latencyMs / 2),
    response_at: startedAt + latencyMs,
    status,
    abort_reason: '',
    request_headers: [['content-type', 'application/json']],
    response_headers: [['content-type', 'application/json']],
    request_body: jsonBody({ model, messages: [{ role: 'user', content: 'is it so?' }] }),
    response_body: jsonBody(answer),
    trace: { traceparent: '', tracestate: '' },
    model_override: '',
  };
}

/** A captured JSON body. */
export function jsonBody(value: unknown): NewRequestEvent['request_body'] {
  const bytes = Buffer.from(JSON.stringify(value));
  return { bytes, size: bytes.length, truncated: false, content_type: 'application/json', encoding: '' };
}

/** Price of a `callEvent` in picodollars: 0.15 and 0.60 USD per million tokens; a failed call costs nothing. */
export function costOf(call: Call): bigint {
  if ((call.status ?? 200) !== 200) return 0n;
  return BigInt(call.promptTokens ?? 10) * 150_000n + BigInt(call.completionTokens ?? 5) * 600_000n;
}

/** Said of a session. */
export function sessionAnnotation(tenant: string, session: string, change: AnnotationChange): NewAnnotationEvent {
  return { ...annotationBase(tenant), session: { id: session }, request: null, change };
}

/** Said of a call that was logged. */
export function requestAnnotation(event: NewRequestEvent, change: AnnotationChange): NewAnnotationEvent {
  const { session, request_id, event_id, request_at } = event;
  return {
    ...annotationBase(event.tenant_id),
    session: session && { id: session.id },
    request: { request_id, event_id, ordered_at: request_at },
    change,
  };
}

function annotationBase(tenant: string) {
  return {
    kind: 'annotation',
    schema_version: ANNOTATION_SCHEMA_VERSION,
    event_id: newEventId(0, Date.now()),
    tenant_id: tenant,
  } as const;
}
