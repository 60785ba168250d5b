import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeEvent } from '@throughline/contracts/event-codec';
import type { NewRequestEvent, RequestEvent } from '@throughline/contracts/request-event';
import { createTokenCounter } from '@throughline/providers/estimate/token-counter';
import { buildCountableRow } from '../../../session-aggregator/src/steps/build-request-row.ts';
import {
  type FakeUpstream,
  type Harness,
  KEY,
  request,
  startGateway,
  startUpstream,
} from '../support/gateway-harness.ts';
import { otlpExport, otlpSpan } from '../support/otlp-spans.ts';

const SECRET = 'words that nobody else should read';
const EMAIL = 'jane@example.com';

let reply: { status?: number; type: string; encoding?: string; body: Buffer | string };
let upstream: FakeUpstream;
let gateway: Harness;
let masking: Harness;
const counter = createTokenCounter();
beforeAll(async () => {
  upstream = await startUpstream((req, res) => {
    req.resume().on('end', () => {
      const encoding = reply.encoding && { 'content-encoding': reply.encoding };
      res.writeHead(reply.status ?? 200, { 'content-type': reply.type, ...encoding }).end(reply.body);
    });
  });
  const providerOrigins = { OPENAI: upstream.origin };
  gateway = await startGateway({ providerOrigins });
  masking = await startGateway({ providerOrigins, masking: { emails: true, literals: ['gpt-4o-mini'] } });
});
afterAll(async () => {
  await Promise.all([gateway.close(), masking.close(), counter.close()]);
  await upstream.close();
});

const REQUEST = JSON.stringify({
  model: 'gpt-4o-mini',
  user: EMAIL,
  messages: [{ role: 'user', content: `Hello, ${SECRET}` }],
});
const USAGE = { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 };
const answer = (more: object = { usage: USAGE }) =>
  JSON.stringify({
    model: 'gpt-4o-2024-08-06',
    choices: [{ message: { content: `Sure, ${SECRET}` }, finish_reason: 'stop' }],
    ...more,
  });
const stream = (more: object = { usage: USAGE }) =>
  [
    { model: 'gpt-4o-2024-08-06', choices: [{ index: 0, delta: { content: `Sure, ${SECRET}` } }] },
    { model: 'gpt-4o-2024-08-06', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...more },
  ]
    .map((event) => `data: ${JSON.stringify(event)}\n\n`)
    .join('')
    .concat('data: [DONE]\n\n');

async function call(harness: Harness, omits: Record<string, string>, options: { path?: string; body?: string } = {}) {
  const before = harness.appender.requests.length;
  const got = await request(harness.origin + (options.path ?? '/v1/gateway/oai/v1/chat/completions'), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'Helicone-Auth': `Bearer ${KEY}`,
      authorization: `Bearer ${KEY}`,
      ...omits,
    },
    body: options.body ?? REQUEST,
  });
  const [event] = (await harness.recorded(before + 1)).slice(before);
  return { got, event: event! };
}

/** As the session-aggregator stores it, tokens counted. */
async function rowsOf(event: NewRequestEvent) {
  const stamped: RequestEvent = {
    ...event,
    producer: { id: 'p', seq: 0 },
    partition: 0,
    received_at: event.response_at,
  };
  const built = buildCountableRow(stamped, 0, 0);
  if (!('uncounted' in built)) return built;
  return built.build(await counter.count(built.uncounted.encoding, built.uncounted.texts));
}

const TOLD = [
  'model',
  'request_model',
  'response_model',
  'user_id',
  'prompt_tokens',
  'completion_tokens',
  'cost_pico',
  'cost_source',
  'price_version',
  'usage_complete',
  'streamed',
  'step_kind',
  'finish_reason',
  'is_error',
  'error_type',
  'error_message',
  'request_bytes',
  'response_bytes',
  'request_content_type',
  'response_content_type',
] as const;

const bytesOf = (event: NewRequestEvent) =>
  encodeEvent({ ...event, producer: { id: 'p', seq: 0 }, partition: 0, received_at: 0 }).toString();

const OMIT_REQUEST = { 'Helicone-Omit-Request': 'true' };
const OMIT_RESPONSE = { 'Helicone-Omit-Response': 'true' };

describe.each([
  ['the request', OMIT_REQUEST, '{"model":"gpt-4o-mini"}', undefined],
  ['the response', OMIT_RESPONSE, undefined, '{"model":"gpt-4o-2024-08-06"}'],
  ['both', { ...OMIT_REQUEST, ...OMIT_RESPONSE }, '', ''],
])('a call without %s', (_what, omits, requestBody, responseBody) => {
  test.each([
    ['JSON', { type: 'application/json', body: answer() }],
    ['a stream', { type: 'text/event-stream', body: stream() }],
    ['gzip', { type: 'application/json', encoding: 'gzip', body: gzipSync(answer()) }],
    ['a stream in brotli', { type: 'text/event-stream', encoding: 'br', body: brotliCompressSync(stream()) }],
    ['JSON that tells no usage', { type: 'application/json', body: answer({}) }],
    ['a stream that tells no usage', { type: 'text/event-stream', body: stream({}) }],
  ])('answered with %s is stored so, told the same of, and passed on as ever', async (_name, next) => {
    reply = next;
    const plain = await call(gateway, {});
    const omitted = await call(gateway, omits);
    expect(omitted.got.body.equals(Buffer.from(next.body))).toBe(true);
    expect(omitted.got.headers['throughline-recorded']).toBeUndefined();
    const [row, whole] = [await rowsOf(omitted.event), await rowsOf(plain.event)];
    for (const column of TOLD) expect([column, row.row[column]]).toEqual([column, whole.row[column]]);
    const stored = (side: 'request' | 'response') => [
      Buffer.from(row.bodies[`${side}_body`]).toString(),
      row.bodies[`${side}_encoding`],
    ];
    expect(stored('request')).toEqual(requestBody === undefined ? [REQUEST, 'utf8'] : [requestBody, 'omitted']);
    if (responseBody !== undefined) expect(stored('response')).toEqual([responseBody, 'omitted']);
    else expect(stored('response')).toEqual([Buffer.from(whole.bodies.response_body).toString(), 'utf8']);
    if (requestBody !== undefined && responseBody !== undefined) expect(bytesOf(omitted.event)).not.toContain(SECRET);
  });
});

test('an estimate is one, and made of what was not stored', async () => {
  reply = { type: 'application/json', body: answer({}) };
  const { event } = await call(gateway, { ...OMIT_REQUEST, ...OMIT_RESPONSE });
  expect(event.reading).toMatchObject({ cost_source: 'estimated', usage_complete: false });
  expect(event.reading!.tokens.prompt_tokens).toBeGreaterThan(5);
});

test('tokens are not estimated where they are not to be, nor of what is left of the bodies', async () => {
  const plain = await startGateway({
    providerOrigins: { OPENAI: upstream.origin },
    config: { estimatesTokens: false },
  });
  try {
    reply = { type: 'application/json', body: answer({}) };
    const { event } = await call(plain, OMIT_REQUEST);
    expect(event.reading).toMatchObject({ cost_source: 'none', cost_pico: null, tokens: { prompt_tokens: null } });
    expect((await rowsOf(event)).row).toMatchObject({ completion_tokens: null, cost_pico: null });
  } finally {
    await plain.close();
  }
});

test('of an error its message is stored, as of any call', async () => {
  const error = { error: { type: 'invalid_request_error', message: 'no such model' }, echo: SECRET };
  reply = { status: 400, type: 'application/json', body: JSON.stringify(error) };
  const { event } = await call(gateway, OMIT_RESPONSE);
  const { row, bodies } = await rowsOf(event);
  expect(row).toMatchObject({ is_error: true, error_type: 'invalid_request_error', error_message: 'no such model' });
  expect(Buffer.from(bodies.response_body).toString()).toBe('{"model":"gpt-4o-mini"}');
});

test('only `true` says so, and a body that there was none of is not left out', async () => {
  reply = { type: 'application/json', body: '' };
  expect((await call(gateway, { 'Helicone-Omit-Request': '1' })).event).not.toHaveProperty('reading');
  const { event } = await call(gateway, OMIT_RESPONSE);
  expect(event.response_body).toMatchObject({ size: 0, encoding: '' });
});

test('what is left is masked, and read once', async () => {
  reply = { type: 'application/json', body: answer() };
  const both = await call(masking, { ...OMIT_REQUEST, ...OMIT_RESPONSE });
  expect((await rowsOf(both.event)).row).toMatchObject({
    prompt_tokens: 1_000,
    completion_tokens: 200,
    request_model: '[masked]',
    model: 'gpt-4o-2024-08-06',
    user_id: '[email]',
  });
  const { event } = await call(masking, OMIT_REQUEST);
  expect(Buffer.from(event.request_body.bytes).toString()).toBe('{"model":"[masked]"}');
  expect(Buffer.from(event.response_body.bytes).toString()).toContain(SECRET);
  expect((await rowsOf(event)).row).toMatchObject({ prompt_tokens: 1_000, user_id: '[email]' });
  const { event: answered } = await call(masking, OMIT_RESPONSE);
  expect(Buffer.from(answered.request_body.bytes).toString()).toContain('"user":"[email]"');
  expect((await rowsOf(answered)).row).toMatchObject({ prompt_tokens: 1_000, user_id: '[email]' });
  for (const one of [both.event, event, answered]) expect(bytesOf(one)).not.toContain(EMAIL);
});

describe('what is logged without the gateway', () => {
  const log = (meta: object) =>
    JSON.stringify({
      providerRequest: { url: 'https://api.openai.com/v1/chat/completions', json: JSON.parse(REQUEST), meta },
      providerResponse: { json: JSON.parse(answer()), status: 200, headers: {} },
      timing: { startTime: { seconds: 1, milliseconds: 0 }, endTime: { seconds: 2, milliseconds: 0 } },
    });

  test.each<[string, Record<string, string>, object]>([
    ['by a header', { ...OMIT_REQUEST, ...OMIT_RESPONSE }, {}],
    ['by `meta`', {}, { 'Helicone-Omit-Request': 'true', 'Helicone-Omit-Response': true }],
  ])('by hand leaves out what is named %s', async (_how, headers, meta) => {
    const { event } = await call(gateway, headers, { path: '/custom/v1/log', body: log(meta) });
    expect(bytesOf(event)).not.toContain(SECRET);
    expect((await rowsOf(event)).row).toMatchObject({
      prompt_tokens: 1_000,
      user_id: EMAIL,
      model: 'gpt-4o-2024-08-06',
    });
  });

  test('as spans leaves it out by headers', async () => {
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.usage.input_tokens': 1_000,
      'gen_ai.usage.output_tokens': 200,
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: SECRET }] }]),
    };
    const body = JSON.stringify(otlpExport([otlpSpan({ attributes })]));
    const { event } = await call(gateway, OMIT_REQUEST, { path: '/v1/traces', body });
    expect(bytesOf(event)).not.toContain(SECRET);
    expect((await rowsOf(event)).row).toMatchObject({ prompt_tokens: 1_000 });
  });
});
