import type http from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { useCleanups } from '../support/clean-up.ts';
import {
  type Harness,
  type HarnessOptions,
  KEY,
  request,
  startGateway,
  startUpstream,
  until,
} from '../support/gateway-harness.ts';

const cleanups = useCleanups();

interface Sent {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

type Verdict = (input: unknown, res: http.ServerResponse) => void;

/** A provider that answers chats, and judges texts as it is told. */
async function setUp(verdict: Verdict, options: HarnessOptions = {}) {
  const sent: Sent[] = [];
  const upstream = await startUpstream(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    sent.push({ path: req.url!, headers: req.headers, body: Buffer.concat(chunks).toString('latin1') });
    if (req.url!.endsWith('/moderations')) verdict(JSON.parse(Buffer.concat(chunks).toString()).input, res);
    else res.writeHead(200, { 'content-type': 'application/json' }).end('{"model":"a","choices":[]}');
  });
  cleanups.push(upstream.close);
  const providerOrigins = { OPENAI: upstream.origin, ANTHROPIC: upstream.origin };
  const gateway = await startGateway({ providerOrigins, ...options });
  cleanups.push(gateway.close);
  return { gateway, sent, upstream, paths: () => sent.map(({ path }) => path) };
}

const results = (...flagged: boolean[]) =>
  JSON.stringify({
    results: flagged.map((isFlagged) => ({ flagged: isFlagged, categories: { violence: isFlagged, hate: false } })),
  });
const flagsBad: Verdict = (input, res) => {
  const texts = Array.isArray(input) ? input : [input];
  res.end(results(...texts.map((text) => String(text).includes('bad'))));
};

const MODERATE = { 'Helicone-Moderations-Enabled': 'true' };
const CHAT = '/v1/gateway/oai/v1/chat/completions';
const chat = (...contents: unknown[]) =>
  JSON.stringify({ model: 'a', messages: contents.map((content) => ({ role: 'user', content })) });

function call(gateway: Harness, body: string | Buffer, headers: Record<string, string>, path = CHAT) {
  return request(gateway.origin + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'Helicone-Auth': `Bearer ${KEY}`,
      authorization: 'Bearer of-the-caller',
      'openai-organization': 'org-1',
      'x-other': 'stays',
      ...headers,
    },
    body,
  });
}

describe('a chat that asks for it', () => {
  test('passes where nothing is flagged, and is sent as it came', async () => {
    const { gateway, sent } = await setUp(flagsBad);
    const body = chat('bad, long ago', 'good');
    expect((await call(gateway, body, MODERATE)).headers['helicone-status']).toBe('success');
    expect(sent.map(({ path, body: text }) => [path, text])).toEqual([
      ['/v1/moderations', '{"input":"good"}'],
      ['/v1/chat/completions', body],
    ]);
    const { headers } = sent[0]!;
    expect(headers).toMatchObject({ authorization: 'Bearer of-the-caller', 'openai-organization': 'org-1' });
    expect(headers).not.toHaveProperty('x-other');
    expect(Object.keys(headers).filter((name) => name.startsWith('helicone'))).toEqual([]);
    const events = await gateway.recorded(1);
    expect(events.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
    expect(await gateway.metrics()).toContain('moderated_calls_total{outcome="passed"} 1');
  });

  test.each<[string, Record<string, string>, string, number]>([
    ['moderation', MODERATE, 'PROMPT_FLAGGED_FOR_MODERATION', 400],
    ['security', { 'Helicone-LLM-Security-Enabled': 'true' }, 'PROMPT_THREAT_DETECTED', -4],
    [
      'security by its other name',
      { 'Helicone-Prompt-Security-Enabled': 'true', ...MODERATE },
      'PROMPT_THREAT_DETECTED',
      -4,
    ],
  ])('is refused by %s, recorded and not sent', async (_what, headers, code, recorded) => {
    const { gateway, paths } = await setUp(flagsBad);
    const body = chat([{ type: 'text', text: 'very' }, { type: 'image_url' }, { type: 'text', text: 'bad' }]);
    const response = await call(gateway, body, headers);
    expect([response.status, response.headers['helicone-status']]).toEqual([400, 'failed']);
    const answered = JSON.parse(response.body.toString());
    expect(answered).toEqual({
      success: false,
      error: { code, message: expect.any(String), details: expect.stringContaining('violence') },
    });
    expect(answered.error.details).toContain(response.headers['helicone-id']);
    expect(paths()).toEqual(['/v1/moderations']);
    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({ status: recorded, path: '/v1/chat/completions' });
    expect(Buffer.from(event!.request_body.bytes).toString()).toBe(body);
    expect(Buffer.from(event!.response_body.bytes).equals(response.body)).toBe(true);
  });

  test('is judged in parts where it is long, and although it is compressed', async () => {
    const { gateway, sent } = await setUp(flagsBad);
    const text = `${'x'.repeat(40_000)}bad`;
    const body = gzipSync(chat(text));
    expect((await call(gateway, body, { ...MODERATE, 'content-encoding': 'gzip' })).status).toBe(400);
    const { input } = JSON.parse(sent[0]!.body);
    expect([input.length, input.join('')]).toEqual([3, text]);
  });
});

describe('a call passes, and that is counted, where the endpoint', () => {
  test.each<[string, Verdict]>([
    ['refuses', (_input, res) => void res.writeHead(429).end('{}')],
    ['says something else', (_input, res) => void res.end('<html>')],
    ['judges nothing', (_input, res) => void res.end('{"results":[]}')],
    ['says too much', (_input, res) => void res.end(' '.repeat(2 * 1024 * 1024))],
    ['closes the connection', (_input, res) => void res.destroy()],
  ])('%s', async (_what, verdict) => {
    const { gateway, paths } = await setUp(verdict);
    expect((await call(gateway, chat('bad'), MODERATE)).status).toBe(200);
    expect(paths().filter((path) => path.endsWith('completions'))).toHaveLength(1);
    expect(await gateway.metrics()).toContain('moderated_calls_total{outcome="failed"} 1');
  });
});

test('nothing is asked about what is no chat with OpenAI, has no text of a user, or does not ask for it', async () => {
  const { gateway, paths } = await setUp(flagsBad);
  const bad = chat('bad');
  await call(gateway, bad, MODERATE, '/v1/gateway/oai/v1/embeddings');
  await call(gateway, bad, MODERATE, '/v1/gateway/anthropic/v1/chat/completions');
  await call(gateway, bad, { 'Helicone-Moderations-Enabled': '1', 'Helicone-LLM-Security-Advanced': 'true' });
  await call(gateway, '{"messages":[{"role":"system","content":"bad"}]}', MODERATE);
  await call(gateway, 'bad', MODERATE);
  await call(gateway, chat([{ type: 'image_url' }]), MODERATE);
  expect(paths().filter((path) => path.endsWith('moderations'))).toEqual([]);
  expect(paths()).toHaveLength(6);
});

test('a fallback is judged with its own credentials at its own host', async () => {
  const first = await setUp(flagsBad, {
    config: { allowedTargets: ['api.openai.com'] },
    resolve: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  const url = `http://api.openai.com:${first.upstream.port}`;
  const fallbacks = JSON.stringify([
    { 'target-url': url, headers: { Authorization: 'Bearer of-the-fallback' }, onCodes: [500] },
  ]);
  const headers = { ...MODERATE, 'Helicone-Fallbacks': fallbacks };
  expect((await call(first.gateway, chat('bad'), headers, '/v1/gateway/gateway/v1/chat/completions')).status).toBe(400);
  expect(first.sent.map(({ headers: { authorization } }) => authorization)).toEqual(['Bearer of-the-fallback']);
});

test('a client that leaves while it waits is recorded, and nothing is sent', async () => {
  const { gateway, paths } = await setUp(() => {});
  const left = new AbortController();
  const gone = fetch(gateway.origin + CHAT, {
    method: 'POST',
    headers: { 'Helicone-Auth': `Bearer ${KEY}`, ...MODERATE },
    body: chat('bad'),
    signal: left.signal,
  });
  await until(() => paths().length === 1, 'the question');
  left.abort();
  await expect(gone).rejects.toThrow();
  expect((await gateway.recorded(1))[0]).toMatchObject({ status: -3, abort_reason: 'client-aborted' });
  expect(paths()).toEqual(['/v1/moderations']);
});
