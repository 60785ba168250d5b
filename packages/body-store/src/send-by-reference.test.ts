import { describe, expect, test } from '@jest/globals';
import { decodeEvent, encodeEvent } from '@throughline/contracts/event-codec';
import { readEventHead } from '@throughline/contracts/event-head';
import { EVENT_SCHEMA_VERSION, IMPORTED_SCHEMA_VERSION, type RequestEvent } from '@throughline/contracts/request-event';
import fc from 'fast-check';
import { getReferenced } from './get-referenced.ts';
import { sendByReference } from './send-by-reference.ts';

const INLINE_MAX = 1_000;
const EVENT_MAX = 1_600;
/** What an event takes without its bodies. */
const REST = 700;

describe('sendByReference', () => {
  test('round trip: what is read back over the log and the store is what was recorded, whatever went by reference', async () => {
    const body = fc.uint8Array({ maxLength: 2_500, size: 'max' });
    await fc.assert(
      fc.asyncProperty(body, body, fc.boolean(), async (request, response, isTruncated) => {
        const { store, hook } = rig();
        const event = { ...eventOf(request, response, isTruncated), of_the_future: [1, { two: 'three' }] };
        const recorded = encodeEvent(event);
        const sent = await hook({ bytes: recorded });
        expect(readEventHead(sent)).toEqual(readEventHead(recorded));
        const read = decoded(sent);
        for (const side of ['request_body', 'response_body'] as const) {
          const { stored, ...rest } = read[side];
          const bytes = stored ? await getReferenced(store, stored) : rest.bytes;
          expect(Buffer.from(bytes!)).toEqual(Buffer.from(event[side].bytes));
          expect({ ...rest, bytes: null }).toEqual({ ...event[side], bytes: null });
          if (event[side].bytes.length > INLINE_MAX) expect(stored).toBeDefined();
        }
        const { request_body: _, response_body: __, ...others } = read;
        const { request_body: ___, response_body: ____, ...recordedOthers } = event;
        expect(others).toEqual(recordedOthers);
        if (recorded.length > EVENT_MAX) expect(sent.length).toBeLessThanOrEqual(EVENT_MAX);
        else if (sent !== recorded) expect(Math.max(request.length, response.length)).toBeGreaterThan(INLINE_MAX);
        // Once more, after a crash: the same objects, the same bytes.
        const names = [...store.objects.keys()];
        expect(Buffer.from(await hook({ bytes: recorded }))).toEqual(Buffer.from(sent));
        expect([...store.objects.keys()]).toEqual(names);
      }),
    );
  });

  test('passes small events on as they are, without looking into them', () => {
    const { hook } = rig();
    const bytes = Buffer.alloc(INLINE_MAX, 0xc1);
    expect(hook({ bytes })).toBe(bytes);
  });

  test('stores the largest first, until the rest fits', async () => {
    const { store, hook } = rig();
    const sent = decoded(await hook({ bytes: encodeEvent(eventOf(bytesOf(600), bytesOf(900))) }));
    expect(sent.response_body.stored).toBeDefined();
    expect(sent.request_body.bytes).toHaveLength(600);
    expect(store.objects.size).toBe(1);
  });

  test('leaves bytes that are no request as they are, however large', async () => {
    const { store, hook } = rig();
    const bytes = Buffer.alloc(EVENT_MAX * 2, 0xc1);
    expect(hook({ bytes })).toBe(bytes);
    expect(store.objects.size).toBe(0);
  });

  test('keeps a large event of a newer version back rather than giving it up', () => {
    const { hook } = rig();
    const newer = encodeEvent({ ...eventOf(bytesOf(3_000), bytesOf(1)), schema_version: IMPORTED_SCHEMA_VERSION + 1 });
    expect(() => hook({ bytes: newer })).toThrow('newer');
    const small = encodeEvent({ ...eventOf(bytesOf(600), bytesOf(1)), schema_version: IMPORTED_SCHEMA_VERSION + 1 });
    expect(hook({ bytes: small })).toBe(small);
  });

  test('rejects when the store fails, and succeeds with the same bytes afterwards', async () => {
    const { store, hook, counts } = rig();
    const bytes = encodeEvent(eventOf(bytesOf(2_000), bytesOf(10)));
    store.isDown = true;
    await expect(hook({ bytes })).rejects.toThrow('down');
    store.isDown = false;
    expect(decoded(await hook({ bytes })).request_body.stored?.size).toBe(2_000);
    expect(counts).toEqual({ uploaded: [2_000], failed: 1 });
  });

  test('uploads a few at a time', async () => {
    const { store, hook } = rig();
    const events = Array.from({ length: 20 }, (_, i) => ({
      ...eventOf(bytesOf(2_000), bytesOf(0)),
      event_id: `e${i}`,
    }));
    await Promise.all(events.map((event) => hook({ bytes: encodeEvent(event) })));
    expect(store.objects.size).toBe(20);
    expect(store.atOnce).toBe(4);
  });
});

function rig() {
  const objects = new Map<string, Buffer>();
  let running = 0;
  const store = {
    objects,
    isDown: false,
    atOnce: 0,
    async put(name: string, bytes: Uint8Array) {
      store.atOnce = Math.max(store.atOnce, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (store.isDown) throw new Error('down');
      objects.set(name, Buffer.from(bytes));
    },
    get: async (name: string) => objects.get(name),
  };
  const counts = { uploaded: [] as number[], failed: 0 };
  const send = sendByReference({
    store,
    inlineBytesMax: INLINE_MAX,
    eventBytesMax: EVENT_MAX,
    onUploaded: (bytes) => counts.uploaded.push(bytes),
    onFailed: () => counts.failed++,
  });
  return { store, counts, hook: send as (record: { bytes: Uint8Array }) => Promise<Uint8Array> };
}

function bytesOf(length: number): Uint8Array {
  return Buffer.alloc(length, 'body ');
}

function decoded(bytes: Uint8Array): RequestEvent {
  const result = decodeEvent(bytes);
  if (result.outcome !== 'event' || result.event.kind !== 'request') throw new Error(result.outcome);
  return result.event;
}

function eventOf(request: Uint8Array, response: Uint8Array, truncated = false): RequestEvent {
  const body = (bytes: Uint8Array) => ({ bytes, size: bytes.length + 1, truncated, content_type: '', encoding: '' });
  const event: RequestEvent = {
    kind: 'request',
    schema_version: EVENT_SCHEMA_VERSION,
    event_id: '0198c6f0-0000-7000-8000-000000000001',
    tenant_id: 'default',
    producer: { id: 'p', seq: 0 },
    partition: 0,
    received_at: 1_795_000_000_000,
    request_id: 'r',
    request_id_chosen: false,
    session: null,
    user_id: '',
    properties: [],
    provider: 'OPENAI',
    target_url: '',
    method: 'POST',
    path: '/v1/chat/completions',
    request_at: 0,
    first_byte_at: null,
    response_at: 0,
    status: 200,
    abort_reason: '',
    request_headers: [],
    response_headers: [],
    request_body: body(request),
    response_body: body(response),
    trace: { traceparent: '', tracestate: '' },
    model_override: '',
  };
  const { length } = encodeEvent({ ...event, request_body: body(bytesOf(0)), response_body: body(bytesOf(0)) });
  if (length > REST) throw new Error(`without its bodies it takes ${length} bytes already`);
  return event;
}
