import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EventLogError } from '@throughline/event-log/event-log';
import protobuf from 'protobufjs/light.js';
import { TRACE_BYTES_MAX } from '../../src/ingest/otlp/otlp-endpoint.ts';
import { SPANS_MAX } from '../../src/ingest/otlp/read-spans.ts';
import { type Harness, KEY, type RawResponse, READ_KEY, request, startGateway } from '../support/gateway-harness.ts';
import { otlpExport, otlpSpan } from '../support/otlp-spans.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startGateway();
});
afterEach(() => harness.close());

const AUTH = { authorization: `Bearer ${KEY}` };
const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const LLM = { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-4o-mini', 'session.id': 's' };

function post(body: unknown, headers: Record<string, string> = {}, path = '/v1/traces'): Promise<RawResponse> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return request(`${harness.origin}${path}`, {
    method: 'POST',
    headers: { ...AUTH, ...JSON_TYPE, ...headers },
    body: bytes,
  });
}

const answer = ({ status, body }: RawResponse) => [status, JSON.parse(body.toString())];

/** One span in protobuf, written field by field. */
function protobufExport(depth = 0): Buffer {
  const text = (value: string) =>
    protobuf.Writer.create()
      .uint32((1 << 3) | 2)
      .string(value)
      .finish();
  const message = (field: number, ...parts: Uint8Array[]) => {
    const writer = protobuf.Writer.create();
    for (const part of parts) writer.uint32((field << 3) | 2).bytes(part);
    return writer.finish();
  };
  const attribute = (key: string, value: Uint8Array) => Buffer.concat([text(key), message(2, value)]);
  let deep: Uint8Array = text('bottom');
  for (let i = 0; i < depth; i++) deep = message(5, message(1, deep));
  const span = Buffer.concat([
    message(1, Buffer.from('4bf92f3577b34da6a3ce929d0e0e4736', 'hex')),
    message(2, Buffer.from('00f067aa0ba902b7', 'hex')),
    message(5, Buffer.from('chat')),
    protobuf.Writer.create()
      .uint32((7 << 3) | 1)
      .fixed64('1760000000000000000')
      .finish(),
    protobuf.Writer.create()
      .uint32((8 << 3) | 1)
      .fixed64('1760000001500000000')
      .finish(),
    message(9, attribute('gen_ai.system', text('openai')), attribute('session.id', text('s'))),
    message(9, attribute('deep', deep)),
    // Of a version to come.
    message(900, Buffer.from('unknown')),
  ]);
  return Buffer.from(message(1, message(2, message(2, span))));
}

describe('an export of spans', () => {
  test.each(['/v1/traces', '/v1/trace/log', '/v1/trace/log-python', '/v1/traces?a=b'])(
    'is taken at %s',
    async (path) => {
      expect(answer(await post(otlpExport([otlpSpan({ attributes: LLM })]), {}, path))).toEqual([200, {}]);
      const [event] = harness.appender.requests;
      expect(event).toMatchObject({
        tenant_id: 'acme',
        provider: 'OPENAI',
        session: { id: 's', path: '/span', rule: 'otlp-session-id' },
        request_id_chosen: true,
        logged: { by: 'otlp', cost_usd: null },
      });
    },
  );

  test.each([
    ['protobuf', PROTOBUF, (body: Buffer) => body],
    ['protobuf that is not announced', { 'content-type': 'application/octet-stream' }, (body: Buffer) => body],
    ['protobuf, compressed', { ...PROTOBUF, 'content-encoding': 'gzip' }, (body: Buffer) => gzipSync(body)],
  ])('may be %s', async (_, headers, encode) => {
    const { status, headers: got, body } = await post(encode(protobufExport()), headers);
    expect([status, got['content-type'], body.length]).toEqual([200, 'application/x-protobuf', 0]);
    expect(harness.appender.requests[0]).toMatchObject({
      session: { id: 's', path: '/chat' },
      request_at: 1_760_000_000_000,
      response_at: 1_760_000_001_500,
      trace: { span: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    });
  });

  test('in JSON may be compressed, and have bytes as base64, names of old and fields of versions to come', async () => {
    const span = otlpSpan({ attributes: LLM, parent: '', more: { flags: 257, new: { field: 1 }, links: [] } });
    const old = {
      resourceSpans: [
        {
          schemaUrl: 'x',
          instrumentationLibrarySpans: [
            {
              spans: [
                { ...span, traceId: 'S/kvNXezTaajzpKdDg5HNg==', spanId: 'APBnqgupArc=', startTimeUnixNano: 1.76e18 },
              ],
            },
          ],
        },
      ],
    };
    const sent = await post(gzipSync(JSON.stringify(old)), { 'content-encoding': 'gzip' });
    expect(answer(sent)).toEqual([200, {}]);
    expect(harness.appender.requests[0]!.trace.span).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7/);
  });

  test('of nothing is taken', async () => {
    expect(answer(await post({}))).toEqual([200, {}]);
    expect((await post(Buffer.alloc(0), PROTOBUF)).status).toBe(200);
    expect(harness.appender.events).toEqual([]);
  });

  test('that is partly no span is taken in part, and says so', async () => {
    const good = otlpSpan({ attributes: LLM });
    const bad = [
      { ...good, traceId: '0'.repeat(32) },
      { ...good, spanId: 'xyz' },
      { ...good, endTimeUnixNano: 'soon' },
      'span',
    ];
    expect(answer(await post(otlpExport([...bad, good])))).toEqual([
      200,
      { partialSuccess: { rejectedSpans: '4', errorMessage: 'a span has no valid traceId' } },
    ]);
    expect(harness.appender.requests).toHaveLength(1);
    const metrics = await harness.metrics();
    expect(metrics).toMatch(/logged_total\{by="otlp",outcome="invalid"\} 4/);
    expect(metrics).toMatch(/logged_total\{by="otlp",outcome="recorded"\} 1/);
  });

  test('has a bound on its spans', async () => {
    const span = otlpSpan({ name: 'GET' });
    const [status, body] = answer(await post(otlpExport(Array.from({ length: SPANS_MAX + 3 }, () => span))));
    expect([status, body.partialSuccess.rejectedSpans]).toEqual([200, '3']);
    expect(await harness.metrics()).toMatch(new RegExp(`outcome="passed-over"\\} ${SPANS_MAX}`));
  });

  test('that the log takes nothing of is answered 503; that it takes a part of, with the rest', async () => {
    harness.appender.refuseWith('full');
    const refused = await post(otlpExport([otlpSpan({ attributes: LLM })]));
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(refused.body.toString())).toMatchObject({ code: 14, message: expect.any(String) });
    const inProtobuf = await post(protobufExport(), PROTOBUF);
    expect([inProtobuf.status, inProtobuf.body[0], inProtobuf.body[1]]).toEqual([503, (1 << 3) | 0, 14]);

    harness.appender.refuseWith(undefined);
    const append = harness.appender.append.bind(harness.appender);
    let count = 0;
    harness.appender.append = async (...args) => {
      if (count++ > 0) throw new EventLogError('full', 'full');
      return append(...args);
    };
    const spans = Array.from({ length: 3 }, () => otlpSpan({ attributes: LLM }));
    const [status, body] = answer(await post(otlpExport(spans)));
    expect([status, body.partialSuccess]).toEqual([
      200,
      { rejectedSpans: '2', errorMessage: 'the event log has no room' },
    ]);
  });

  test.each<[string, unknown, Record<string, string>, number, number]>([
    ['no JSON', '{', {}, 400, 3],
    ['no object', '[]', {}, 400, 3],
    ['a key that is not known', {}, { authorization: 'Bearer sk-helicone-z' }, 401, 16],
    ['a key that may not write', {}, { authorization: `Bearer ${READ_KEY}` }, 401, 16],
    ['an encoding that is not known', {}, { 'content-encoding': 'lzma' }, 415, 3],
    ['no gzip', 'x', { 'content-encoding': 'gzip' }, 400, 3],
    ['more bytes than it may', Buffer.alloc(TRACE_BYTES_MAX + 1, 0x20), {}, 413, 8],
    ['a bomb', gzipSync(Buffer.alloc(TRACE_BYTES_MAX + 1, 0x20)), { 'content-encoding': 'gzip' }, 413, 8],
  ])('with %s is refused as OTLP and the API have it', async (_, body, headers, status, code) => {
    const [got, said] = answer(await post(body, headers));
    expect([got, said]).toEqual([status, expect.objectContaining({ data: null, code, message: said.error })]);
    expect(harness.appender.events).toEqual([]);
  });

  test.each([
    ['cut', protobufExport().subarray(0, 60)],
    ['no protobuf', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['nested without an end', protobufExport(300)],
  ])('in protobuf that is %s is refused', async (_, body) => {
    const got = await post(body, PROTOBUF);
    expect([got.status, got.headers['content-type'], got.body[1]]).toEqual([400, 'application/x-protobuf', 3]);
    expect(harness.appender.events).toEqual([]);
  });

  test('without a key is the default tenant’s on loopback, and nobody’s elsewhere', async () => {
    const anonymous = (to: Harness) =>
      request(`${to.origin}/v1/traces`, {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify(otlpExport([otlpSpan({ attributes: LLM })])),
      });
    expect((await anonymous(harness)).status).toBe(200);
    expect(harness.appender.requests[0]!.tenant_id).toBe('default');
    const open = await startGateway({ config: { loopback: false } });
    try {
      expect(answer(await anonymous(open))).toMatchObject([401, { error: 'No authorization header', code: 16 }]);
    } finally {
      await open.close();
    }
  });

  test('of a provider is the provider’s', async () => {
    const { status } = await request(`${harness.origin}/v1/traces/ingest`, {
      method: 'POST',
      headers: { ...AUTH, host: 'throughline.example' },
    });
    expect(status).toBe(404);
  });
});

describe('a session that a span of an earlier export has named', () => {
  const model = { 'gen_ai.operation.name': 'chat', 'gen_ai.system': 'openai' };
  const named = (id: string) => otlpSpan({ attributes: { 'gen_ai.operation.name': 'invoke_agent', 'session.id': id } });
  const nameless = (more: object = {}) => otlpSpan({ attributes: model, ...more });
  const send = async (spans: readonly unknown[], headers: Record<string, string> = {}) =>
    expect((await post(otlpExport(spans), headers)).status).toBe(200);
  const sessionsOf = async (count: number) => (await harness.recorded(count)).map(({ session }) => session?.id ?? null);

  test('holds for those of its trace that come later and name none, and for no others', async () => {
    await send([nameless()]);
    await send([named('s1')]);
    await send([nameless(), nameless({ trace: 'a'.repeat(32) }), named('s1')]);
    expect(await sessionsOf(5)).toEqual([null, 's1', 's1', null, 's1']);
    expect(harness.appender.requests[2]!.session!.rule).toBe('otlp-session-id');
  });

  test('holds no more once another one is named', async () => {
    await send([named('s1')]);
    await send([named('s2'), nameless()]);
    await send([nameless()]);
    expect(await sessionsOf(4)).toEqual(['s1', 's2', null, null]);
  });

  test('is nobody else’s', async () => {
    await send([named('s1')]);
    // Without a key it is tenant `default`: the gateway is bound to loopback.
    await send([nameless()], { authorization: '' });
    expect(await sessionsOf(2)).toEqual(['s1', null]);
    expect(harness.appender.requests.map(({ tenant_id }) => tenant_id)).toEqual(['acme', 'default']);
  });
});
