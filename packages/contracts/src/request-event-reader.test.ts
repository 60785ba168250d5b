import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { decodeAnyEvent } from './decode-any-event.ts';
import { encodeEvent } from './event-codec.ts';
import { EVENT_SCHEMA_VERSION, type RequestEvent } from './request-event.ts';
import { requestEvent } from './request-event-arbitraries.ts';
import { readRequestEvent } from './request-event-reader.ts';

const packr = new Packr({ useRecords: false });

const logged = fc.record({
  by: fc.constantFrom('log' as const, 'otlp' as const),
  cost_usd: fc.option(fc.double({ min: 0, max: 9, noNaN: true })),
});
/** Whose bodies are in it, as nearly all are. */
const usual = requestEvent.map((event): RequestEvent => {
  const { stored: _, ...request_body } = event.request_body;
  const { stored: __, ...response_body } = event.response_body;
  return { ...event, request_body, response_body };
});
const mayBeLogged = fc
  .tuple(usual, fc.option(logged))
  .map(([event, how]): RequestEvent => (how === null ? event : { ...event, logged: how }));

/** Fields in any order. */
const shuffled = fc.tuple(mayBeLogged, fc.array(fc.nat(), { minLength: 30, maxLength: 30 })).map(([event, ranks]) =>
  Object.fromEntries(
    Object.entries(event)
      .map((field, index) => ({ field, rank: ranks[index]! }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ field }) => field),
  ),
);

describe('a request event of this version', () => {
  test('is read as a general decoder reads it, in whatever order its fields stand', () => {
    fc.assert(
      fc.property(fc.oneof(mayBeLogged, shuffled), (event) => {
        const bytes = encodeEvent(event as RequestEvent);
        expect(readRequestEvent(bytes)).toEqual(event);
        expect(decodeAnyEvent(bytes)).toEqual({ outcome: 'event', event });
      }),
    );
  });

  test('is read from what another encoder writes, whose numbers are of other widths', () => {
    fc.assert(
      fc.property(mayBeLogged, (event) => {
        const bytes = packr.pack(event);
        expect(decodeAnyEvent(bytes)).toEqual({ outcome: 'event', event: readRequestEvent(bytes) });
      }),
    );
  });

  test('is read from bytes that are no Buffer, and from the middle of a larger one', () => {
    const [event] = fc.sample(usual, 1) as [RequestEvent];
    const bytes = encodeEvent(event);
    expect(readRequestEvent(Uint8Array.from(bytes))).toMatchObject({ event_id: event.event_id, path: event.path });
    const within = Buffer.concat([Buffer.alloc(7, 0xc1), bytes, Buffer.alloc(7, 0xc1)]).subarray(7, 7 + bytes.length);
    expect(readRequestEvent(within)).toEqual(event);
  });
});

describe('what is left to the general decoder', () => {
  const [event] = fc.sample(usual, 1) as [RequestEvent];

  test.each<[string, Record<string, unknown>]>([
    ['a field that is not known', { future: 1 }],
    ['a field of a session that is not known', { session: { id: 's', name: '', path: '', rule: '', future: 1 } }],
    ['a field of a body that is seldom there', { request_body: { ...event.request_body, stored: {} } }],
    ['attempts', { attempts: [] }],
    ['a later version', { schema_version: EVENT_SCHEMA_VERSION + 1 }],
    ['another kind', { kind: 'closed' }],
    ['a number beyond 2^53', { received_at: 2n ** 60n }],
    ['a count that is none', { partition: -1 }],
    ['a part of a number', { status: 200.5 }],
    ['no number', { request_at: Number.NaN }],
    ['half a pair', { properties: [['name']] }],
    ['null where there is always something', { producer: null }],
    ['a producer without its number', { producer: { id: 'p' } }],
  ])('is %s', (_, change) => {
    expect(readRequestEvent(encodeEvent(event))).toBeDefined();
    expect(readRequestEvent(encodeEvent({ ...event, ...change } as RequestEvent))).toBeUndefined();
  });

  test('is an event without any one of its fields', () => {
    for (const field of Object.keys(event)) {
      const { [field as 'path']: _, ...rest } = event;
      expect([field, readRequestEvent(encodeEvent(rest as RequestEvent))]).toEqual([field, undefined]);
    }
  });

  test('is everything that it would refuse or read otherwise, however the bytes were damaged', () => {
    const damaged = fc
      .tuple(mayBeLogged, fc.array(fc.tuple(fc.nat(), fc.nat(127)), { maxLength: 4 }), fc.option(fc.nat()))
      .map(([whole, changes, cutAt]) => {
        const bytes = Buffer.from(encodeEvent(whole));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return cutAt === null ? bytes : bytes.subarray(0, cutAt % bytes.length);
      });
    fc.assert(
      fc.property(damaged, (bytes) => {
        const read = readRequestEvent(bytes);
        if (read === undefined) return;
        const { outcome } = decodeAnyEvent(bytes);
        expect(outcome).toBe('event');
      }),
      { numRuns: 300 },
    );
  });
});
