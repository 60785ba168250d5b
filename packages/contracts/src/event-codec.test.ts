import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { decodeEvent, encodeEvent } from './event-codec.ts';
import {
  ANNOTATION_SCHEMA_VERSION,
  type AnnotationEvent,
  EVENT_SCHEMA_VERSION,
  IMPORTED_SCHEMA_VERSION,
  type LogEvent,
  type RequestEvent,
} from './request-event.ts';
import { base, count, name, requestEvent, text, time } from './request-event-arbitraries.ts';

const packr = new Packr({ useRecords: false });

const tokens = fc.option(count);
const maskedEvent: fc.Arbitrary<RequestEvent> = fc
  .tuple(
    requestEvent,
    fc.record({
      step_kind: fc.constantFrom('llm' as const, 'tool' as const),
      model: text,
      request_model: text,
      response_model: text,
      body_user: text,
      streamed: fc.boolean(),
      tokens: fc.record({
        prompt_tokens: tokens,
        completion_tokens: tokens,
        reasoning_tokens: count,
        prompt_cache_read_tokens: count,
        prompt_cache_write_tokens: count,
        prompt_cache_write_1h_tokens: count,
        prompt_audio_tokens: count,
        completion_audio_tokens: count,
      }),
      usage_complete: fc.boolean(),
      finish_reason: text,
      error: fc.option(fc.record({ type: text, message: text })),
      cost_pico: fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String)),
      cost_source: fc.constantFrom('table' as const, 'none' as const),
      price_version: text,
    }),
  )
  .map(([event, reading]) => ({ ...event, reading }));
const importedEvent: fc.Arbitrary<RequestEvent> = fc
  .tuple(
    maskedEvent,
    fc.record({
      time_to_first_token_ms: tokens,
      trace_id: text,
      span_id: text,
      parent_span_id: text,
      request_encoding: text,
      response_encoding: text,
      scores: fc.array(fc.tuple(text, fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 4 }),
      former_properties: fc.array(fc.tuple(text, fc.array(text, { maxLength: 3 })), { maxLength: 3 }),
    }),
  )
  .map(([event, imported]) => ({ ...event, schema_version: IMPORTED_SCHEMA_VERSION, imported }));
const controlEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  fc.record({
    ...base,
    kind: fc.constant('refused' as const),
    reason: text,
    count,
    first_at: time,
    last_at: time,
  }),
  fc.record({ ...base, kind: fc.constant('closed' as const), last_seq: fc.integer({ min: -1 }) }),
);
const session = fc.record({ id: fc.string({ minLength: 1 }) });
const score = fc.record({
  kind: fc.constant('score' as const),
  scores: fc.array(fc.tuple(name, fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 4 }),
});
const ofSession = fc.record({
  session,
  request: fc.constant(null),
  change: fc.oneof(
    fc.record({ kind: fc.constant('tag' as const), tag: text }),
    fc.record({ kind: fc.constant('feedback' as const), rating: fc.boolean() }),
    score,
  ),
});
const ofRequest = fc.record({
  session: fc.option(session),
  request: fc.record({ request_id: text, event_id: fc.uuid(), ordered_at: time }),
  change: fc.oneof(fc.record({ kind: fc.constant('property' as const), key: name, value: text }), score),
});
const annotationEvent: fc.Arbitrary<AnnotationEvent> = fc
  .tuple(
    fc.record({
      ...base,
      kind: fc.constant('annotation' as const),
      schema_version: fc.constant(ANNOTATION_SCHEMA_VERSION),
    }),
    fc.oneof(ofSession, ofRequest),
  )
  .map(([head, annotation]) => ({ ...head, ...annotation }));
const anyEvent = fc.oneof(
  { weight: 4, arbitrary: requestEvent as fc.Arbitrary<LogEvent> },
  maskedEvent,
  importedEvent,
  controlEvent,
  {
    weight: 2,
    arbitrary: annotationEvent as fc.Arbitrary<LogEvent>,
  },
);

/** What a later version may add: anything that has a MessagePack form. */
const unknownFields = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 20 }).map((key) => `future_${key}`),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.bigInt({ min: 2n ** 53n + 1n, max: 2n ** 64n - 1n }),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ maxLength: 8 }).filter((key) => key !== '__proto__'),
        tie('value'),
        {
          maxKeys: 4,
          noNullPrototype: true,
        },
      ),
    ),
  })).value,
  { maxKeys: 5, noNullPrototype: true },
);

describe('an event', () => {
  test('comes back as it was, with the fields that this version does not know', () => {
    fc.assert(
      fc.property(anyEvent, unknownFields, (event, unknown) => {
        const decoded = decodeEvent(encodeEvent({ ...event, ...unknown }));
        expect(decoded).toEqual({ outcome: 'event', event: { ...event, ...unknown } });
      }),
      { numRuns: 200 },
    );
  });

  test('is MessagePack that a general decoder reads the same way', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(packr.unpack(encodeEvent(event))).toEqual(event);
      }),
    );
  });

  test('keeps its bodies as views into the bytes read', () => {
    const [event] = fc.sample(requestEvent, 1) as [RequestEvent];
    const bytes = encodeEvent({ ...event, request_body: { ...event.request_body, bytes: Buffer.alloc(100, 7) } });
    const decoded = decodeEvent(bytes) as { event: RequestEvent };
    expect(decoded.event.request_body.bytes.buffer).toBe(bytes.buffer);
  });

  test('of a later version is recognised whatever else it holds, so that the reader can wait', () => {
    const later = packr.pack({ schema_version: EVENT_SCHEMA_VERSION + 1, kind: 'of the future' });
    expect(decodeEvent(later)).toEqual({ outcome: 'newer', schemaVersion: EVENT_SCHEMA_VERSION + 1 });
  });

  test('is of a later version by what is known of its own kind', () => {
    const [request] = fc.sample(requestEvent, 1) as [RequestEvent];
    const [annotation] = fc.sample(annotationEvent, 1) as [AnnotationEvent];
    const outcome = (event: LogEvent, by: number) =>
      decodeEvent(encodeEvent({ ...event, schema_version: event.schema_version + by })).outcome;
    const [imported] = fc.sample(importedEvent, 1) as [LogEvent];
    expect([outcome(request, 0), outcome(imported, 0), outcome(imported, 1)]).toEqual(['event', 'event', 'newer']);
    expect(imported.schema_version).toBeGreaterThan(request.schema_version);
    expect([outcome(annotation, 0), outcome(annotation, 1)]).toEqual(['event', 'newer']);
    // A reader from before there were annotations knows version 1 alone: it waits, and nothing becomes a dead letter.
    expect(annotation.schema_version).toBeGreaterThan(EVENT_SCHEMA_VERSION);
  });

  test.each<[string, Partial<Record<keyof AnnotationEvent, unknown>>, string]>([
    ['a tag of a request', { change: { kind: 'tag', tag: 'x' } }, 'change'],
    ['feedback on a request', { change: { kind: 'feedback', rating: true } }, 'change'],
    ['a property of a session', { request: null, change: { kind: 'property', key: 'k', value: 'v' } }, 'change'],
    ['something about nothing', { session: null, request: null, change: { kind: 'tag', tag: 'x' } }, 'change'],
    ['a score that is no number', { change: { kind: 'score', scores: [['a', Number.NaN]] } }, 'change'],
    ['a change nobody knows', { change: { kind: 'toString' } }, 'change'],
    ['no change', { change: null }, 'change'],
    ['a session without an id', { session: { id: '' } }, 'session'],
    ['half a request', { request: { request_id: 'r' } }, 'request'],
  ])('is no annotation with %s', (_, changes, field) => {
    const event = {
      ...fc.sample(annotationEvent, 1)[0]!,
      session: { id: 's' },
      request: { request_id: 'r', event_id: 'e', ordered_at: 1 },
      change: { kind: 'property', key: 'k', value: 'v' },
    };
    expect(decodeEvent(packr.pack(event)).outcome).toBe('event');
    expect(decodeEvent(packr.pack({ ...event, ...changes }))).toEqual({
      outcome: 'undecodable',
      reason: `annotation event without a valid ${field}`,
    });
  });
});

describe('bytes that are no event', () => {
  const dead = (value: unknown) => decodeEvent(packr.pack(value));

  test.each([
    [undefined, 'not a map'],
    [null, 'not a map'],
    [[1], 'not a map'],
    ['text', 'not a map'],
    [{}, 'no schema_version'],
    [{ schema_version: '1' }, 'no schema_version'],
    [{ schema_version: 0 }, 'no schema_version'],
    [{ schema_version: 1 }, 'unknown kind of type undefined'],
    [{ schema_version: 1, kind: 'other' }, 'unknown kind "other"'],
    [{ schema_version: 1, kind: 2n ** 60n }, 'unknown kind of type bigint'],
    [{ schema_version: 1, kind: 'toString' }, 'unknown kind "toString"'],
    [{ schema_version: 1, kind: 'request' }, 'request event without a valid event_id'],
  ])('%j are a dead letter: %s', (value, reason) => {
    expect(dead(value)).toEqual({ outcome: 'undecodable', reason });
  });

  test('any field of a wrong type is a dead letter that names it', () => {
    const fields = Object.keys(fc.sample(requestEvent, 1)[0]!).filter(
      (key) => key !== 'schema_version' && key !== 'kind',
    );
    fc.assert(
      fc.property(requestEvent, fc.constantFrom(...fields), (event, field) => {
        expect(dead({ ...event, [field]: { wrong: true } })).toEqual({
          outcome: 'undecodable',
          reason: `request event without a valid ${field}`,
        });
      }),
    );
  });

  test.each([
    ['producer', { id: 'p', seq: 1.5 }],
    ['producer', { id: 'p', seq: -2 }],
    ['producer', { id: 'p', seq: 2n ** 60n }],
    ['partition', 0.5],
    ['partition', -1],
    ['status', 200.5],
    ['received_at', Number.NaN],
    ['received_at', Number.POSITIVE_INFINITY],
    ['properties', [['only a name']]],
    ['properties', [['name', 1]]],
    ['trace', { traceparent: '', tracestate: '', span: 7 }],
    ['request_body', { bytes: 'text', size: 4, truncated: false, content_type: '', encoding: '' }],
  ])('%s that later steps could not count with are a dead letter', (field, value) => {
    const [event] = fc.sample(requestEvent, 1) as [RequestEvent];
    expect(dead({ ...event, [field]: value })).toMatchObject({ outcome: 'undecodable' });
  });

  test('never make the decoder throw, and leave it able to decode the next event', () => {
    const [event] = fc.sample(requestEvent, 1) as [RequestEvent];
    const good = encodeEvent(event);
    const flipped = fc
      .tuple(anyEvent, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 }))
      .map(([other, flips]) => {
        const bytes = Buffer.from(encodeEvent(other));
        for (const [at, value] of flips) bytes[at % bytes.length] = value;
        return bytes;
      });
    const cut = fc.tuple(anyEvent, fc.nat()).map(([other, at]) => {
      const bytes = encodeEvent(other);
      return bytes.subarray(0, at % bytes.length);
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), flipped, cut), (bytes) => {
        expect(['event', 'newer', 'undecodable']).toContain(decodeEvent(bytes).outcome);
        expect(decodeEvent(good).outcome).toBe('event');
      }),
      { numRuns: 2000 },
    );
  });

  test('nested without end are a dead letter, not an overflow', () => {
    expect(decodeEvent(Buffer.alloc(1_000_000, 0x91)).outcome).toBe('undecodable');
  });

  test('cannot give an event another prototype', () => {
    // { "__proto__": { "schema_version": 1 } }
    const bytes = Buffer.concat([
      Buffer.from([0x81, 0xa9]),
      Buffer.from('__proto__'),
      packr.pack({ schema_version: 1 }),
    ]);
    expect(decodeEvent(bytes)).toEqual({ outcome: 'undecodable', reason: 'no schema_version' });
    expect(({} as Record<string, unknown>).schema_version).toBeUndefined();
  });
});

test.each([
  ['cost_pico', '1.5'],
  ['cost_pico', 15],
  ['tokens', { prompt_tokens: -1 }],
  ['error', 'none'],
  ['streamed', 1],
])('a reading whose %s is %j is of no event', (field, value) => {
  const [event] = fc.sample(maskedEvent, 1) as [RequestEvent];
  const wrong = { ...event, reading: { ...event.reading, [field]: value } } as RequestEvent;
  expect(decodeEvent(encodeEvent(wrong))).toEqual({
    outcome: 'undecodable',
    reason: 'request event without a valid reading',
  });
});

test.each([
  ['scores', [['name', 'high']]],
  ['scores', [['name', Number.NaN]]],
  ['former_properties', [['key', 'value']]],
  ['time_to_first_token_ms', -1],
  ['span_id', undefined],
])('what was imported with %s of %j is of no event', (field, value) => {
  const [event] = fc.sample(importedEvent, 1) as [RequestEvent];
  const wrong = { ...event, imported: { ...event.imported, [field]: value } } as RequestEvent;
  expect(decodeEvent(encodeEvent(wrong))).toEqual({
    outcome: 'undecodable',
    reason: 'request event without a valid imported',
  });
});
