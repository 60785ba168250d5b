import { newEventId } from '@throughline/contracts/ids';
import { EVENT_SCHEMA_VERSION, type NewRequestEvent } from '@throughline/contracts/request-event';

/** A believable request event for tests; `overrides` replace whole fields. */
export function requestEvent(overrides: Partial<NewRequestEvent> = {}): NewRequestEvent {
  const eventId = newEventId(0, 1_760_000_000_000);
  return {
    schema_version: EVENT_SCHEMA_VERSION,
    kind: 'request',
    event_id: eventId,
    tenant_id: 'default',
    request_id: eventId,
    request_id_chosen: false,
    session: { id: 'session-1', name: 'course outline', path: '/plan/search', rule: 'helicone-session-id' },
    user_id: 'user-1',
    properties: [['App', 'planner']],
    provider: 'OPENAI',
    target_url: 'https://api.openai.com/v1/chat/completions',
    method: 'POST',
    path: '/v1/chat/completions',
    request_at: 1_760_000_000_000,
    first_byte_at: 1_760_000_000_200,
    response_at: 1_760_000_000_900,
    status: 200,
    abort_reason: '',
    request_headers: [['content-type', 'application/json']],
    response_headers: [['content-type', 'application/json']],
    request_body: body('{"model":"gpt-4o","messages":[]}'),
    response_body: body('{"choices":[]}'),
    trace: { traceparent: '', tracestate: '' },
    model_override: '',
    ...overrides,
  };
}

/** A captured JSON body. */
export function body(content: string | Uint8Array): NewRequestEvent['request_body'] {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { bytes, size: bytes.length, truncated: false, content_type: 'application/json', encoding: '' };
}
