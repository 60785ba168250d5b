import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { isUuid } from '@throughline/contracts/ids';
import { useCleanups } from '../support/clean-up.ts';
import {
  type FakeUpstream,
  type Harness,
  type HarnessOptions,
  KEY,
  request,
  startGateway,
  startUpstream,
} from '../support/gateway-harness.ts';

const cleanups = useCleanups();

async function setUp(
  handler: http.RequestListener,
  options: HarnessOptions = {},
): Promise<{ gateway: Harness; upstream: FakeUpstream; oai: string }> {
  const upstream = await startUpstream(handler);
  cleanups.push(upstream.close);
  const gateway = await startGateway({ providerOrigins: { OPENAI: upstream.origin }, ...options });
  cleanups.push(gateway.close);
  return { gateway, upstream, oai: `${gateway.origin}/v1/gateway/oai` };
}

async function bodyOf(req: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('a call passes through', () => {
  test('as sent and as answered, with the call in the log', async () => {
    const { gateway, upstream, oai } = await setUp(async (req, res) => {
      const body = await bodyOf(req);
      res.writeHead(201, 'Made', {
        'content-type': 'application/json',
        'x-request-id': 'r1',
        'set-cookie': ['a=1', 'b=2'],
      });
      res.end(JSON.stringify({ echo: body.toString() }));
    });
    const response = await request(`${oai}/v1/chat/completions?a=%2f&key=secret`, {
      method: 'POST',
      body: '{"model":"m"',
      headers: {
        'Content-Type': 'application/json',
        Authorization: 'Bearer sk-provider',
        'Helicone-Auth': `Bearer ${KEY}`,
        'Helicone-Session-Id': 's1',
        'Helicone-Session-Name': 'Größe',
        'Helicone-Session-Path': '/a/b',
        'Helicone-User-Id': 'u1',
        'Helicone-Property-__proto__': 'p',
        'Helicone-Webhook-Enabled': 'true',
        'Throughline-Anything': 'x',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      },
    });
    expect(response.status).toBe(201);
    expect(response.message).toBe('Made');
    expect(response.body.toString()).toBe('{"echo":"{\\"model\\":\\"m\\""}');
    expect(response.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(response.headers['helicone-status']).toBe('success');
    expect(response.headers['throughline-recorded']).toBeUndefined();
    const seen = upstream.requests[0]!;
    expect(seen.url).toBe('/v1/chat/completions?a=%2f&key=secret');
    expect(seen.headers.authorization).toBe('Bearer sk-provider');
    expect(seen.headers.host).toBe(`127.0.0.1:${upstream.port}`);
    expect(Object.keys(seen.headers).filter((name) => /helicone|throughline/.test(name))).toEqual([]);

    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({
      tenant_id: 'acme',
      request_id: response.headers['helicone-id'],
      request_id_chosen: false,
      session: { id: 's1', name: 'Größe', path: '/a/b', rule: 'helicone-session-id' },
      user_id: 'u1',
      properties: [['__proto__', 'p']],
      provider: 'OPENAI',
      method: 'POST',
      path: '/v1/chat/completions?a=%2f&key=***',
      target_url: `${upstream.origin}/v1/chat/completions?a=%2f&key=***`,
      status: 201,
      abort_reason: '',
      trace: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: '' },
    });
    expect(isUuid(event!.request_id)).toBe(true);
    expect(Buffer.from(event!.request_body.bytes).toString()).toBe('{"model":"m"');
    expect(Buffer.from(event!.response_body.bytes).equals(response.body)).toBe(true);
    expect(JSON.stringify(event)).not.toMatch(/sk-provider|secret|sk-helicone/);
    expect(event!.response_headers).toContainEqual(['x-request-id', 'r1']);
  });

  test('chunk for chunk: reads by the client are writes by the provider', async () => {
    const events = Array.from({ length: 20 }, (_, i) => `data: {"i":${i}}\n\n`);
    const { gateway, oai } = await setUp(async (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of [...events, 'data: [DONE]\n\n']) {
        res.write(event);
        await sleep(5);
      }
      res.end();
    });
    const response = await request(`${oai}/v1/chat/completions`, { method: 'POST', body: '{}' });
    expect(response.reads.map(String)).toEqual([...events, 'data: [DONE]\n\n']);
    const [event] = await gateway.recorded(1);
    expect(Buffer.from(event!.response_body.bytes).toString()).toBe([...events, 'data: [DONE]\n\n'].join(''));
    expect(event!.first_byte_at).not.toBeNull();
    expect(event!.response_at).toBeGreaterThanOrEqual(event!.first_byte_at!);
  });

  test('headers reach the client before the first chunk exists', async () => {
    let go: (() => void) | undefined;
    const { oai } = await setUp((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.flushHeaders();
      go = () => res.end('data: [DONE]\n\n');
    });
    const response = await fetch(`${oai}/v1/x`);
    expect(response.status).toBe(200);
    go!();
    expect(await response.text()).toBe('data: [DONE]\n\n');
  });

  test('compressed bytes stay compressed, on the wire and in the log', async () => {
    const zipped = gzipSync('{"a":1}');
    const { gateway, oai } = await setUp((_req, res) => {
      res.writeHead(200, { 'content-encoding': 'gzip', 'content-length': zipped.length });
      res.end(zipped);
    });
    const response = await request(`${oai}/v1/x`);
    expect(response.body.equals(zipped)).toBe(true);
    const [event] = await gateway.recorded(1);
    expect(event!.response_body).toMatchObject({ encoding: 'gzip', size: zipped.length, truncated: false });
  });

  test.each([
    ['HEAD', 200, { 'content-length': '99' }],
    ['GET', 204, {}],
    ['GET', 304, { etag: '"x"' }],
    ['GET', 200, { 'content-length': '0' }],
  ] as const)('%s answered with %i and no body', async (method, status, headers) => {
    const { gateway, oai } = await setUp((_req, res) => {
      res.writeHead(status, headers);
      res.end();
    });
    const response = await request(`${oai}/v1/x`, { method });
    expect(response.status).toBe(status);
    expect(response.headers).toMatchObject(headers);
    expect(response.body.length).toBe(0);
    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({ status, method, abort_reason: '', response_body: { size: 0, truncated: false } });
    expect(event!.first_byte_at).not.toBeNull();
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('%s with a body', async (method) => {
    const { upstream, oai } = await setUp(async (req, res) => res.end(await bodyOf(req)));
    const response = await request(`${oai}/v1/x`, { method, body: 'abc', headers: { 'content-length': 3 } });
    expect(response.body.toString()).toBe('abc');
    expect(upstream.requests[0]!.method).toBe(method);
  });

  test('a chunked request body of unknown length', async () => {
    const { gateway, upstream, oai } = await setUp(async (req, res) => res.end(await bodyOf(req)));
    const response = await new Promise<string>((resolve, reject) => {
      const req = http.request(`${oai}/v1/x`, { method: 'POST', agent: false }, (res) => {
        let text = '';
        res.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        res.on('end', () => resolve(text));
      });
      req.on('error', reject);
      req.write('one ');
      setTimeout(() => req.end('two'), 20);
    });
    expect(response).toBe('one two');
    expect(upstream.requests[0]!.headers['transfer-encoding']).toBe('chunked');
    const [event] = await gateway.recorded(1);
    expect(Buffer.from(event!.request_body.bytes).toString()).toBe('one two');
  });

  test('after a 100-continue, and past the interim answers of the provider', async () => {
    const { oai } = await setUp(async (req, res) => {
      res.writeProcessing();
      res.writeEarlyHints({ link: '</a>; rel=preload' });
      res.end(await bodyOf(req));
    });
    const response = await new Promise<string>((resolve, reject) => {
      const req = http.request(`${oai}/v1/x`, {
        method: 'POST',
        agent: false,
        headers: { expect: '100-continue', 'content-length': 2 },
      });
      req.on('continue', () => req.end('hi'));
      req.on('response', (res) => res.setEncoding('utf8').on('data', resolve));
      req.on('error', reject);
      req.flushHeaders();
    });
    expect(response).toBe('hi');
  });

  test('20 MB up and down, whole, while the log keeps the beginning', async () => {
    const sent = randomBytes(20 * 1024 * 1024);
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    const { gateway, oai } = await setUp(async (req, res) => {
      const body = await bodyOf(req);
      res.writeHead(200, { 'content-length': body.length, 'x-digest': digest(body) });
      res.end(body);
    });
    const response = await request(`${oai}/v1/x`, { method: 'POST', body: sent });
    expect(response.headers['x-digest']).toBe(digest(sent));
    expect(digest(response.body)).toBe(digest(sent));
    const [event] = await gateway.recorded(1);
    for (const body of [event!.request_body, event!.response_body]) {
      expect(body).toMatchObject({ size: sent.length, truncated: true });
      expect(body.bytes.length).toBe(16 * 1024 * 1024);
      expect(Buffer.compare(body.bytes, sent.subarray(0, body.bytes.length))).toBe(0);
    }
    expect(await gateway.metrics()).toContain('throughline_gateway_capture_bytes 0');
  });

  test('over the total of what may be captured: forwarded whole, recorded as far as there was room', async () => {
    const { gateway, oai } = await setUp((_req, res) => res.end('x'.repeat(5000)), {
      config: { captureTotalBytesMax: 1000 },
    });
    expect((await request(`${oai}/v1/x`)).body.length).toBe(5000);
    const [event] = await gateway.recorded(1);
    expect(event!.response_body).toMatchObject({ size: 5000, truncated: true });
    expect(event!.response_body.bytes.length).toBe(1000);
  });

  test('over one connection upstream and one downstream, one call after the other and pipelined', async () => {
    const { gateway, upstream, oai } = await setUp((req, res) => res.end(req.url));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (const path of ['/1', '/2', '/3']) expect((await request(oai + path, { agent })).body.toString()).toBe(path);
    agent.destroy();
    expect(upstream.connections).toBe(1);

    const { connect } = await import('node:net');
    const answers = await new Promise<string>((resolve) => {
      const socket = connect(gateway.port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
        if (text.includes('/c')) socket.end(() => resolve(text));
      });
      for (const path of ['a', 'b', 'c']) socket.write(`GET /v1/gateway/oai/${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    });
    expect([...answers.matchAll(/\r\n\r\n(?:\w+\r\n)?(\/\w)/g)].map((match) => match[1])).toEqual(['/a', '/b', '/c']);
    await gateway.recorded(6);
  });

  test('the path reaches the provider as it was written, and the host never depends on it', async () => {
    const { gateway, upstream } = await setUp((_req, res) => res.end());
    const { connect } = await import('node:net');
    const paths = [
      '//evil.example/x',
      '/..%2f..%2fx',
      '/%23/a',
      '/a/../b',
      '/@evil.example/',
      '/a%00b',
      '/\\evil.example',
    ];
    for (const [i, path] of paths.entries()) {
      const socket = connect(gateway.port, '127.0.0.1');
      socket.write(`GET /v1/gateway/oai${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      await new Promise((resolve) => socket.resume().on('close', resolve));
      await gateway.recorded(i + 1);
    }
    expect(upstream.requests.map(({ url }) => url)).toEqual(paths);
  });
});

describe('Helicone-Stream-Usage', () => {
  const asked = '{"model":"m","stream":true}';
  const call = async (path: string, headers: Record<string, string>, body: string | Buffer) => {
    const { gateway, oai } = await setUp(async (req, res) => res.end(await bodyOf(req)));
    const response = await request(`${oai}${path}`, {
      method: 'POST',
      headers: { 'Helicone-Auth': `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
      body,
    });
    const [event] = await gateway.recorded(1);
    return { sent: response.body, stored: Buffer.from(event!.request_body.bytes) };
  };

  test.each<Record<string, string>>([{}, { 'transfer-encoding': 'chunked' }])(
    'asks the provider for the usage of a stream; what is stored is what the client sent (%j)',
    async (framing) => {
      const { sent, stored } = await call(
        '/v1/chat/completions',
        { 'Helicone-Stream-Usage': 'true', ...framing },
        asked,
      );
      expect(JSON.parse(sent.toString())).toEqual({ ...JSON.parse(asked), stream_options: { include_usage: true } });
      expect(stored.toString()).toBe(asked);
    },
  );

  test.each([
    ['another API', '/v1/messages', { 'Helicone-Stream-Usage': 'true' }, asked],
    ['any value but true', '/v1/chat/completions', { 'Helicone-Stream-Usage': '1' }, asked],
    [
      'a compressed body',
      '/v1/chat/completions',
      { 'Helicone-Stream-Usage': 'true', 'content-encoding': 'gzip' },
      gzipSync(asked),
    ],
  ])('changes nothing of %s', async (_, path, headers, body) => {
    const { sent } = await call(path, headers as Record<string, string>, body);
    expect(sent.equals(Buffer.from(body))).toBe(true);
  });
});
