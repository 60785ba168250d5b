import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { GatewayConfig } from '../../src/gateway-config.ts';
import { useCleanups } from '../support/clean-up.ts';
import { type Harness, KEY, request, startGateway, startUpstream, until } from '../support/gateway-harness.ts';

const cleanups = useCleanups();

/** A gateway with these limits; what its provider has begun to answer ends when `finish` is called. */
async function setUp(config: Partial<GatewayConfig> = {}) {
  const open: http.ServerResponse[] = [];
  const upstream = await startUpstream((req, res) => {
    if (req.url === '/v1/stream') {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('data: {}\n\n');
      open.push(res);
      return;
    }
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
    });
    req.on('end', () => res.end(String(size)));
  });
  cleanups.push(upstream.close);
  const gateway = await startGateway({ providerOrigins: { OPENAI: upstream.origin }, config });
  cleanups.push(gateway.close);
  const finish = () => {
    for (const res of open.splice(0)) res.end('data: [DONE]\n\n');
  };
  return { gateway, upstream, finish, open };
}

const PATH = '/v1/gateway/oai/v1/chat/completions';
const AUTH = { 'Helicone-Auth': `Bearer ${KEY}` };

/** Others are served whatever one of them does. */
async function expectServed({ origin }: Harness): Promise<void> {
  const answer = await request(origin + PATH, { method: 'POST', body: 'hello', headers: AUTH });
  expect([answer.status, answer.body.toString()]).toEqual([200, '5']);
}

/** Sends what it is given and keeps the connection open; `said` is what came back. */
function connection({ port }: Harness) {
  const socket = net.connect(port, '127.0.0.1');
  const state = { said: '', closed: false, write: (text: string | Buffer) => void socket.write(text) };
  socket
    .on('data', (chunk) => {
      state.said += chunk.toString('latin1');
    })
    .on('error', () => {})
    .on('close', () => {
      state.closed = true;
    });
  cleanups.push(async () => void socket.destroy());
  return state;
}

function withHeaders(count: number, name = 'x-h'): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}-${i}`, 'v']));
}

describe('headers', () => {
  test('more than the block or the count allows are refused, on every way in, and the provider hears nothing', async () => {
    const { gateway, upstream } = await setUp();
    for (const path of [PATH, '/custom/v1/log', '/v1/traces']) {
      const many = await request(gateway.origin + path, {
        method: 'POST',
        headers: { ...AUTH, ...withHeaders(5_000, 'h') },
        body: '{}',
      });
      expect([path, many.status]).toEqual([path, 431]);
      expect(many.body.toString()).toContain('a call has at most 1000');
      const large = await request(gateway.origin + path, {
        method: 'POST',
        headers: { ...AUTH, 'x-large': 'v'.repeat(70_000) },
        body: '{}',
      });
      expect([path, large.status]).toEqual([path, 431]);
    }
    const properties = await request(gateway.origin + PATH, {
      headers: { ...AUTH, ...withHeaders(257, 'Helicone-Property') },
    });
    expect([properties.status, properties.body.toString()]).toEqual([431, expect.stringContaining('257 properties')]);
    const few = await request(gateway.origin + PATH, {
      headers: { ...AUTH, ...withHeaders(256, 'Helicone-Property') },
    });
    expect(few.status).toBe(200);
    expect(upstream.requests).toHaveLength(1);
    await expectServed(gateway);
  });

  test('properties in the body of a log call are counted as well', async () => {
    const { gateway } = await setUp({ propertiesMax: 2 });
    const log = (count: number) =>
      JSON.stringify({
        providerRequest: { url: 'x', json: {}, meta: withHeaders(count, 'Helicone-Property') },
        providerResponse: { json: {}, status: 200, headers: {} },
        timing: { startTime: { seconds: 1, milliseconds: 0 }, endTime: { seconds: 1, milliseconds: 0 } },
      });
    const post = (count: number) =>
      request(`${gateway.origin}/custom/v1/log`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}` },
        body: log(count),
      });
    expect([(await post(2)).status, (await post(3)).status]).toEqual([200, 431]);
  });
});

describe('the size of a body', () => {
  test('is bounded by what it announces, and by what comes, whichever way it is read', async () => {
    const { gateway, upstream } = await setUp({ requestBytesMax: 100_000, bufferedRequestBytesMax: 1_000 });
    const body = Buffer.alloc(100_001);
    const announced = await request(gateway.origin + PATH, { method: 'POST', headers: AUTH, body });
    expect([announced.status, announced.body.toString()]).toEqual([413, expect.stringContaining('100000 bytes')]);
    expect(upstream.requests).toHaveLength(0);

    const chunked = { ...AUTH, 'transfer-encoding': 'chunked' };
    const streamed = await request(gateway.origin + PATH, { method: 'POST', headers: chunked, body });
    expect([streamed.status, streamed.body.toString()]).toEqual([413, expect.stringContaining('100000 bytes')]);
    const whole = await request(gateway.origin + PATH, {
      method: 'POST',
      headers: { ...chunked, 'Helicone-Stream-Usage': 'true' },
      body,
    });
    expect(whole.status).toBe(413);
    const fits = await request(gateway.origin + PATH, {
      method: 'POST',
      headers: chunked,
      body: Buffer.alloc(100_000),
    });
    expect([fits.status, fits.body.toString()]).toEqual([200, '100000']);
    await expectServed(gateway);
    const events = await gateway.recorded(4);
    expect(events.map(({ status }) => status)).toEqual([413, 413, 200, 200]);
  });

  test('is any by default, and what is kept of it is bounded', async () => {
    const { gateway } = await setUp({ captureBytesMax: 1_000 });
    const answer = await request(gateway.origin + PATH, {
      method: 'POST',
      headers: AUTH,
      body: Buffer.alloc(3_000_000),
    });
    expect([answer.status, answer.body.toString()]).toEqual([200, '3000000']);
    const [event] = await gateway.recorded(1);
    expect(event!.request_body).toMatchObject({ size: 3_000_000, truncated: true });
    expect(event!.request_body.bytes.length).toBe(1_000);
  });

  test('of a log call and an export is bounded before and after it is decompressed', async () => {
    const { gateway } = await setUp();
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    for (const [path, status] of [
      ['/custom/v1/log', 400],
      ['/v1/trace/custom/v1/log', 413],
      ['/v1/traces', 413],
    ] as const) {
      const headers = {
        authorization: `Bearer ${KEY}`,
        'content-encoding': 'gzip',
        'content-type': 'application/json',
      };
      const answer = await request(gateway.origin + path, { method: 'POST', headers, body: bomb });
      expect([path, answer.status]).toEqual([path, status]);
    }
    await expectServed(gateway);
  });
});

describe('a body that does not get on', () => {
  const head = (path: string, more: string) =>
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${KEY}\r\n${more}\r\n\r\n`;

  test.each([
    ['read whole', PATH, 'Content-Length: 5000'],
    ['passed on as it comes', PATH, 'Transfer-Encoding: chunked'],
    ['of a log call', '/custom/v1/log', 'Content-Length: 5000'],
    ['of an export', '/v1/traces', 'Content-Length: 5000'],
  ])('is given up: %s', async (_name, path, framing) => {
    const { gateway } = await setUp({ uploadIdleTimeoutMs: 300 });
    const slow = connection(gateway);
    slow.write(head(path, framing));
    // A byte now and then is no progress.
    const drip = setInterval(() => slow.write(framing.startsWith('T') ? '1\r\nx\r\n' : 'x'), 50);
    try {
      await until(() => slow.said.includes('\r\n\r\n') && slow.closed, 'an answer and its end');
    } finally {
      clearInterval(drip);
    }
    expect(slow.said).toMatch(/^HTTP\/1\.1 408 /);
    expect(slow.said).toContain('1024 bytes');
    await expectServed(gateway);
  });

  test('is not given up as long as it does, however long that takes', async () => {
    const { gateway } = await setUp({ uploadIdleTimeoutMs: 1_500 });
    const slow = connection(gateway);
    slow.write(head(PATH, 'Content-Length: 16000\r\nConnection: close'));
    for (let i = 0; i < 8; i++) {
      slow.write('x'.repeat(2_000));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await until(() => slow.closed, 'the answer');
    expect([slow.said.slice(0, 12), slow.said.slice(-5)]).toEqual(['HTTP/1.1 200', '16000']);
  });
});

describe('calls under way of one key', () => {
  test('are as many as it may have, whatever others do, and one that ends makes room', async () => {
    const { gateway, finish, open } = await setUp({ callsPerKeyMax: 2 });
    const stream = () => request(`${gateway.origin}/v1/gateway/oai/v1/stream`, { headers: AUTH });
    const first = [stream(), stream()];
    await until(() => open.length === 2, 'two streams');
    const third = await stream();
    expect([third.status, third.headers['retry-after'], third.body.toString()]).toEqual([
      429,
      '1',
      expect.stringContaining('has 2 calls under way'),
    ]);
    // Without a key, a call is another's.
    expect((await request(gateway.origin + PATH, { method: 'POST', body: 'x' })).status).toBe(200);
    finish();
    await Promise.all(first);
    const next = stream();
    await until(() => open.length === 1, 'the next stream');
    finish();
    expect((await next).status).toBe(200);
    // A client that leaves makes room as well.
    for (let i = 0; i < 4; i++) {
      const left = http.get(`${gateway.origin}/v1/gateway/oai/v1/stream`, { headers: AUTH, agent: false });
      left.on('error', () => {});
      await until(() => open.length === i + 1, 'the stream');
      left.destroy();
      await gateway.recorded(4 + i);
    }
    await expectServed(gateway);
  });

  test('are any number by default', async () => {
    const { gateway, finish, open } = await setUp();
    const streams = Array.from({ length: 30 }, () =>
      request(`${gateway.origin}/v1/gateway/oai/v1/stream`, { headers: AUTH }),
    );
    await until(() => open.length === 30, 'thirty streams');
    finish();
    expect((await Promise.all(streams)).every(({ status }) => status === 200)).toBe(true);
  });
});
