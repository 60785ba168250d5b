import type http from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { type BodyUpstream, startBodyUpstream } from '../support/body-upstream.ts';
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

/** A provider that answers with this status and its name. */
async function target(name: string, status: number, answer?: http.RequestListener): Promise<BodyUpstream> {
  const started = await startBodyUpstream((req, res) => {
    if (answer) answer(req, res);
    else res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ from: name }));
  });
  cleanups.push(started.upstream.close);
  return started;
}

async function setUp(options: HarnessOptions = {}): Promise<Harness> {
  const gateway = await startGateway({ config: { allowedTargets: ['127.0.0.1'] }, ...options });
  cleanups.push(gateway.close);
  return gateway;
}

const element = (to: BodyUpstream | string, onCodes: unknown[], more: object = {}) => ({
  'target-url': typeof to === 'string' ? to : `${to.upstream.origin}/is/discarded`,
  headers: { Authorization: `Bearer for-${typeof to === 'string' ? to : to.upstream.port}` },
  onCodes,
  ...more,
});

function call(gateway: Harness, fallbacks: unknown, options: Parameters<typeof request>[1] = {}) {
  return request(`${gateway.origin}/v1/gateway/gateway/api/chat?a=b`, {
    method: 'POST',
    body: '{"model":"a","messages":[]}',
    ...options,
    headers: {
      'Helicone-Auth': `Bearer ${KEY}`,
      'Helicone-Fallbacks': typeof fallbacks === 'string' ? fallbacks : JSON.stringify(fallbacks),
      'Content-Type': 'application/json',
      Authorization: 'Bearer the-clients-own',
      'X-Custom': 'of the client',
      ...options.headers,
    },
  });
}

describe('Helicone-Fallbacks', () => {
  test('are tried in order, each with headers of its own, until one answers with another code', async () => {
    const [first, second, third] = [await target('1', 429), await target('2', 503), await target('3', 200)];
    const unused = await target('4', 200);
    const gateway = await setUp();
    const response = await call(gateway, [
      element(first, [{ from: 400, to: 499 }]),
      element(second, [500, 503], { bodyKeyOverride: { model: 'b' } }),
      element(third, [500], {
        headers: {
          Authorization: 'Bearer 3',
          'X-Own': 'y',
          'Helicone-Auth': 'Bearer x',
          'x-api-key': KEY,
          Host: 'evil',
        },
        bodyKeyOverride: { model: 'c', extra: { deep: 1 } },
      }),
      element(unused, []),
    ]);
    expect([response.status, response.body.toString()]).toEqual([200, '{"from":"3"}']);
    expect(response.headers).toMatchObject({ 'helicone-fallback-index': '2', 'helicone-status': 'success' });
    const all = [first, second, third].map(({ upstream }) => upstream.requests);
    expect(all.map((requests) => requests.map(({ url }) => url))).toEqual([
      ['/api/chat?a=b'],
      ['/api/chat?a=b'],
      ['/api/chat?a=b'],
    ]);
    expect(first.bodies).toEqual(['{"model":"a","messages":[]}']);
    expect(second.bodies).toEqual(['{"model":"b","messages":[]}']);
    expect(third.bodies).toEqual(['{"model":"c","messages":[],"extra":{"deep":1}}']);
    const headers = all.map(([seen]) => seen!.headers);
    expect(headers[0]!.authorization).toBe(`Bearer for-${first.upstream.port}`);
    expect(headers[2]).toMatchObject({ authorization: 'Bearer 3', 'x-own': 'y', 'content-type': 'application/json' });
    expect(JSON.stringify(headers)).not.toMatch(/helicone|the-clients-own|of the client|evil/);
    expect(unused.upstream.requests).toHaveLength(0);

    const [event, ...more] = await gateway.recorded(1);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      status: 200,
      provider: third.upstream.origin,
      target_url: `${third.upstream.origin}/api/chat?a=b`,
      request_id: response.headers['helicone-id'],
    });
    expect(Buffer.from(event!.request_body.bytes).toString()).toBe(third.bodies[0]);
    expect(JSON.stringify(event)).not.toMatch(/Bearer|for-\d|sk-helicone/);
  });

  test('the last one answers whatever its code is, and so does the first that no code leads away from', async () => {
    const [first, second] = [await target('1', 500), await target('2', 500)];
    const gateway = await setUp();
    const both = await call(gateway, [element(first, [500]), element(second, [500])]);
    expect([both.status, both.body.toString(), both.headers['helicone-fallback-index']]).toEqual([
      500,
      '{"from":"2"}',
      '1',
    ]);
    const one = await call(gateway, [element(first, [501]), element(second, [])]);
    expect([one.status, one.body.toString(), one.headers['helicone-fallback-index']]).toEqual([
      500,
      '{"from":"1"}',
      '0',
    ]);
    expect((await gateway.recorded(2)).map(({ provider }) => provider)).toEqual([
      second.upstream.origin,
      first.upstream.origin,
    ]);
  });

  test('a target that cannot be reached counts as the status that it would be answered with', async () => {
    const closed = await startUpstream(() => {});
    await closed.close();
    const good = await target('good', 200);
    const gateway = await setUp();
    const past = await call(gateway, [element(closed.origin, [{ from: 500, to: 599 }]), element(good, [])]);
    expect([past.status, past.body.toString()]).toEqual([200, '{"from":"good"}']);
    const stays = await call(gateway, [element(closed.origin, [500]), element(good, [])]);
    expect([stays.status, stays.headers['helicone-status']]).toEqual([502, 'failed']);
    expect((await gateway.recorded(2)).map(({ status }) => status)).toEqual([200, 502]);
  });

  test('an answer that is left may be as long as it likes, and a stream of the next one passes chunk for chunk', async () => {
    let isGone = false;
    const endless = await target('endless', 429, (_req, res) => {
      res.writeHead(429);
      const timer = setInterval(() => res.write(Buffer.alloc(16_384)), 1);
      res.on('close', () => {
        clearInterval(timer);
        isGone = true;
      });
    });
    const good = await target('stream', 200, (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('data: 1\n\n');
      setTimeout(() => res.end('data: [DONE]\n\n'), 30);
    });
    const gateway = await setUp();
    const response = await call(gateway, [element(endless, [429]), element(good, [])]);
    expect(response.reads.map(String)).toEqual(['data: 1\n\n', 'data: [DONE]\n\n']);
    await until(() => isGone, 'the first answer to be ended');
  });

  test('a client that leaves ends the attempt under way, and no other follows', async () => {
    const slow = await target('slow', 429, () => {});
    const next = await target('next', 200);
    const gateway = await setUp();
    const leaving = new AbortController();
    const left = call(gateway, [element(slow, [429, 502]), element(next, [])], { signal: leaving.signal });
    await until(() => slow.bodies.length === 1, 'the first attempt');
    leaving.abort();
    await expect(left).rejects.toThrow();
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: -3, provider: slow.upstream.origin });
    expect(next.upstream.requests).toHaveLength(0);
  });

  test('work by Host and with operator’s origins, without a target of the call’s own', async () => {
    const openai = await target('openai', 200);
    const gateway = await setUp({ providerOrigins: { OPENAI: openai.upstream.origin } });
    const response = await request(`${gateway.origin}/v1/models`, {
      headers: {
        host: 'gateway.example.com',
        'Helicone-Fallbacks': JSON.stringify([element('https://api.openai.com', [])]),
      },
    });
    expect([response.status, response.headers['helicone-fallback-index']]).toEqual([200, '0']);
    expect((await gateway.recorded(1))[0]).toMatchObject({ provider: 'OPENAI', method: 'GET', path: '/v1/models' });
  });

  test.each([
    ['no JSON', 'nonsense', 400, 'Helicone-Fallbacks'],
    ['no list', {}, 400, 'Helicone-Fallbacks'],
    ['no address', [element('nonsense', [])], 400, 'not an absolute'],
    [
      'an address out of reach, behind one that is not',
      [element('https://api.openai.com', [500]), element('http://10.0.0.1', [])],
      403,
      'ALLOWED_TARGETS',
    ],
    [
      'a header that HTTP has not',
      [element('http://127.0.0.1:9', [], { headers: { A: 'x\r\nB: y' } })],
      400,
      'is no header, or has a value that no header can have',
    ],
  ])('%s is refused before anything is sent', async (_name, fallbacks, status, reason) => {
    const gateway = await setUp();
    const response = await call(gateway, fallbacks);
    expect([response.status, response.body.toString()]).toEqual([status, expect.stringContaining(reason)]);
  });

  test('a compressed body cannot be changed, but sent', async () => {
    const good = await target('good', 200);
    const gateway = await setUp();
    const body = gzipSync('{"model":"a"}');
    const headers = { 'content-encoding': 'gzip' };
    const changed = await call(gateway, [element(good, [], { bodyKeyOverride: { a: 1 } })], { body, headers });
    expect([changed.status, changed.body.toString()]).toEqual([400, expect.stringContaining('compressed')]);
    expect((await call(gateway, [element(good, [])], { body, headers })).status).toBe(200);
    expect(good.upstream.requests[0]!.headers['content-encoding']).toBe('gzip');
  });

  test('mean nothing at a provider’s label, where they are taken out like all of our headers', async () => {
    const openai = await target('openai', 429);
    const other = await target('other', 200);
    const gateway = await setUp({ providerOrigins: { OPENAI: openai.upstream.origin } });
    const response = await request(`${gateway.origin}/v1/gateway/oai/v1/models`, {
      headers: { 'Helicone-Fallbacks': JSON.stringify([element(other, [])]) },
    });
    expect([response.status, response.headers['helicone-fallback-index']]).toEqual([429, undefined]);
    expect(openai.upstream.requests[0]!.headers['helicone-fallbacks']).toBeUndefined();
  });

  test('that cannot be read are answered 400 with what is wrong, at a provider’s label not even looked at', async () => {
    const openai = await target('openai', 200);
    const gateway = await setUp({ providerOrigins: { OPENAI: openai.upstream.origin } });
    const refused = await call(gateway, 'nope');
    expect([refused.status, JSON.parse(refused.body.toString())]).toEqual([
      400,
      expect.objectContaining({
        'helicone-error': 'invalid-header',
        error: 'Header Helicone-Fallbacks is not valid: it is not JSON',
      }),
    ]);
    const ignored = await request(`${gateway.origin}/v1/gateway/oai/v1/models`, {
      headers: { 'Helicone-Fallbacks': 'nope' },
    });
    expect([ignored.status, openai.upstream.requests.length]).toEqual([200, 1]);
  });

  test('off loopback they want a valid key', async () => {
    const good = await target('good', 200);
    const gateway = await setUp({ config: { loopback: false, allowedTargets: ['127.0.0.1'] } });
    const keyless = await call(gateway, [element(good, [])], { headers: { 'Helicone-Auth': '' } });
    expect([keyless.status, good.upstream.requests.length]).toEqual([401, 0]);
    expect((await call(gateway, [element(good, [])])).status).toBe(200);
  });
});
