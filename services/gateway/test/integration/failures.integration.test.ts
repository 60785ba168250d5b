import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { useCleanups } from '../support/clean-up.ts';
import {
  type Harness,
  type HarnessOptions,
  request,
  startGateway,
  startRawUpstream,
  startUpstream,
  until,
} from '../support/gateway-harness.ts';

const cleanups = useCleanups();

async function gatewayFor(upstreamOrigin: string, options: HarnessOptions = {}): Promise<Harness> {
  const gateway = await startGateway({ providerOrigins: { OPENAI: upstreamOrigin }, ...options });
  cleanups.push(gateway.close);
  return gateway;
}

async function setUp(handler: http.RequestListener, options: HarnessOptions = {}): Promise<Harness> {
  const upstream = await startUpstream(handler);
  cleanups.push(upstream.close);
  return gatewayFor(upstream.origin, options);
}

/** Calls a provider that answers each connection with these bytes, then ends or resets it. */
async function setUpRaw(bytes: string, then: 'end' | 'reset' | 'wait', options: HarnessOptions = {}): Promise<Harness> {
  const upstream = await startRawUpstream((socket) => {
    socket.once('data', () => {
      socket.write(bytes, () => {
        if (then === 'end') socket.end();
        else if (then === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
      });
    });
  });
  cleanups.push(upstream.close);
  return gatewayFor(upstream.origin, options);
}

const call = (gateway: Harness, options: Parameters<typeof request>[1] = {}) =>
  request(`${gateway.origin}/v1/gateway/oai/v1/x`, options);

describe('before the provider has answered', () => {
  test('refused: 502 with every field clients look for, recorded', async () => {
    const closed = await startUpstream(() => {});
    await closed.close();
    const gateway = await gatewayFor(closed.origin);
    const response = await call(gateway, { method: 'POST', body: '{}' });
    expect(response.status).toBe(502);
    const body = JSON.parse(response.body.toString());
    expect(body).toMatchObject({ error: expect.any(String), 'helicone-message': expect.any(String) });
    expect(body).toMatchObject({ message: expect.stringContaining('connection refused'), support: expect.any(String) });
    expect(response.headers['helicone-id']).toBeDefined();
    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({ status: 502, abort_reason: 'upstream-refused', first_byte_at: null });
    expect(Buffer.from(event!.response_body.bytes).equals(response.body)).toBe(true);
  });

  test('a name that does not resolve: 502', async () => {
    const gateway = await gatewayFor('http://nowhere.example', {
      resolve: (name, _options, callback) => {
        callback(Object.assign(new Error(`no ${name}`), { code: 'ENOTFOUND' }), []);
      },
    });
    expect((await call(gateway)).status).toBe(502);
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 502, abort_reason: 'upstream-refused' });
  });

  test('something that we do not know: 500, which says that it is ours', async () => {
    const gateway = await gatewayFor('http://nowhere.example', {
      resolve: (_name, _options, callback) => callback(Object.assign(new Error('odd'), { code: 'EODD' }), []),
    });
    const response = await call(gateway);
    expect([response.status, response.headers['helicone-error'], response.headers['helicone-status']]).toEqual([
      500,
      'true',
      'failed',
    ]);
    const body = JSON.parse(response.body.toString());
    expect(body).toMatchObject({ 'helicone-message': expect.any(String), 'helicone-error': 'internal' });
    expect(body).toMatchObject({ support: expect.any(String), message: expect.any(String), error: expect.any(String) });
    expect(response.body.toString()).not.toContain('odd');
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 500 });
  });

  test('no headers in time: 504', async () => {
    const gateway = await setUp(() => {}, { config: { headersTimeoutMs: 200 } });
    const response = await call(gateway);
    expect(response.status).toBe(504);
    expect(response.body.toString()).toContain('200 ms');
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 504, abort_reason: 'upstream-timeout' });
  });

  test('connection lost: 502', async () => {
    const gateway = await setUp((req) => req.socket.resetAndDestroy());
    expect((await call(gateway)).status).toBe(502);
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 502, abort_reason: 'upstream-reset' });
  });

  test.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a header block without end', `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(100_000)}\r\n`],
    ['an upgrade nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ])('%s: 502', async (_name, bytes) => {
    const gateway = await setUpRaw(bytes, 'end');
    expect((await call(gateway)).status).toBe(502);
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 502, abort_reason: 'upstream-reset' });
  });

  test('a connection is not spoilt by the failure of an upload', async () => {
    const closed = await startUpstream(() => {});
    await closed.close();
    const gateway = await gatewayFor(closed.origin);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 3; i++) {
      const response = await call(gateway, { agent, method: 'POST', body: Buffer.alloc(500_000) });
      expect(response.status).toBe(502);
    }
    agent.destroy();
  });
});

describe('in the middle of an answer', () => {
  test.each([
    ['reset', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n', 'reset'],
    ['closed before the last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n', 'end'],
    ['closed before its Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcd', 'end'],
    ['broken chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nZZ\r\n', 'wait'],
  ] as const)('%s: the client gets what came, sees the cut, and it is recorded as −100', async (_name, bytes, then) => {
    const gateway = await setUpRaw(bytes, then);
    const outcome = await new Promise<{ text: string; error: string }>((resolve) => {
      const req = http.get(`${gateway.origin}/v1/gateway/oai/x`, { agent: false }, (res) => {
        let text = '';
        res.setEncoding('latin1').on('data', (chunk) => {
          text += chunk;
        });
        res.on('error', (error) => resolve({ text, error: error.message }));
        res.on('end', () => resolve({ text, error: '' }));
      });
      req.on('error', (error) => resolve({ text: '', error: error.message }));
    });
    expect(outcome).toEqual({ text: 'abcd', error: 'aborted' });
    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({ status: -100, abort_reason: 'upstream-reset', response_body: { size: 4 } });
  });

  test('silence: −2', async () => {
    const gateway = await setUp((_req, res) => void res.write('abcd'), { config: { bodyIdleTimeoutMs: 300 } });
    await expect(call(gateway)).rejects.toThrow('aborted');
    expect((await gateway.recorded(1))[0]).toMatchObject({
      status: -2,
      abort_reason: 'upstream-timeout',
      response_body: { size: 4 },
    });
  });

  test('a body without length or chunks ends with its connection', async () => {
    const gateway = await setUpRaw('HTTP/1.0 200 OK\r\n\r\nabcd', 'end');
    expect((await call(gateway)).body.toString()).toBe('abcd');
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 200, abort_reason: '' });
  });

  test('bytes beyond the Content-Length are not passed on', async () => {
    const gateway = await setUpRaw('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcdEXTRA', 'wait');
    expect((await call(gateway)).body.toString()).toBe('abcd');
  });

  test('trailers and odd status lines are tolerated', async () => {
    const gateway = await setUpRaw(
      'HTTP/1.1 299 \xc3\xa4\r\nTrailer: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\na: b\r\n\r\n',
      'wait',
    );
    const response = await call(gateway);
    expect([response.status, response.body.toString()]).toEqual([299, 'x']);
  });

  test('a status outside HTTP becomes 500 for the client', async () => {
    const gateway = await setUpRaw('HTTP/1.1 799 Odd\r\nContent-Length: 1\r\n\r\nx', 'wait');
    const response = await call(gateway);
    expect([response.status, response.body.toString()]).toEqual([500, 'x']);
    expect((await gateway.recorded(1))[0]!.status).toBe(799);
  });
});

describe('a client that leaves', () => {
  test('while it sends the request: −3, nothing goes upstream', async () => {
    let seen = 0;
    const gateway = await setUp(() => seen++);
    const socket = net.connect(gateway.port, '127.0.0.1');
    socket.write('POST /v1/gateway/oai/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
    await until(() => gateway.crashPoints.length > 0, 'the request');
    socket.destroy();
    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({ status: -3, abort_reason: 'client-aborted', first_byte_at: null });
    expect(seen).toBe(0);
  });

  test('while a large request is on its way up: −3, the provider sees the cut', async () => {
    let aborted = false;
    const gateway = await setUp((req) => {
      req.resume();
      req.on('aborted', () => {
        aborted = true;
      });
    });
    const socket = net.connect(gateway.port, '127.0.0.1');
    socket.write(`POST /v1/gateway/oai/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(200_000)}`);
    await sleep(100);
    socket.destroy();
    await until(() => aborted, 'the cut upstream');
    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({ status: -3, abort_reason: 'client-aborted' });
    expect(event!.request_body.size).toBe(200_000);
  });

  test('while it waits for headers: −3, the provider is let go', async () => {
    let closed = false;
    const gateway = await setUp((_req, res) => {
      res.on('close', () => {
        closed = true;
      });
    });
    const req = http.get(`${gateway.origin}/v1/gateway/oai/x`, { agent: false });
    req.on('error', () => {});
    await until(() => gateway.crashPoints.includes('gateway:sent-upstream'), 'the call upstream');
    await sleep(30);
    req.destroy();
    await until(() => closed, 'the provider to be let go');
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: -3, abort_reason: 'client-aborted' });
  });

  test('in the middle of a stream: −3 with what it had been sent', async () => {
    let closed = false;
    const gateway = await setUp((_req, res) => {
      res.on('close', () => {
        closed = true;
      });
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('data: 1\n\n');
    });
    const req = http.get(`${gateway.origin}/v1/gateway/oai/x`, { agent: false }, (res) => {
      res.on('error', () => {}).once('data', () => req.destroy());
    });
    req.on('error', () => {});
    await until(() => closed, 'the provider to be let go');
    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({ status: -3, abort_reason: 'client-aborted' });
    expect(Buffer.from(event!.response_body.bytes).toString()).toBe('data: 1\n\n');
  });

  test('with pipelined requests: each is −3', async () => {
    const gateway = await setUp(() => {});
    const socket = net.connect(gateway.port, '127.0.0.1');
    const head = 'GET /v1/gateway/oai/x HTTP/1.1\r\nHost: x\r\n\r\n';
    socket.write(head + head + head);
    await until(() => gateway.crashPoints.filter((name) => name === 'gateway:sent-upstream').length === 3, 'three');
    socket.destroy();
    const events = await gateway.recorded(3);
    expect(events.map(({ status }) => status)).toEqual([-3, -3, -3]);
  });
});

describe('back-pressure', () => {
  test('a client that does not read stops the provider, and memory with it', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const gateway = await setUp((_req, res) => {
      const write = () => {
        while (!res.destroyed && sent < 200 * 1024 * 1024) {
          sent += chunk.length;
          if (!res.write(chunk)) return void res.once('drain', write);
        }
        res.end();
      };
      write();
    });
    const socket = net.connect(gateway.port, '127.0.0.1');
    socket.pause();
    socket.write('GET /v1/gateway/oai/x HTTP/1.1\r\nHost: x\r\n\r\n');
    let before = -1;
    await until(() => {
      const stuck = sent > 0 && sent === before;
      before = sent;
      return stuck;
    }, 'the provider to stop');
    await sleep(200);
    // What the kernel's socket buffers hold on both connections, and no more.
    expect(sent).toBeLessThan(40 * 1024 * 1024);
    const stuckAt = sent;
    socket.resume();
    await until(() => sent > stuckAt + 20 * 1024 * 1024, 'the provider to go on');
    socket.destroy();
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: -3 });
  });

  test('a client that reads nothing for too long is cut', async () => {
    const gateway = await setUp(
      (_req, res) => {
        const write = () => {
          while (!res.destroyed) if (!res.write(Buffer.alloc(65536))) return void res.once('drain', write);
        };
        write();
      },
      { config: { clientStallTimeoutMs: 200 } },
    );
    const socket = net.connect(gateway.port, '127.0.0.1');
    socket.on('error', () => {}).pause();
    socket.write('GET /v1/gateway/oai/x HTTP/1.1\r\nHost: x\r\n\r\n');
    const [event] = await gateway.recorded(1);
    expect(event).toMatchObject({ status: -3, abort_reason: 'client-aborted' });
    socket.destroy();
  });

  test('a provider that does not read stops the client', async () => {
    let provider: http.IncomingMessage | undefined;
    const gateway = await setUp((req, res) => {
      provider = req;
      req.pause();
      req.on('end', () => res.end('read'));
    });
    let sent = 0;
    const total = 100 * 1024 * 1024;
    const chunk = Buffer.alloc(64 * 1024);
    const answer = new Promise<string>((resolve, reject) => {
      const req = http.request(`${gateway.origin}/v1/gateway/oai/x`, { method: 'POST', agent: false }, (res) => {
        res.setEncoding('utf8').on('data', resolve);
      });
      req.on('error', reject);
      const write = () => {
        while (sent < total) {
          sent += chunk.length;
          if (!req.write(chunk)) return void req.once('drain', write);
        }
        req.end();
      };
      write();
    });
    await until(() => provider !== undefined, 'the request');
    await sleep(500);
    expect(sent).toBeLessThan(40 * 1024 * 1024);
    provider!.resume();
    expect(await answer).toBe('read');
    expect((await gateway.recorded(1))[0]!.request_body.size).toBe(total);
  });
});

test('a provider that answers before it has read the request', async () => {
  const gateway = await setUp((_req, res) => {
    res.writeHead(413, { 'content-type': 'text/plain' });
    res.end('too large');
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < 2; i++) {
    const response = await call(gateway, { method: 'POST', body: Buffer.alloc(5_000_000), agent });
    expect([response.status, response.body.toString()]).toEqual([413, 'too large']);
  }
  agent.destroy();
  const events = await gateway.recorded(2);
  expect(events.map(({ status }) => status)).toEqual([413, 413]);
});

describe('draining', () => {
  test('waits for the calls under way and tells clients to use another connection', async () => {
    let finish!: () => void;
    const gateway = await setUp((_req, res) => {
      finish = () => res.end('late');
    });
    const pending = call(gateway);
    await until(() => finish !== undefined, 'the call upstream');
    const drained = gateway.gateway.drain();
    finish();
    const response = await pending;
    expect([response.body.toString(), response.headers.connection]).toEqual(['late', 'close']);
    await drained;
  });

  test('waits until the calls of clients that have left are in the log', async () => {
    const gateway = await setUp(() => {});
    let open!: () => void;
    gateway.appender.gate = new Promise((resolve) => {
      open = resolve;
    });
    const socket = net.connect(gateway.port, '127.0.0.1');
    socket.write('GET /v1/gateway/oai/x HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => gateway.crashPoints.includes('gateway:sent-upstream'), 'the call upstream');
    socket.destroy();
    await until(() => gateway.crashPoints.includes('gateway:before-append'), 'the append');
    let isDrained = false;
    const drained = gateway.gateway.drain().then(() => {
      isDrained = true;
    });
    await sleep(100);
    expect(isDrained).toBe(false);
    open();
    await drained;
    expect(gateway.appender.requests).toMatchObject([{ status: -3 }]);
  });

  test('cuts what takes too long, and records it', async () => {
    const gateway = await setUp((_req, res) => void res.write('half'), { config: { drainTimeoutMs: 50 } });
    const pending = call(gateway);
    const failed = expect(pending).rejects.toThrow('aborted');
    await until(() => gateway.crashPoints.includes('gateway:first-byte-to-client'), 'the first byte');
    await gateway.gateway.drain();
    await failed;
    expect(gateway.appender.requests).toMatchObject([{ status: -100, abort_reason: 'draining' }]);
  });
});
