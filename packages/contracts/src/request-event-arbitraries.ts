import fc from 'fast-check';
import { EVENT_SCHEMA_VERSION, type RequestEvent } from './request-event.ts';

/** Any string a header or JSON can carry: no lone surrogates, which have no UTF-8. Some come again and again. */
export const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  fc.constantFrom('', 'OPENAI', 'application/json'),
);
/** Of something that its user names. */
export const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', ''));
const pairs = fc.array(fc.tuple(name, text), { maxLength: 20 });
export const count = fc.oneof(fc.nat(), fc.maxSafeNat());
export const time = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 48 }),
  fc.double({ min: -(2 ** 50), max: 2 ** 50, noNaN: true }),
);
const body = fc.record(
  {
    bytes: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
    stored: fc.record({ name: text, size: count, crc32: fc.nat(0xffffffff) }),
    size: count,
    truncated: fc.boolean(),
    content_type: text,
    encoding: text,
  },
  { requiredKeys: ['bytes', 'size', 'truncated', 'content_type', 'encoding'] },
);
/** Fields of every event. */
export const base = {
  schema_version: fc.constant(EVENT_SCHEMA_VERSION),
  event_id: fc.uuid(),
  tenant_id: text,
  producer: fc.record({ id: fc.uuid(), seq: fc.integer({ min: -1 }) }),
  partition: fc.nat(4095),
  received_at: time,
};
/** A call as the gateway records it; its bodies may be in the body store. */
export const requestEvent: fc.Arbitrary<RequestEvent> = fc.record({
  ...base,
  kind: fc.constant('request' as const),
  request_id: text,
  request_id_chosen: fc.boolean(),
  session: fc.option(
    fc.record({ id: text, name: text, path: text, rule: fc.constantFrom('helicone-session-id', 'body-conversation') }),
  ),
  user_id: text,
  properties: pairs,
  provider: text,
  target_url: text,
  method: text,
  path: text,
  request_at: time,
  first_byte_at: fc.option(time),
  response_at: time,
  status: fc.integer({ min: -100, max: 999 }),
  abort_reason: fc.constantFrom('', 'client-aborted', 'upstream-reset'),
  request_headers: pairs,
  response_headers: pairs,
  request_body: body,
  response_body: body,
  trace: fc.record(
    { traceparent: text, tracestate: text, span: text },
    { requiredKeys: ['traceparent', 'tracestate'] },
  ),
  model_override: text,
});
