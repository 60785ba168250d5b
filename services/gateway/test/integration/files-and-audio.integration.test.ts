import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import {
  type FakeUpstream,
  type Harness,
  KEY,
  request,
  startGateway,
  startUpstream,
} from '../support/gateway-harness.ts';

const AUDIO = randomBytes(300_000);
const OURS = {
  'Helicone-Auth': `Bearer ${KEY}`,
  'Helicone-Session-Id': 'voice',
  'Helicone-User-Id': 'u1',
  'Helicone-Property-App': 'phone',
};

let upstream: FakeUpstream;
let gateway: Harness;
const received: Buffer[] = [];

/** Answers uploads with JSON, and speech and the content of files with bytes. */
beforeAll(async () => {
  upstream = await startUpstream((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      received.push(Buffer.concat(chunks));
      const isSound = /speech$|content$/.test(req.url!);
      res.writeHead(200, { 'content-type': isSound ? 'audio/mpeg' : 'application/json', 'x-request-id': 'r' });
      res.end(isSound ? AUDIO : '{"id":"file-1","text":"hello"}');
    });
  });
  gateway = await startGateway({ providerOrigins: { OPENAI: upstream.origin, ANTHROPIC: upstream.origin } });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** One call, what of it reached the provider, and what is logged. */
async function call(method: string, url: string, host: string | undefined, body?: Buffer, contentType = '') {
  const before = upstream.requests.length;
  const answer = await request(gateway.origin, {
    path: url,
    method,
    headers: {
      ...OURS,
      authorization: 'Bearer sk-provider',
      ...(host && { host }),
      ...(contentType && { 'content-type': contentType }),
      ...(body && { 'content-length': body.length }),
    },
    ...(body && { body }),
  });
  const event: NewRequestEvent = (await gateway.recorded(before + 1))[before]!;
  return { answer, sent: { head: upstream.requests[before]!, body: received[before]! }, event };
}

/** An upload as `FormData` writes it: text fields, then bytes that are no text. */
async function form(): Promise<{ body: Buffer; contentType: string }> {
  const fields = new FormData();
  fields.set('model', 'whisper-1');
  fields.set('file', new Blob([AUDIO]), 'speech.mp3');
  const response = new Response(fields);
  return { body: Buffer.from(await response.arrayBuffer()), contentType: response.headers.get('content-type')! };
}

/** URL and Host of a call to a label. */
type Form = (label: string, path: string) => readonly [url: string, host: string | undefined];

const FORMS: readonly (readonly [name: string, form: Form])[] = [
  ['by path', (label, path) => [`/v1/gateway/${label}${path}`, undefined]],
  ['by Host', (label, path) => [path, `${label}.example.com`]],
];

/** What the wire contract knows as passed on unlogged, with headers that are ours: here they are calls like all others. */
describe.each(FORMS)('files and audio %s', (_name, urlOf) => {
  test.each([
    ['oai', 'OPENAI', '/v1/files'],
    ['oai', 'OPENAI', '/v1/audio/transcriptions'],
    ['oai', 'OPENAI', '/v1/audio/translations'],
    ['anthropic', 'ANTHROPIC', '/v1/files?beta=true'],
  ])('an upload to %s (%s) at %s arrives byte for byte, and is logged', async (label, provider, path) => {
    const upload = await form();
    const { answer, sent, event } = await call('POST', ...urlOf(label, path), upload.body, upload.contentType);
    expect(sent.body.equals(upload.body)).toBe(true);
    expect([sent.head.url, sent.head.headers['content-type']]).toEqual([path, upload.contentType]);
    expect(sent.head.headers.authorization).toBe('Bearer sk-provider');
    expect(sent.head.rawHeaders.join('\n')).not.toMatch(/helicone/i);
    expect([answer.status, answer.headers['helicone-status'], answer.headers['helicone-id']]).toEqual([
      200,
      'success',
      event.request_id,
    ]);
    expect(event).toMatchObject({
      provider,
      method: 'POST',
      path,
      tenant_id: 'acme',
      user_id: 'u1',
      session: { id: 'voice' },
      properties: [['app', 'phone']],
      request_body: { size: upload.body.length, truncated: false, content_type: upload.contentType },
    });
    expect(Buffer.compare(event.request_body.bytes, upload.body)).toBe(0);
  });

  test.each([
    ['POST', '/v1/audio/speech', Buffer.from('{"model":"tts-1","input":"hello"}')],
    ['GET', '/v1/files/file-1/content', undefined],
  ] as const)('%s %s gives the client the bytes of the provider, and they are logged', async (method, path, body) => {
    const { answer, event } = await call(method, ...urlOf('oai', path), body);
    expect(answer.body.equals(AUDIO)).toBe(true);
    expect(answer.headers['content-type']).toBe('audio/mpeg');
    expect(event).toMatchObject({ method, path, response_body: { size: AUDIO.length, content_type: 'audio/mpeg' } });
    expect(Buffer.compare(event.response_body.bytes, AUDIO)).toBe(0);
  });

  test.each([
    ['GET', '/v1/files'],
    ['GET', '/v1/models'],
    ['HEAD', '/v1/files/file-1'],
    ['DELETE', '/v1/files/file-1'],
    ['PUT', '/v1/files/file-1'],
    ['PATCH', '/v1/files/file-1'],
    ['OPTIONS', '/v1/files'],
  ])('%s %s', async (method, path) => {
    const { answer, sent, event } = await call(method, ...urlOf('oai', path));
    expect([answer.status, sent.head.method, sent.head.url]).toEqual([200, method, path]);
    expect(event).toMatchObject({ method, path, status: 200, provider: 'OPENAI' });
  });

  test('the test route says what properties arrived, and neither forwards nor records', async () => {
    const before = [upstream.requests.length, gateway.appender.events.length];
    for (const label of ['oai', 'openai']) {
      const [url, host] = urlOf(label, '/helicone/test');
      const answer = await request(gateway.origin + url, {
        headers: { ...OURS, 'Helicone-Property-__proto__': 'p', ...(host && { host }) },
      });
      expect(answer.status).toBe(200);
      expect(answer.body.toString()).toBe(
        '{"test":"Hello World!","properties":{"Helicone-Session-Id":"voice","app":"phone","__proto__":"p"}}',
      );
    }
    expect([upstream.requests.length, gateway.appender.events.length]).toEqual(before);
    const [url, host] = urlOf('anthropic', '/helicone/test');
    const elsewhere = await request(gateway.origin + url, { headers: host ? { host } : {} });
    expect(elsewhere.body.toString()).toContain('file-1');
    expect((await call('POST', ...urlOf('oai', '/helicone/test'))).event.path).toBe('/helicone/test');
  });
});

test('healthcheck answers as clients expect, by any Host', async () => {
  for (const host of ['127.0.0.1', 'oai.example.com', 'gateway.example.com']) {
    const answer = await request(`${gateway.origin}/healthcheck`, { headers: { host } });
    expect([answer.status, answer.body.toString()]).toEqual([200, '{"status":"healthy :)"}']);
  }
});
