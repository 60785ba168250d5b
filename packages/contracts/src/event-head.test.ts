import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { continuedTrace } from './continued-trace.ts';
import { decodeEvent, encodeEvent } from './event-codec.ts';
import { readEventHead } from './event-head.ts';
import { type CallTrace, EVENT_SCHEMA_VERSION, type LogEvent } from './request-event.ts';

const packr = new Packr({ useRecords: false });

const stamp = fc.record({
  producer: fc.record({ id: fc.string({ unit: 'binary' }), seq: fc.integer({ min: -1, max: 2 ** 40 }) }),
  partition: fc.nat(4095),
  received_at: fc.oneof(fc.nat(2 ** 41), fc.double({ noNaN: true, noDefaultInfinity: true })),
});
const session = fc.record({ id: fc.string(), name: fc.string(), path: fc.string(), rule: fc.string() });
const known = fc.record({
  schema_version: fc.constant(EVENT_SCHEMA_VERSION),
  kind: fc.constant('closed'),
  event_id: fc.string({ unit: 'grapheme' }),
  tenant_id: fc.string(),
  last_seq: fc.nat(),
  session: fc.option(session, { nil: null }),
  trace: fc.record(
    { traceparent: fc.string(), tracestate: fc.string(), span: fc.string() },
    { requiredKeys: ['traceparent', 'tracestate'] },
  ),
});
const anything = fc.anything({ withDate: false, withBigInt: false, maxDepth: 4 });

/** Events with fields that this version does not know, in any order of fields. */
const events = fc
  .tuple(known, fc.dictionary(fc.string({ minLength: 1 }), anything), stamp, fc.array(fc.nat(), { maxLength: 30 }))
  .map(([base, unknown, stamped, order]) => {
    const fields = Object.entries({ ...unknown, ...base, ...stamped });
    const ranked = fields.map((field, index) => ({ field, rank: order[index] ?? 0 }));
    return Object.fromEntries(ranked.sort((a, b) => a.rank - b.rank).map(({ field }) => field));
  });

function headOf(event: LogEvent & { session?: { id: string } | null; trace: CallTrace }) {
  return {
    eventId: event.event_id,
    tenantId: event.tenant_id,
    sessionId: event.session?.id ?? null,
    trace: continuedTrace(event.trace),
    producer: event.producer,
    partition: event.partition,
    receivedAt: event.received_at,
  };
}

describe('the head of an event', () => {
  test('is what decoding the whole event gives, whoever encoded it', () => {
    fc.assert(
      fc.property(events, fc.boolean(), (event, byOurs) => {
        let bytes: Buffer;
        try {
          bytes = byOurs ? encodeEvent(event as unknown as LogEvent) : packr.pack(event);
        } catch {
          // A value that no event can hold.
          return;
        }
        const decoded = decodeEvent(bytes);
        if (decoded.outcome !== 'event') return;
        expect(readEventHead(bytes)).toEqual(headOf(decoded.event as never));
      }),
      { numRuns: 500 },
    );
  });

  test('is read from events of newer versions', () => {
    const event = { schema_version: EVENT_SCHEMA_VERSION + 1, kind: 'new', event_id: 'e', tenant_id: 't' };
    const stamped = { ...event, producer: { id: 'p', seq: 3 }, partition: 9, received_at: 5, more: [new Map()] };
    expect(readEventHead(packr.pack(stamped))).toMatchObject({ partition: 9, producer: { id: 'p', seq: 3 } });
  });

  test('is undefined, and no crash, for bytes cut anywhere and for any other bytes', () => {
    fc.assert(
      fc.property(events, fc.nat(), (event, cut) => {
        const bytes = packr.pack(event);
        const head = readEventHead(bytes.subarray(0, cut % bytes.length));
        expect(head).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        readEventHead(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['no stamp', { event_id: 'e', tenant_id: 't' }],
    ['a partition that is none', { partition: -1 }],
    ['a number that is none', { producer: { id: 'p', seq: 1.5 } }],
    ['a producer that is none', { producer: 7 }],
    ['a session without an id', { session: {} }],
    ['no time', { received_at: Number.NaN }],
  ])('is undefined for an event with %s', (_what, wrong) => {
    const event = { event_id: 'e', tenant_id: 't', producer: { id: 'p', seq: 0 }, partition: 0, received_at: 1 };
    expect(readEventHead(packr.pack(event))).toBeDefined();
    const given = 'tenant_id' in wrong ? wrong : { ...event, ...wrong };
    expect(readEventHead(packr.pack(given))).toBeUndefined();
  });
});
