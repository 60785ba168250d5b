import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeEvent } from '@throughline/contracts/event-codec';
import type { NewRequestEvent, RequestEvent } from '@throughline/contracts/request-event';
import { CONVERSE_FRAMES } from '@throughline/providers/fixtures/bedrock-call';
import { buildRequestRow } from '../../../session-aggregator/src/steps/build-request-row.ts';
import {
  type FakeUpstream,
  type Harness,
  KEY,
  request,
  startGateway,
  startUpstream,
} from '../support/gateway-harness.ts';
import { otlpExport, otlpSpan } from '../support/otlp-spans.ts';

const SECRETS = {
  email: 'jane.doe@example.com',
  card: '4111 1111 1111 1111',
  key: 'sk-ant-api03-abcdefgh12345678',
  aws: 'AKIAIOSFODNN7EXAMPLE',
  literal: 'Project Bluebird',
  named: 'my own words 77',
};
const { named: _, ...SAID } = SECRETS;
const ALL = Object.values(SAID).join(', ');
const MASKING = {
  emails: true,
  cards: true,
  keys: true,
  literals: [SECRETS.literal],
  paths: ['metadata.ssn', '..args.ssn'],
};

/** What the provider says to the next call. */
let reply: { status?: number; type: string; encoding?: string; body: Buffer | string; requestId?: string };
const received: Buffer[] = [];
let upstream: FakeUpstream;
let masking: Harness;
let plain: Harness;
beforeAll(async () => {
  upstream = await startUpstream(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    received.push(Buffer.concat(chunks));
    res.writeHead(reply.status ?? 200, {
      'content-type': reply.type,
      ...(reply.encoding && { 'content-encoding': reply.encoding }),
      'request-id': reply.requestId ?? `req for ${SECRETS.email}`,
    });
    res.end(reply.body);
  });
  const providerOrigins = { OPENAI: upstream.origin, ANTHROPIC: upstream.origin, AWS: upstream.origin };
  masking = await startGateway({ providerOrigins, masking: MASKING });
  plain = await startGateway({ providerOrigins });
});
afterAll(async () => {
  await Promise.all([masking.close(), plain.close()]);
  await upstream.close();
});

const REQUEST = JSON.stringify({
  model: 'gpt-4o-mini',
  user: SECRETS.email,
  metadata: { ssn: SECRETS.named },
  messages: [{ role: 'user', content: `Hello, ${ALL}` }],
  tools: [{ args: { ssn: [SECRETS.named] } }],
});
const USAGE = { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 };
const answer = (content: string) =>
  JSON.stringify({
    model: 'gpt-4o-2024-08-06',
    choices: [{ message: { content }, finish_reason: 'stop' }],
    usage: USAGE,
  });
/** A letter or two in each event. */
const stream = (content: string) => {
  const parts = content.match(/[\s\S]{1,2}/g)!;
  const events: object[] = parts.map((part) => ({ choices: [{ index: 0, delta: { content: part } }] }));
  events.push({ model: 'gpt-4o-2024-08-06', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: USAGE });
  return `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`;
};

async function callBoth(path: string, body: string | Buffer, headers: Record<string, string>) {
  const events: NewRequestEvent[] = [];
  for (const harness of [masking, plain]) {
    const before = harness.appender.requests.length;
    const got = await request(harness.origin + path, {
      method: 'POST',
      headers: { 'Helicone-Auth': `Bearer ${KEY}`, ...headers },
      body,
    });
    events.push(...(await harness.recorded(before + 1)).slice(before));
    expect(got.status).toBe(reply.status ?? 200);
    if (path.startsWith('/v1/gateway')) {
      expect(got.body.equals(Buffer.from(reply.body))).toBe(true);
      expect(received.at(-1)!.equals(Buffer.from(body))).toBe(true);
    }
  }
  return { masked: events[0]!, sent: events[1]! };
}

/** What is stored of an event, but for what tells one call from the other, and its bodies. */
function rowOf(event: NewRequestEvent) {
  const stamped: RequestEvent = {
    ...event,
    producer: { id: 'p', seq: 0 },
    partition: 0,
    received_at: event.response_at,
  };
  const { row, bodies } = buildRequestRow(stamped, 0, 0);
  return { row, bodies };
}

const READ = [
  'model',
  'request_model',
  'response_model',
  'prompt_tokens',
  'completion_tokens',
  'reasoning_tokens',
  'prompt_cache_read_tokens',
  'prompt_cache_write_tokens',
  'cost_pico',
  'cost_source',
  'price_version',
  'usage_complete',
  'streamed',
  'step_kind',
  'finish_reason',
  'is_error',
  'error_type',
  'session_id',
  'session_rule',
  'request_bytes',
  'response_bytes',
  'status',
  'webhook',
] as const;

function expectMasked({ masked, sent }: { masked: NewRequestEvent; sent: NewRequestEvent }) {
  const bytes = encodeEvent({ ...masked, producer: { id: 'p', seq: 0 }, partition: 0, received_at: 0 }).toString();
  for (const secret of Object.values(SECRETS)) expect(bytes).not.toContain(secret);
  const [row, unmasked] = [rowOf(masked), rowOf(sent)];
  for (const column of READ) expect([column, row.row[column]]).toEqual([column, unmasked.row[column]]);
  return row;
}

const HEADERS = {
  'content-type': 'application/json',
  'Helicone-Session-Id': 'run-1',
  'Helicone-Webhook-Enabled': 'true',
  'Helicone-Session-Name': `Run of ${SECRETS.email}`,
  'Helicone-Session-Path': `/about/${SECRETS.literal}`,
  'Helicone-User-Id': SECRETS.email,
  'Helicone-Property-Card': SECRETS.card,
  'Helicone-Property-Plain': 'as it is',
  referer: `https://app.example/${SECRETS.email}`,
};
const CHAT = `/v1/gateway/oai/v1/chat/completions?who=${encodeURIComponent(SECRETS.email)}`;

describe('a proxied call', () => {
  test.each([
    ['JSON', { type: 'application/json', body: answer(`Sure: ${ALL}`) }],
    ['a stream', { type: 'text/event-stream', body: stream(`Sure: ${ALL}. Bye.`) }],
    ['gzip', { type: 'application/json', encoding: 'gzip', body: gzipSync(answer(ALL)) }],
    ['a stream in brotli', { type: 'text/event-stream', encoding: 'br', body: brotliCompressSync(stream(ALL)) }],
    ['zstd', { type: 'application/json', encoding: 'zstd', body: zstdCompressSync(answer(ALL)) }],
    [
      'an error',
      {
        status: 400,
        type: 'application/json',
        body: JSON.stringify({ error: { type: 'bad', message: `not for ${ALL}` } }),
      },
    ],
    ['text', { type: 'text/plain', body: `Sure: ${ALL}` }],
    ['nothing', { type: 'application/json', body: '' }],
  ])('answered with %s is stored masked, read as it was, and passed on byte for byte', async (_name, next) => {
    reply = next;
    const calls = await callBoth(CHAT, REQUEST, HEADERS);
    const { row, bodies } = expectMasked(calls);
    expect(JSON.parse(Buffer.from(bodies.request_body).toString())).toEqual({
      model: 'gpt-4o-mini',
      user: '[email]',
      metadata: { ssn: '[masked]' },
      messages: [{ role: 'user', content: 'Hello, [email], [card], [key], [key], [masked]' }],
      tools: [{ args: { ssn: '[masked]' } }],
    });
    expect(row).toMatchObject({ session_name: 'Run of [email]', session_path: '/about/[masked]', user_id: '[email]' });
    expect(row.properties).toEqual(
      expect.arrayContaining([
        ['card', '[card]'],
        ['plain', 'as it is'],
      ]),
    );
    expect(row.path).toBe('/v1/chat/completions?who=[email]');
  });
});

describe('bodies that cannot be looked into', () => {
  test.each([
    [
      'are no text',
      { type: 'application/octet-stream', body: Buffer.from([0xff, 0xfe, ...Buffer.from(ALL, 'utf16le')]) },
    ],
    ['are text of two bytes a character', { type: 'text/plain', body: Buffer.from(ALL, 'utf16le') }],
    ['are not what they say', { type: 'application/json', encoding: 'gzip', body: Buffer.from(ALL) }],
    [
      'are compressed in a way that nobody knows',
      { type: 'application/json', encoding: 'rot13', body: Buffer.from(ALL) },
    ],
  ])('because they %s are not stored, which the row says', async (_name, next) => {
    reply = next;
    const { masked } = await callBoth(CHAT, REQUEST, HEADERS);
    expect(masked.response_body).toMatchObject({ truncated: true, size: next.body.length, encoding: '' });
    expect(masked.response_body.bytes).toHaveLength(0);
    expect(rowOf(masked).row).toMatchObject({ response_truncated: true, response_bytes: next.body.length });
    expect(masked.request_body.bytes.length).toBeGreaterThan(0);
  });

  test('are read all the same', async () => {
    reply = { type: 'application/vnd.amazon.eventstream', body: Buffer.concat(CONVERSE_FRAMES) };
    const path =
      '/v1/gateway/bedrock/v1/us-east-1/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream';
    const calls = await callBoth(path, '{"messages":[]}', { 'content-type': 'application/json' });
    expect(calls.masked.response_body.bytes).toHaveLength(0);
    expect(expectMasked(calls).row).toMatchObject({ completion_tokens: 80, usage_complete: true });
  });
});

test('a call without anything to mask is stored as it came, compressed as it was', async () => {
  reply = {
    type: 'application/json',
    encoding: 'gzip',
    body: gzipSync(answer('Nothing of interest.')),
    requestId: '1',
  };
  const { masked } = await callBoth('/v1/gateway/oai/v1/chat/completions', '{"model":"gpt-4o"}', {
    'content-type': 'application/json',
  });
  expect(masked).toMatchObject({ response_body: { encoding: 'gzip' }, request_body: { truncated: false } });
  expect(masked).not.toHaveProperty('reading');
  expect(Buffer.from(masked.response_body.bytes).equals(reply.body as Buffer)).toBe(true);
});

describe('what is logged without the gateway', () => {
  test('by hand is stored masked and read as it was', async () => {
    const body = JSON.stringify({
      providerRequest: {
        url: `custom/${SECRETS.literal}`,
        json: JSON.parse(REQUEST),
        meta: { 'Helicone-User-Id': SECRETS.email },
      },
      providerResponse: { json: JSON.parse(answer(ALL)), status: 200, headers: {} },
      timing: {
        startTime: { seconds: 1_700_000_000, milliseconds: 0 },
        endTime: { seconds: 1_700_000_001, milliseconds: 0 },
      },
    });
    reply = { type: '', body: '' };
    const calls = await callBoth('/custom/v1/log', body, {
      authorization: `Bearer ${KEY}`,
      'Helicone-Session-Id': 's',
    });
    expect(expectMasked(calls).row).toMatchObject({
      prompt_tokens: 1_000,
      user_id: '[email]',
      model: 'gpt-4o-2024-08-06',
    });
  });

  test('as spans is stored masked and read as it was', async () => {
    const span = otlpSpan({
      id: '00f067aa0ba902b7',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'gen_ai.usage.input_tokens': 1_000,
        'gen_ai.usage.output_tokens': 200,
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: ALL }] }]),
        'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: ALL }] }]),
        'session.id': 's',
        'user.id': SECRETS.email,
        note: SECRETS.literal,
      },
    });
    const calls = await callBoth('/v1/traces', JSON.stringify(otlpExport([span])), {
      'content-type': 'application/json',
    });
    expect(expectMasked(calls).row).toMatchObject({ prompt_tokens: 1_000, user_id: '[email]', session_id: 's' });
  });
});

test('fields that the operator leaves out of it are stored as they came', async () => {
  const harness = await startGateway({
    providerOrigins: { OPENAI: upstream.origin },
    masking: { emails: true, leave: ['user', 'url'] },
  });
  try {
    reply = { type: 'application/json', body: answer('x') };
    await request(harness.origin + CHAT, { method: 'POST', headers: HEADERS, body: REQUEST });
    const [event] = await harness.recorded(1);
    expect(event).toMatchObject({
      user_id: SECRETS.email,
      path: CHAT.slice('/v1/gateway/oai'.length),
      session: { name: 'Run of [email]' },
      reading: { body_user: SECRETS.email },
    });
  } finally {
    await harness.close();
  }
});
