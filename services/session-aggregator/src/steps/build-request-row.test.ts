import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { encodeRows } from '@throughline/analytics/tables';
import { decodeEvent, encodeEvent } from '@throughline/contracts/event-codec';
import type {
  CallReading,
  CapturedBody,
  ImportedCall,
  NewRequestEvent,
  RequestEvent,
} from '@throughline/contracts/request-event';
import { callOf } from '@throughline/providers/call-of-event';
import { toCallReading } from '@throughline/providers/call-reading';
import { CONVERSE_FRAMES, TO_CONVERSE_STREAM } from '@throughline/providers/fixtures/bedrock-call';
import { readCall } from '@throughline/providers/read-call';
import { NO_TOKENS } from '@throughline/providers/reported-usage';
import fc from 'fast-check';
import { callEvent } from '../../test/calls.ts';
import {
  type BuiltRows,
  buildCountableRow,
  buildRequestRow,
  stampVersion,
  type UncountedRows,
} from './build-request-row.ts';

const NOW = 1_760_000_000_000;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = `00-${TRACE}-00f067aa0ba902b7-01`;

function stamped(changes: Partial<NewRequestEvent> = {}, receivedAt = NOW): RequestEvent {
  const event = callEvent({ tenant: 't', session: 's', startedAt: NOW - 1_000 });
  return { ...event, ...changes, producer: { id: 'p', seq: 3 }, partition: 9, received_at: receivedAt };
}

function body(bytes: Uint8Array, changes: Partial<CapturedBody> = {}): CapturedBody {
  return { bytes, size: bytes.length, truncated: false, content_type: 'application/json', encoding: '', ...changes };
}

function storedResponse(response: CapturedBody) {
  const { bodies } = buildRequestRow(stamped({ response_body: response }), 0, 0);
  return { text: Buffer.from(bodies.response_body).toString('latin1'), encoding: bodies.response_encoding };
}

describe('the rows of a call', () => {
  test('take cost and time to the first token from whoever logged the call', () => {
    const times = { request_at: NOW - 900, first_byte_at: NOW - 700 };
    const proxied = buildRequestRow(stamped(times), 0, 0).row;
    expect(proxied).toMatchObject({ time_to_first_token_ms: null, cost_source: 'table' });
    const logged = buildRequestRow(stamped({ ...times, logged: { by: 'log', cost_usd: 1.5 } }), 0, 0).row;
    expect(logged).toMatchObject({
      time_to_first_token_ms: 200,
      cost_source: 'provider',
      cost_pico: 1_500_000_000_000n,
    });
    const unsaid = buildRequestRow(stamped({ first_byte_at: null, logged: { by: 'otlp', cost_usd: null } }), 0, 0).row;
    expect(unsaid).toMatchObject({ time_to_first_token_ms: null, cost_source: 'table' });
  });

  test('read a stream that was cut anywhere, also within a character', () => {
    const usage = 'data: {"model":"m","usage":{"prompt_tokens":7,"completion_tokens":2}}\n\n';
    const bytes = Buffer.from(`${usage}data: {"text":"河川🌊"}`);
    const cut = { status: -100, abort_reason: 'upstream-reset' as const };
    for (let length = Buffer.byteLength(usage); length <= bytes.length; length++) {
      const response_body = body(bytes.subarray(0, length), { content_type: 'text/event-stream' });
      const { row, bodies } = buildRequestRow(stamped({ ...cut, response_body }), 0, 0);
      expect([length, row.prompt_tokens, row.usage_complete]).toEqual([length, 7, false]);
      expect([bodies.response_encoding, bodies.response_body.length]).toEqual(['utf8', length]);
    }
  });

  test('have every time that a call was sent, in what the columns hold', () => {
    const attempts = [
      { target: 'https://a.example/v1/\ud800', status: 429, latency_ms: 12.7 },
      { target: 'https://b.example/v1', status: 99_999, latency_ms: -3 },
    ];
    expect(buildRequestRow(stamped({ attempts }), 0, 0).row.attempts).toEqual([
      { target: 'https://a.example/v1/\ufffd', status: 429, latency_ms: 12 },
      { target: 'https://b.example/v1', status: 32_767, latency_ms: 0 },
    ]);
    expect(buildRequestRow(stamped(), 0, 0).row.attempts).toEqual([]);
  });

  test('of an answer that another call was given before are free, and say which call that was', () => {
    const event = stamped({ cache_reference_id: 'r\ud800' });
    const paid = buildRequestRow(stamped({ event_id: event.event_id, request_id: event.request_id }), 0, 0).row;
    const { row, bodies } = buildRequestRow(event, 0, 0);
    expect(paid).toMatchObject({ cache_reference_id: '', cost_source: 'table', usage_complete: true });
    const free = { ...NO_TOKENS, prompt_tokens: 0, completion_tokens: 0, cost_pico: 0n, cost_source: 'none' };
    expect(row).toEqual({ ...paid, ...free, price_version: '', cache_reference_id: 'r\ufffd' });
    expect(buildCountableRow(event, 0, 0)).toEqual({ row, bodies });
  });

  test('of such an answer are free where its tokens would be counted, or were read before it was masked', () => {
    const free = { prompt_tokens: 0, completion_tokens: 0, cost_pico: 0n, usage_complete: true };
    const silent = stamped({ response_body: body(Buffer.from('{"choices":[{"message":{"content":"hi"}}]}')) });
    expect(buildCountableRow(silent, 0, 0)).toHaveProperty('uncounted');
    expect(buildCountableRow({ ...silent, cache_reference_id: 'r' }, 0, 0)).toMatchObject({ row: free });
    const reading = toCallReading(readCall(callOf(stamped())));
    expect(reading.cost_pico).not.toBe('0');
    const masked = buildRequestRow({ ...silent, reading, cache_reference_id: 'r' }, 0, 0).row;
    expect(masked).toMatchObject({ ...free, model: reading.model });
  });

  test('say where it lies in the log by where it was read, not by what it says', () => {
    const { row, bodies } = buildRequestRow(stamped(), 4, 17);
    expect(row).toMatchObject({ source_partition: 4, source_offset: 17, producer_id: 'p', producer_seq: 3 });
    expect(bodies).toMatchObject({ source_partition: 4, source_offset: 17, ordered_at: row.ordered_at });
    expect(stampVersion({ row, bodies }, 5)).toMatchObject({
      row: { version: (17n << 20n) | 5n },
      bodies: { version: (17n << 20n) | 5n },
    });
  });

  test.each([
    ['no trace', '', undefined, { trace_id: '', span_id: 'own', parent_span_id: '' }],
    ['the caller’s', CALLER, undefined, { trace_id: TRACE, span_id: 'own', parent_span_id: '00f067aa0ba902b7' }],
    [
      'the gateway’s below the caller’s',
      CALLER,
      `00-${TRACE}-${'b'.repeat(16)}-01`,
      { trace_id: TRACE, span_id: 'b'.repeat(16), parent_span_id: '00f067aa0ba902b7' },
    ],
    [
      'the gateway’s alone',
      '',
      `00-${TRACE}-${'b'.repeat(16)}-00`,
      { trace_id: TRACE, span_id: 'b'.repeat(16), parent_span_id: '' },
    ],
    [
      'the gateway’s beside one it could not follow',
      CALLER,
      `00-${'c'.repeat(32)}-${'b'.repeat(16)}-01`,
      { trace_id: 'c'.repeat(32), span_id: 'b'.repeat(16), parent_span_id: '' },
    ],
    ['a span that is none', CALLER, 'garbage', { trace_id: TRACE, span_id: 'own', parent_span_id: '00f067aa0ba902b7' }],
  ])('say where it is in a trace: %s', (_, traceparent, span, expected) => {
    const event = stamped({ trace: { traceparent, tracestate: '', ...(span !== undefined && { span }) } });
    const own = event.event_id.replaceAll('-', '').slice(-16);
    const { row } = buildRequestRow(event, 0, 0);
    expect(row).toMatchObject({ ...expected, span_id: expected.span_id === 'own' ? own : expected.span_id });
  });

  test('read model, usage, cost and finish reason from the bodies, compressed or not', () => {
    const plain = stamped();
    const zipped = stamped({
      request_body: body(brotliCompressSync(plain.request_body.bytes), { encoding: 'br' }),
      response_body: body(gzipSync(plain.response_body.bytes), { encoding: 'gzip' }),
    });
    for (const event of [plain, zipped]) {
      const { row, bodies } = buildRequestRow(event, 0, 0);
      expect(row).toMatchObject({
        model: 'gpt-4o-mini',
        prompt_tokens: 10,
        completion_tokens: 5,
        cost_pico: 4_500_000n,
        cost_source: 'table',
        finish_reason: 'stop',
        usage_complete: true,
        is_error: false,
      });
      expect(Buffer.from(bodies.request_body)).toEqual(Buffer.from(plain.request_body.bytes));
      expect(bodies).toMatchObject({ request_encoding: 'utf8', response_encoding: 'utf8' });
    }
  });

  test('keep bodies without loss: text as text, all else as it came, with its encoding named', () => {
    const text = '{"a":"\0ä"}';
    const bytes = Buffer.from(text);
    const binary = Buffer.from([0xff, 0, 0x80, 0xfe]);
    const latin = (buffer: Uint8Array) => Buffer.from(buffer).toString('latin1');
    expect(storedResponse(body(bytes))).toEqual({ text: latin(bytes), encoding: 'utf8' });
    expect(storedResponse(body(binary))).toEqual({ text: latin(binary), encoding: 'bytes' });
    expect(storedResponse(body(binary, { encoding: 'identity' }))).toEqual({ text: latin(binary), encoding: 'bytes' });
    expect(storedResponse(body(Buffer.alloc(0)))).toEqual({ text: '', encoding: 'utf8' });
    const zippedBinary = gzipSync(binary);
    expect(storedResponse(body(zippedBinary, { encoding: 'gzip' }))).toEqual({
      text: latin(zippedBinary),
      encoding: 'gzip',
    });
    expect(storedResponse(body(binary, { encoding: 'gzip' }))).toEqual({ text: latin(binary), encoding: 'gzip' });
    expect(storedResponse(body(bytes, { encoding: 'snappy' }))).toEqual({ text: latin(bytes), encoding: 'snappy' });
  });

  test('read bodies that are no text from their bytes, and store them as they came', () => {
    const frames = Buffer.concat(CONVERSE_FRAMES);
    const type = { content_type: 'application/vnd.amazon.eventstream' };
    const bedrock = { provider: 'AWS', path: TO_CONVERSE_STREAM.path };
    for (const sent of [body(frames, type), body(gzipSync(frames), { ...type, encoding: 'gzip' })]) {
      const { row, bodies } = buildRequestRow(stamped({ ...bedrock, response_body: sent }), 0, 0);
      expect(row).toMatchObject({
        streamed: true,
        prompt_tokens: 100,
        completion_tokens: 80,
        finish_reason: 'end_turn',
        usage_complete: true,
      });
      expect(Buffer.from(bodies.response_body)).toEqual(sent.bytes);
      expect(bodies.response_encoding).toBe(sent.encoding || 'bytes');
    }
    const cut = body(frames.subarray(0, -1), { ...type, truncated: true });
    expect(buildRequestRow(stamped({ ...bedrock, response_body: cut }), 0, 0).row).toMatchObject({
      prompt_tokens: null,
      usage_complete: false,
      cost_pico: null,
    });
    const form = Buffer.from(
      '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--b\r\n\xff',
      'latin1',
    );
    const seconds = Buffer.from('{"text":"x","usage":{"type":"duration","seconds":60}}');
    const transcribed = stamped({
      path: '/v1/audio/transcriptions',
      request_body: body(form, { content_type: 'multipart/form-data; boundary=b' }),
      response_body: body(seconds),
    });
    expect(buildRequestRow(transcribed, 0, 0)).toMatchObject({
      row: { model: 'whisper-1', cost_pico: 6_000_000_000n, usage_complete: true },
      bodies: { request_encoding: 'bytes' },
    });
  });

  test('flag a stream that was cut, and count what was seen of it', () => {
    const sse = 'data: {"model":"gpt-4o-mini","choices":[{"delta":{"content":"y"}}]}\n\ndata: {"mod';
    const { row } = buildRequestRow(
      stamped({
        response_body: body(Buffer.from(sse), { content_type: 'text/event-stream', truncated: true }),
        abort_reason: 'upstream-reset',
      }),
      0,
      0,
    );
    expect(row).toMatchObject({
      streamed: true,
      usage_complete: false,
      cost_pico: null,
      is_error: true,
      error_type: 'upstream-reset',
      response_truncated: true,
    });
    const half = gzipSync(Buffer.from(JSON.stringify({ a: 'x'.repeat(5_000) }))).subarray(0, 40);
    expect(storedResponse(body(half, { encoding: 'gzip', truncated: true })).encoding).toBe('utf8');
  });

  test('order a call by a time near the one at which it was logged, and keep the one it was sent with', () => {
    const day = 86_400_000;
    const ordered = (requestAt: number) => {
      const { row } = buildRequestRow(stamped({ request_at: requestAt, response_at: requestAt + 5 }), 0, 0);
      return { at: row.ordered_at - NOW, clamped: row.time_clamped, kept: row.request_at === requestAt };
    };
    expect(ordered(NOW - 5)).toEqual({ at: -5, clamped: false, kept: true });
    expect(ordered(NOW - 400 * day)).toEqual({ at: -400 * day, clamped: false, kept: true });
    expect(ordered(NOW - 400 * day - 1)).toEqual({ at: -400 * day, clamped: true, kept: true });
    expect(ordered(NOW + day)).toEqual({ at: day, clamped: false, kept: true });
    expect(ordered(NOW + 10 * day)).toEqual({ at: day, clamped: true, kept: true });
    expect(ordered(0)).toEqual({ at: -400 * day, clamped: true, kept: true });
    expect(buildRequestRow(stamped({ request_at: NOW, response_at: NOW - 9 }), 0, 0).row.latency_ms).toBe(0);
  });

  test.each([
    [{ status: 200 }, ''],
    [{ status: 302 }, ''],
    [{ status: 400 }, 'status_400'],
    [{ status: 199 }, 'status_199'],
    [{ status: -2 }, 'status_-2'],
    [{ status: -2, abort_reason: 'upstream-timeout' as const }, 'upstream-timeout'],
    [{ status: -3, abort_reason: 'client-aborted' as const }, 'cancelled'],
    [{ status: -3 }, 'cancelled'],
    [{ status: 200, abort_reason: 'draining' as const }, 'draining'],
    [{ status: 200, response_body: body(Buffer.from('{"error":{"type":"overloaded","message":"m"}}')) }, 'overloaded'],
    [{ status: 503, response_body: body(Buffer.from('{"error":{"type":"overloaded","message":"m"}}')) }, 'overloaded'],
    [{ status: 404, response_body: body(Buffer.from('{"error":"no such model"}')) }, 'status_404'],
    [
      { status: 502, abort_reason: 'upstream-refused' as const, response_body: body(Buffer.from('{"error":"text"}')) },
      'upstream-refused',
    ],
  ])('call %j an error of type %j', (changes, type) => {
    const empty = body(Buffer.from('{}'));
    const { row } = buildRequestRow(stamped({ response_body: empty, ...changes }), 0, 0);
    expect([row.is_error, row.error_type]).toEqual([type !== '', type]);
  });

  test('hold the session among the properties, as its headers were written', () => {
    const session = { id: 's', name: '', path: '/p', rule: 'helicone-session-id' as const };
    const { row } = buildRequestRow(stamped({ session, properties: [['a', 'b']] }), 0, 0);
    expect(row.properties).toEqual([
      ['a', 'b'],
      ['Helicone-Session-Id', 's'],
      ['Helicone-Session-Path', '/p'],
    ]);
    expect(buildRequestRow(stamped({ session: null, properties: [['a', 'b']] }), 0, 0).row.properties).toEqual([
      ['a', 'b'],
    ]);
  });

  test('fit their columns and are well-formed, whatever an event that decodes may hold', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('x\ud800', '\udc00', '\0', '__proto__'));
    const time = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const bodies = fc
      .record({ bytes: fc.uint8Array(), encoding: fc.constantFrom('', 'gzip', 'x\ud800') })
      .map(({ bytes, encoding }) => body(bytes, { encoding, content_type: encoding }));
    const events = fc.record({
      event_id: text,
      tenant_id: text,
      request_id: text,
      session: fc.option(
        fc.record({ id: text, name: text, path: text, rule: fc.constant('body-conversation' as const) }),
      ),
      user_id: text,
      properties: fc.array(fc.tuple(text, text)),
      provider: text,
      target_url: text,
      method: text,
      path: text,
      request_at: time,
      first_byte_at: fc.option(time),
      response_at: time,
      status: fc.maxSafeInteger(),
      request_headers: fc.array(fc.tuple(text, text)),
      request_body: bodies,
      response_body: bodies,
      model_override: text,
    });
    fc.assert(
      fc.property(events, time, (changes, receivedAt) => {
        const decoded = decodeEvent(encodeEvent(stamped(changes as Partial<NewRequestEvent>, receivedAt)));
        if (decoded.outcome !== 'event' || decoded.event.kind !== 'request') throw new Error('is an event');
        const built = stampVersion(buildRequestRow(decoded.event, 1, 2), 3);
        expect(encodeRows('requests', [built.row]).rows).toBe(1);
        expect(encodeRows('request_bodies', [built.bodies]).rows).toBe(1);
        const strings = [
          ...Object.values(built.row),
          ...built.row.properties.flat(),
          ...built.row.request_headers.flat(),
        ];
        for (const value of strings) if (typeof value === 'string') expect(value.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('a call whose bodies were masked', () => {
  const reading: CallReading = {
    step_kind: 'llm',
    model: 'gpt-4o',
    request_model: 'gpt-4o',
    response_model: 'gpt-4o-2024-08-06',
    body_user: '[email]',
    streamed: true,
    tokens: { ...NO_TOKENS, prompt_tokens: 7, completion_tokens: 5 },
    usage_complete: true,
    finish_reason: 'stop',
    error: { type: 'odd', message: 'for [email]' },
    cost_pico: '123',
    cost_source: 'table',
    price_version: 'then',
  };

  test('is what was read of it before', () => {
    const masked = stamped({ reading, user_id: '', response_body: body(Buffer.from('{"usage":"[masked]"}')) });
    for (const built of [buildRequestRow(masked, 0, 0), buildCountableRow(masked, 0, 0) as BuiltRows]) {
      expect(built.row).toMatchObject({
        ...reading.tokens,
        model: 'gpt-4o',
        response_model: 'gpt-4o-2024-08-06',
        user_id: '[email]',
        streamed: true,
        usage_complete: true,
        finish_reason: 'stop',
        error_type: 'odd',
        error_message: 'for [email]',
        cost_pico: 123n,
        cost_source: 'table',
        price_version: 'then',
      });
      expect(Buffer.from(built.bodies.response_body).toString()).toBe('{"usage":"[masked]"}');
    }
  });

  test('has an estimate of what is left of it where its provider counted nothing', () => {
    const events = 'data: {"model":"gpt-4o","choices":[{"delta":{"content":"Hello [email]"}}]}\n\ndata: [DONE]\n\n';
    const uncounted = {
      ...reading,
      tokens: NO_TOKENS,
      usage_complete: false,
      cost_pico: null,
      cost_source: 'none' as const,
    };
    const response_body = body(Buffer.from(events), { content_type: 'text/event-stream' });
    const rows = buildCountableRow(stamped({ reading: uncounted, response_body }), 0, 0) as UncountedRows;
    const { row } = rows.build(rows.uncounted.texts.map(() => 3));
    expect(row).toMatchObject({
      cost_source: 'estimated',
      completion_tokens: 3,
      finish_reason: 'stop',
      error_type: 'odd',
    });
  });
});

describe('a call that was imported', () => {
  const imported: ImportedCall = {
    time_to_first_token_ms: 12,
    trace_id: 't'.repeat(32),
    span_id: 's',
    parent_span_id: '\ud800',
    request_encoding: 'deleted',
    response_encoding: 'gzip',
    scores: [['good', 1]],
    former_properties: [['env', ['test', '\ud800']]],
  };
  const reading: CallReading = {
    step_kind: 'tool',
    model: 'theirs',
    request_model: 'asked',
    response_model: 'got',
    body_user: '',
    streamed: false,
    tokens: NO_TOKENS,
    usage_complete: false,
    finish_reason: 'stop',
    error: null,
    cost_pico: null,
    cost_source: 'none',
    price_version: 'theirs',
  };
  const answer = body(Buffer.from('data: {"model":"gpt-4o","choices":[{"delta":{"content":"Hello"}}]}\n\n'), {
    content_type: 'text/event-stream',
  });

  test('is what it was where it was recorded: nothing of it is read, priced, estimated or decompressed', () => {
    const own = { imported, reading, cache_reference_id: 'other', first_byte_at: null };
    const event = stamped({ ...own, response_body: answer });
    for (const built of [buildRequestRow(event, 0, 0), buildCountableRow(event, 0, 0) as BuiltRows]) {
      expect(built.row).toMatchObject({
        ...NO_TOKENS,
        step_kind: 'tool',
        model: 'theirs',
        cost_pico: null,
        cost_source: 'none',
        price_version: 'theirs',
        time_to_first_token_ms: 12,
        trace_id: 't'.repeat(32),
        span_id: 's',
        parent_span_id: '\ufffd',
        cache_reference_id: 'other',
        scores: [['good', 1]],
        former_properties: [['env', ['test', '\ufffd']]],
        is_error: false,
      });
      expect(built.bodies).toMatchObject({ request_encoding: 'deleted', response_encoding: 'gzip' });
      expect(built.bodies.response_body).toEqual(answer.bytes);
    }
  });

  test('lacks a body that was lost on its way here, and says so', () => {
    const stored = { name: '2026-01-01/00/e-response', size: 9, crc32: 1 };
    const lost = stamped({ imported, reading, response_body: { ...answer, bytes: new Uint8Array(0), stored } });
    const built = buildRequestRow(lost, 0, 0);
    expect([built.bodies.response_encoding, built.row.response_truncated]).toEqual(['missing', true]);
  });
});
