import type http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { useCleanups } from '../support/clean-up.ts';
import {
  type Harness,
  type HarnessOptions,
  request,
  startGateway,
  startUpstream,
  until,
} from '../support/gateway-harness.ts';

const cleanups = useCleanups();

async function setUp(handler: http.RequestListener, options: HarnessOptions = {}): Promise<Harness> {
  const upstream = await startUpstream(handler);
  cleanups.push(upstream.close);
  const gateway = await startGateway({ providerOrigins: { OPENAI: upstream.origin }, ...options });
  cleanups.push(gateway.close);
  return gateway;
}

/** A client that shows every byte it has received so far. */
function rawCall(gateway: Harness, head = 'GET /v1/gateway/oai/x HTTP/1.1\r\nHost: x\r\n\r\n') {
  const socket = net.connect(gateway.port, '127.0.0.1');
  const call = { socket, text: '', closed: false };
  socket.setEncoding('latin1').on('data', (chunk) => {
    call.text += chunk;
  });
  socket
    .on('error', () => {})
    .on('close', () => {
      call.closed = true;
    });
  socket.write(head);
  cleanups.push(async () => void socket.destroy());
  return call;
}

/** Holds appends back until it is opened. */
function gate(gateway: Harness): () => void {
  let open!: () => void;
  gateway.appender.gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
}

const settle = () => sleep(60);

describe('while the event is not in the log, the client cannot have', () => {
  test('the last byte of a Content-Length', async () => {
    const gateway = await setUp(async (_req, res) => {
      res.writeHead(200, { 'content-length': 8 });
      res.write('abcd');
      await sleep(10);
      res.end('efgh');
    });
    const open = gate(gateway);
    const call = rawCall(gateway);
    await until(() => call.text.includes('abcd'), 'the first half');
    await settle();
    expect(call.text.endsWith('\r\n\r\nabcd')).toBe(true);
    open();
    await until(() => call.text.endsWith('abcdefgh'), 'the rest');
    expect(gateway.appender.requests).toHaveLength(1);
  });

  test('any byte of an answer that came in one piece', async () => {
    const gateway = await setUp((_req, res) => void res.end('whole'));
    const open = gate(gateway);
    const call = rawCall(gateway);
    await until(() => gateway.crashPoints.includes('gateway:before-append'), 'the append');
    await settle();
    expect(call.text).toBe('');
    open();
    await until(() => call.text.includes('whole'), 'the answer');
  });

  test('the end of a chunked body', async () => {
    const gateway = await setUp(async (_req, res) => {
      res.write('part');
      await sleep(10);
      res.end();
    });
    const open = gate(gateway);
    const call = rawCall(gateway);
    await until(() => gateway.crashPoints.includes('gateway:before-append'), 'the append');
    await until(() => call.text.endsWith('part\r\n'), 'the part');
    await settle();
    expect(call.text.endsWith('part\r\n')).toBe(true);
    open();
    await until(() => call.text.endsWith('0\r\n\r\n'), 'the end');
  });

  test.each([
    [204, ''],
    [304, ''],
    [200, 'Content-Length: 0\r\n'],
  ])('the header block of a %i without a body', async (status) => {
    const gateway = await setUp((_req, res) => {
      res.writeHead(status, status === 200 ? { 'content-length': 0 } : {});
      res.end();
    });
    const open = gate(gateway);
    const call = rawCall(gateway);
    await until(() => gateway.crashPoints.includes('gateway:before-append'), 'the append');
    await settle();
    expect(call.text).toBe('');
    open();
    await until(() => call.text.startsWith(`HTTP/1.1 ${status}`), 'the header block');
  });

  test.each([
    ['[DONE]', ['data: {"a":1}\n\n', 'data: [DO', 'NE]\n', '\n'], 'NE]'],
    ['[DONE] with CRLF', ['data: {"a":1}\r\n\r\n', 'data: [DONE]\r\n\r\n'], '[DONE]'],
    [
      'message_stop',
      ['event: content\ndata: {}\n\n', 'event: message_stop\n', 'data: {"type":"message_stop"}\n\n'],
      'message_stop',
    ],
    [
      'response.completed, whose usage comes in later chunks',
      ['event: x\ndata: {}\n\n', 'event: response.completed\ndata: {"usage":', '{"input_tokens":7}}\n', '\n'],
      'response.completed',
    ],
    ['an unnamed last event', ['data: {"type":"response.failed","x":', '1}\n\n'], 'failed'],
  ])('%s', async (_name, chunks, secret) => {
    let finish!: () => void;
    const gateway = await setUp(async (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      for (const chunk of chunks) {
        res.write(chunk);
        await sleep(10);
      }
      finish = () => res.end();
    });
    const open = gate(gateway);
    const call = rawCall(gateway);
    await until(() => gateway.crashPoints.includes('gateway:before-append'), 'the append before the provider ends');
    await settle();
    expect(call.text).not.toContain(secret);
    open();
    const whole = chunks.join('');
    await until(() => call.text.includes(secret), 'the last event');
    await until(() => gateway.appender.requests.length === 1, 'the event');
    expect(Buffer.from(gateway.appender.requests[0]!.response_body.bytes).toString()).toBe(whole);
    expect(call.text).not.toContain('0\r\n\r\n');
    finish();
    await until(() => call.text.endsWith('\r\n0\r\n\r\n'), 'the end');
    expect(gateway.appender.requests).toHaveLength(1);
  });
});

test('the same words inside a message do not end a stream', async () => {
  const chunks = [
    'data: {"text":"say data: [DONE] and event: message_stop"}\n\n',
    'data: {"text":"\\ndata: [DONE]"}\n\n',
    'event: message_stop_not\ndata: {}\n\n',
    'data: [DONE]\n\n',
  ];
  const gateway = await setUp(async (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks) {
      res.write(chunk);
      await sleep(5);
    }
    res.end();
  });
  const response = await request(`${gateway.origin}/v1/gateway/oai/x`);
  expect(response.reads.map(String)).toEqual(chunks);
  const [event] = await gateway.recorded(1);
  expect(Buffer.from(event!.response_body.bytes).toString()).toBe(chunks.join(''));
});

test('a client that leaves once it has the end was served in full', async () => {
  let upstreamClosed = false;
  const gateway = await setUp((_req, res) => {
    res.on('close', () => {
      upstreamClosed = true;
    });
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('data: {}\n\ndata: [DONE]\n\n');
  });
  const call = rawCall(gateway);
  await until(() => call.text.includes('[DONE]'), 'the end');
  call.socket.destroy();
  await until(() => upstreamClosed, 'the provider to be let go');
  expect(gateway.appender.requests).toMatchObject([{ status: 200, abort_reason: '' }]);
});

test('the provider failing after the end changes nothing', async () => {
  const gateway = await setUp((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('data: [DONE]\n\n', () => setTimeout(() => res.socket!.resetAndDestroy(), 20));
  });
  const response = await request(`${gateway.origin}/v1/gateway/oai/x`);
  expect(response.body.toString()).toBe('data: [DONE]\n\n');
  expect(gateway.appender.requests).toMatchObject([{ status: 200, abort_reason: '' }]);
});

test('every crash point is passed, in the order of the list', async () => {
  const { GATEWAY_CRASH_POINTS } = await import('../../src/crash-points.ts');
  const gateway = await setUp(async (_req, res) => {
    res.write('a');
    await sleep(10);
    res.end('b');
  });
  await request(`${gateway.origin}/v1/gateway/oai/x`);
  expect(gateway.crashPoints).toEqual([...GATEWAY_CRASH_POINTS]);
});

describe('a log that takes nothing', () => {
  test.each([
    ['full', 'log-full'],
    ['failed', 'log-failed'],
  ] as const)('%s: the call goes through and says %s when the answer is small', async (code, reason) => {
    const gateway = await setUp((_req, res) => void res.end('answer'));
    gateway.appender.refuseWith(code);
    gateway.appender.writable = true;
    const response = await request(`${gateway.origin}/v1/gateway/oai/x`);
    expect(response.status).toBe(200);
    expect(response.body.toString()).toBe('answer');
    expect(response.headers['throughline-recorded']).toBe(`no; reason=${reason}`);
    expect(await gateway.metrics()).toContain(`throughline_gateway_not_recorded_total{reason="${reason}"} 1`);
  });

  test('a stream says so in its headers, and the log gets a refused event in place of the call', async () => {
    const gateway = await setUp(async (_req, res) => {
      res.write('a');
      await sleep(5);
      res.end('b');
    });
    const call = () => request(`${gateway.origin}/v1/gateway/oai/x`);
    // The log opens again between the headers and the end: what the client was told still holds.
    gateway.appender.writable = false;
    expect((await call()).headers['throughline-recorded']).toBe('no; reason=log-full');
    await until(() => gateway.appender.events.length === 1, 'an event');
    expect(gateway.appender.events).toMatchObject([
      { kind: 'refused', tenant_id: 'default', reason: 'log-full', count: 1 },
    ]);
    gateway.appender.writable = true;
    expect((await call()).headers['throughline-recorded']).toBeUndefined();
    expect(gateway.appender.requests).toHaveLength(1);
  });

  test('an event too large for the log is appended with shorter bodies', async () => {
    const gateway = await setUp((_req, res) => void res.end('x'.repeat(100_000)));
    gateway.appender.isTooSmall = true;
    await request(`${gateway.origin}/v1/gateway/oai/x`);
    const [event] = await gateway.recorded(1);
    expect(event!.response_body).toMatchObject({ size: 100_000, truncated: true });
    expect(event!.response_body.bytes.length).toBe(65_536);
  });
});
