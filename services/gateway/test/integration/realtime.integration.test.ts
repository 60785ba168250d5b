import { describe, expect, test } from '@jest/globals';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { readCall } from '@throughline/providers/read-call';
import {
  type FakeRealtime,
  type FakeRealtimeOptions,
  startFakeRealtime,
} from '@throughline/testkit/fake-realtime/fake-realtime';
import { WebSocket } from 'ws';
import { useCleanups } from '../support/clean-up.ts';
import { type Harness, type HarnessOptions, KEY, READ_KEY, startGateway, until } from '../support/gateway-harness.ts';

const cleanups = useCleanups();

interface World {
  readonly gateway: Harness;
  readonly provider: FakeRealtime;
}

async function setUp(fake: FakeRealtimeOptions = {}, options: HarnessOptions = {}): Promise<World> {
  const provider = await startFakeRealtime(fake);
  cleanups.push(provider.close);
  const gateway = await startGateway({ providerOrigins: { OPENAI: provider.origin }, ...options });
  cleanups.push(gateway.close);
  return { gateway, provider };
}

/** A client that keeps what it gets. */
class Client {
  readonly socket: WebSocket;
  readonly events: { readonly type: string; readonly [key: string]: unknown }[] = [];
  readonly headers: Record<string, unknown> = {};
  closed: { readonly code: number; readonly reason: string } | undefined;
  refused: { readonly status: number; readonly body: string; readonly headers: Record<string, unknown> } | undefined;

  constructor(url: string, headers: Record<string, string> = {}, protocols: string[] = []) {
    this.socket = new WebSocket(url, protocols, { headers: { authorization: 'Bearer sk-provider', ...headers } });
    cleanups.push(async () => this.socket.terminate());
    this.socket.on('error', () => {});
    this.socket.on('upgrade', ({ headers: given }) => Object.assign(this.headers, given));
    this.socket.on('message', (data, isBinary) => {
      if (!isBinary) this.events.push(JSON.parse(String(data)));
    });
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    this.socket.on('unexpected-response', (_req, res) => {
      let body = '';
      res.on('data', (chunk) => {
        body += chunk;
      });
      res.on('end', () => {
        this.refused = { status: res.statusCode!, body, headers: res.headers };
      });
    });
  }

  send(event: object): void {
    this.socket.send(JSON.stringify(event));
  }

  async got(type: string, count = 1): Promise<void> {
    await until(() => this.events.filter((event) => event.type === type).length >= count, `${count} × ${type}`);
  }

  async gone(): Promise<void> {
    await until(() => this.closed !== undefined || this.refused !== undefined, 'the end of the socket');
  }
}

const oai = ({ gateway }: World, path = '/v1/realtime?model=gpt-realtime') =>
  `ws://127.0.0.1:${gateway.port}/v1/gateway/oai${path}`;

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

function readingOf(event: NewRequestEvent) {
  return readCall({
    provider: event.provider,
    method: event.method,
    targetUrl: event.target_url,
    path: event.path,
    status: event.status,
    requestContentType: event.request_body.content_type,
    responseContentType: event.response_body.content_type,
    requestText: text(event.request_body.bytes),
    responseText: text(event.response_body.bytes),
    requestBytes: event.request_body.bytes,
    responseBytes: event.response_body.bytes,
    requestTruncated: event.request_body.truncated,
    responseTruncated: event.response_body.truncated,
    modelOverride: event.model_override,
    requestAt: event.request_at,
    responseHeaders: event.response_headers,
  });
}

const SESSION = {
  'Helicone-Auth': `Bearer ${KEY}`,
  'Helicone-Session-Id': 's1',
  'Helicone-Session-Path': '/call',
  'Helicone-User-Id': 'u1',
  'Helicone-Property-Line': '7',
};

describe('a realtime session', () => {
  test('whose bodies are not to be stored has the figures of its steps', async () => {
    const world = await setUp();
    const omits = { 'Helicone-Omit-Request': 'true', 'Helicone-Omit-Response': 'true' };
    const client = new Client(oai(world), { ...SESSION, ...omits });
    await client.got('session.created');
    client.send({ type: 'response.create' });
    await client.got('response.done');
    const [event] = await world.gateway.recorded(1);
    for (const { bytes, size, encoding } of [event!.request_body, event!.response_body]) {
      expect([bytes.length, size > 0, encoding]).toEqual([0, true, 'omitted']);
    }
    expect(event!.reading).toMatchObject({ model: 'gpt-realtime', tokens: { completion_audio_tokens: 75 } });
  });

  test('is a step for each response, with tokens of text and audio, what led to it and when', async () => {
    const world = await setUp();
    const client = new Client(oai(world, '/realtime?model=gpt-realtime'), SESSION);
    await client.got('session.created');
    client.send({ type: 'session.update', session: { instructions: 'Be brief.', client_secret: { value: 'ek_1' } } });
    client.send({ type: 'input_audio_buffer.append', audio: Buffer.alloc(300).toString('base64') });
    client.send({ type: 'input_audio_buffer.append', audio: Buffer.alloc(30).toString('base64') });
    client.send({
      type: 'conversation.item.create',
      item: { type: 'message', content: [{ type: 'input_text', text: 'Hi' }] },
    });
    client.send({ type: 'response.create' });
    await client.got('response.done');
    client.send({ type: 'response.create', response: { metadata: { fake: 'failed' } } });
    await client.got('response.done', 2);
    client.socket.close(4001, 'enough');
    await client.gone();

    const [first, second, ...more] = await world.gateway.recorded(2);
    expect(more).toEqual([]);
    expect(world.provider.requests[0]!.url).toBe('/v1/realtime?model=gpt-realtime');
    expect(world.provider.requests[0]!.headers.authorization).toBe('Bearer sk-provider');
    expect(Object.keys(world.provider.requests[0]!.headers).join()).not.toMatch(/helicone|throughline/);
    expect(client.headers['x-request-id']).toBe('req_fake');
    expect(client.headers['helicone-status']).toBe('success');
    expect(client.headers['helicone-id']).toBe(first!.request_id);
    expect(second!.request_id).not.toBe(first!.request_id);
    for (const event of [first!, second!]) {
      expect(event).toMatchObject({
        tenant_id: 'acme',
        session: { id: 's1', path: '/call', rule: 'helicone-session-id' },
        user_id: 'u1',
        properties: [['line', '7']],
        provider: 'OPENAI',
        method: 'GET',
        path: '/v1/realtime?model=gpt-realtime',
        status: 200,
        abort_reason: '',
      });
      expect(event.first_byte_at! >= event.request_at && event.response_at >= event.first_byte_at!).toBe(true);
      expect(event.response_headers).toContainEqual(['x-request-id', 'req_fake']);
    }
    expect(readingOf(first!)).toMatchObject({
      model: 'gpt-realtime',
      streamed: true,
      error: null,
      finishReason: 'completed',
      usageComplete: true,
      costSource: 'table',
      tokens: {
        prompt_tokens: 40,
        prompt_audio_tokens: 100,
        prompt_cache_read_tokens: 60,
        completion_tokens: 25,
        completion_audio_tokens: 75,
      },
    });
    expect(readingOf(second!).error).toEqual({ type: 'server_error', message: 'oh' });
    const request = JSON.parse(text(first!.request_body.bytes));
    expect(request).toMatchObject({
      model: 'gpt-realtime',
      conversation: { id: 'sess_fake' },
      session: { instructions: 'Be brief.', client_secret: '***' },
      events: [
        { type: 'session.update' },
        { type: 'input_audio_buffer.append', appends: 2, audio_bytes: 330 },
        { type: 'conversation.item.create', item: { content: [{ text: 'Hi' }] } },
        { type: 'response.create' },
      ],
    });
    expect(JSON.parse(text(second!.request_body.bytes)).events).toHaveLength(1);
    expect(JSON.parse(text(first!.response_body.bytes)).type).toBe('response.done');
    expect(JSON.stringify([first, second].map((event) => text(event!.request_body.bytes)))).not.toContain('ek_1');
    await until(() => world.provider.sockets[0]!.readyState === WebSocket.CLOSED, 'the provider to learn of the end');
  });

  test('hands frames on as they come: binary, text, pings, pongs and the code of the end', async () => {
    const world = await setUp({
      play: (socket) => {
        socket.on('message', (data, isBinary) => socket.send(data as Buffer, { binary: isBinary }));
        socket.on('pong', (data) => socket.close(4002, `pong ${data}`));
      },
    });
    const client = new Client(oai(world));
    const echoed: [string, boolean][] = [];
    const heard: string[] = [];
    client.socket.removeAllListeners('message');
    client.socket.on('message', (data, isBinary) => echoed.push([String(data), isBinary]));
    client.socket.on('pong', (data) => heard.push(`pong ${data}`));
    client.socket.on('ping', (data) => heard.push(`ping ${data}`));
    await until(() => client.socket.readyState === WebSocket.OPEN, 'the socket');
    client.socket.send('héllo');
    client.socket.send(Buffer.from([0, 255, 1]), { binary: true });
    client.socket.send(Buffer.from('text in bytes'), { binary: false });
    client.socket.ping('p1');
    await until(() => echoed.length === 3 && heard.length === 1, 'the echo');
    expect(echoed.map(([, isBinary]) => isBinary)).toEqual([false, true, false]);
    expect(echoed[0]![0]).toBe('héllo');
    expect(heard).toEqual(['pong p1']);
    world.provider.sockets[0]!.ping('q1');
    await client.gone();
    expect(heard).toEqual(['pong p1', 'ping q1']);
    expect(client.closed).toEqual({ code: 4002, reason: 'pong q1' });
    expect(world.gateway.appender.events).toEqual([]);
  });

  test('answers with the subprotocol that the provider chose, and stores no key of a browser', async () => {
    const world = await setUp();
    const client = new Client(`ws://127.0.0.1:${world.gateway.port}/v1/gateway/oai/${KEY}/v1/realtime?model=m`, {}, [
      'realtime',
      'openai-insecure-api-key.sk-canary',
    ]);
    await client.got('session.created');
    expect(client.socket.protocol).toBe('realtime');
    expect(world.provider.requests[0]!.headers['sec-websocket-protocol']).toBe(
      'realtime,openai-insecure-api-key.sk-canary',
    );
    client.send({ type: 'response.create' });
    await client.got('response.done');
    const [event] = await world.gateway.recorded(1);
    expect(event!.tenant_id).toBe('acme');
    expect(JSON.stringify(event)).not.toMatch(/canary|helicone-aaa/);
  });

  test('has a response that nobody asked for, and its transcription by another model', async () => {
    const world = await setUp();
    const client = new Client(oai(world));
    await client.got('session.created');
    client.send({
      type: 'session.update',
      session: { audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } },
    });
    client.send({ type: 'input_audio_buffer.append', audio: 'AAAA' });
    client.send({ type: 'input_audio_buffer.commit' });
    await client.got('response.done');
    const [heard, said] = await world.gateway.recorded(2);
    expect(readingOf(heard!)).toMatchObject({
      model: 'gpt-4o-transcribe',
      tokens: { prompt_tokens: 30, completion_tokens: 9 },
      costSource: 'table',
    });
    expect(readingOf(said!)).toMatchObject({ model: 'gpt-realtime', error: null });
    expect(JSON.parse(text(said!.request_body.bytes)).events).toMatchObject([
      { type: 'session.update' },
      { type: 'input_audio_buffer.append', appends: 1, audio_bytes: 3 },
      { type: 'input_audio_buffer.commit' },
      { type: 'input_audio_buffer.committed', transcript: 'What is the time?' },
    ]);
  });

  test.each([
    ['incomplete', { type: 'incomplete', message: 'max_output_tokens' }, 'max_output_tokens'],
    ['cancelled', { type: 'cancelled', message: 'turn_detected' }, 'turn_detected'],
    ['refused', { type: 'invalid_request_error', message: 'no such voice' }, ''],
  ])('keeps a response that was %s as an error', async (fake, error, finishReason) => {
    const world = await setUp();
    const client = new Client(oai(world));
    await client.got('session.created');
    client.send({ type: 'response.create', event_id: 'mine', response: { metadata: { fake } } });
    const [event] = await world.gateway.recorded(1);
    expect(event!.status).toBe(200);
    expect(readingOf(event!)).toMatchObject({ error, finishReason });
  });
});

describe('a realtime session is found', () => {
  test.each([
    ['by the Host', '/v1/realtime?model=m', { host: 'oai.localhost' }, 'OPENAI', '/v1/realtime?model=m'],
    ['at Azure', '/v1/gateway/azure/openai/realtime?deployment=m&api-key=canary', {}, 'AZURE', undefined],
    ['at Azure, by version', '/v1/gateway/azure/openai/v1/realtime?model=m', {}, 'AZURE', undefined],
    ['at others who speak it', '/v1/gateway/xai/v1/realtime?model=m', {}, 'X', '/v1/realtime?model=m'],
    [
      'at a target that is named',
      '/v1/gateway/gateway/v1/realtime?model=m',
      { 'helicone-target-url': 'origin' },
      'LOCAL',
      '/v1/realtime?model=m',
    ],
  ])('%s', async (_how, path, headers, provider, sent) => {
    const world = await setUp();
    const { origin } = world.provider;
    const providerOrigins = { OPENAI: origin, AZURE: origin, X: origin };
    const gateway = await startGateway({ providerOrigins, config: { allowedTargets: ['127.0.0.1'] } });
    cleanups.push(gateway.close);
    const other = await startFakeRealtime();
    cleanups.push(other.close);
    const named = 'helicone-target-url' in headers ? { 'helicone-target-url': other.origin } : headers;
    const client = new Client(`ws://127.0.0.1:${gateway.port}${path}`, named as Record<string, string>);
    await client.got('session.created');
    client.send({ type: 'response.create' });
    await client.got('response.done');
    const [event] = await gateway.recorded(1);
    const target = provider === 'LOCAL' ? other : world.provider;
    expect(target.requests.map(({ url }) => url)).toEqual([sent ?? path.slice('/v1/gateway/azure'.length)]);
    expect(event!.provider).toBe(provider);
    expect(JSON.parse(text(event!.request_body.bytes))).toMatchObject({ model: 'm' });
    expect(JSON.stringify(event)).not.toContain('canary');
  });

  test('under the name that its provider gave it, when no header names one', async () => {
    const world = await setUp({}, { config: { sessionRules: ['helicone-session-id', 'body-conversation'] } });
    const client = new Client(oai(world), { 'Helicone-Session-Path': '/p', 'Helicone-Property-A': 'b' });
    await client.got('session.created');
    client.send({ type: 'response.create' });
    await client.got('response.done');
    const [event] = await world.gateway.recorded(1);
    expect(event).toMatchObject({
      session: { id: 'sess_fake', path: '/p', rule: 'body-conversation' },
      properties: [['a', 'b']],
    });
  });

  test('nowhere else: an upgrade to another path is answered as a plain call', async () => {
    const world = await setUp();
    const client = new Client(oai(world, '/v1/models'));
    await client.gone();
    expect(client.refused!.status).toBe(404);
    expect(await world.gateway.recorded(1)).toMatchObject([{ path: '/v1/models', status: 404 }]);
  });
});

describe('a response is in the log before its client has it whole', () => {
  test('and nothing that comes after it overtakes it', async () => {
    const world = await setUp();
    const gate = Promise.withResolvers<void>();
    world.gateway.appender.gate = gate.promise;
    const client = new Client(oai(world));
    await client.got('session.created');
    client.send({ type: 'response.create' });
    client.send({ type: 'response.create' });
    await client.got('response.output_audio_transcript.delta');
    await until(() => world.provider.received.length === 2, 'both questions at the provider');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.events.map(({ type }) => type)).not.toContain('response.done');
    expect(world.gateway.appender.events).toEqual([]);
    gate.resolve();
    await client.got('response.done', 2);
    const ids = client.events.map((event) => event.event_id as string);
    expect(ids).toEqual([...ids].sort((a, b) => Number(a.split('_')[1]) - Number(b.split('_')[1])));
    expect(world.gateway.crashPoints.slice(-3)).toEqual([
      'gateway:before-append',
      'gateway:after-append-before-last-chunk',
      'gateway:last-chunk-sent',
    ]);
    expect(await world.gateway.recorded(2)).toHaveLength(2);
  });

  test('goes through when the log takes nothing, and is counted', async () => {
    const world = await setUp();
    world.gateway.appender.refuseWith('full');
    const client = new Client(oai(world));
    await client.got('session.created');
    expect(client.headers['throughline-recorded']).toMatch(/^no; reason=log-f/);
    client.send({ type: 'response.create' });
    await client.got('response.done');
    expect(world.gateway.appender.events).toEqual([]);
    expect(await world.gateway.metrics()).toMatch(/gateway_not_recorded_total\{reason="log-full"\} 1/);
    world.gateway.appender.refuseWith(undefined);
    client.send({ type: 'response.create' });
    await client.got('response.done', 2);
    expect(await world.gateway.recorded(1)).toHaveLength(1);
  });
});

describe('a response that is cut', () => {
  test.each([
    ['silent', -3, 'client-aborted'],
    ['deaf', -3, 'client-aborted'],
    ['hang-up', -100, 'upstream-reset'],
  ])('(%s) is a step with its code and without usage', async (fake, status, abort_reason) => {
    const world = await setUp();
    const client = new Client(oai(world));
    await client.got('session.created');
    client.send({ type: 'response.create', response: { metadata: { fake } } });
    if (fake === 'deaf') await until(() => world.provider.received.length === 1, 'the question');
    else await client.got('response.output_audio.delta');
    if (fake !== 'hang-up') client.socket.close(1000);
    await client.gone();
    const [event, ...more] = await world.gateway.recorded(1);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ status, abort_reason });
    expect(readingOf(event!)).toMatchObject({ model: 'gpt-realtime', usageComplete: false, costPico: null });
    if (fake === 'hang-up') expect(client.closed!.code).toBe(1006);
    else await until(() => world.provider.sockets[0]!.readyState === WebSocket.CLOSED, 'the end at the provider');
  });

  test('by the end of the gateway is recorded, and both sides are told', async () => {
    const world = await setUp({}, { config: { drainTimeoutMs: 50 } });
    const [idle, busy] = [new Client(oai(world)), new Client(oai(world))];
    await Promise.all([idle.got('session.created'), busy.got('session.created')]);
    busy.send({ type: 'response.create', response: { metadata: { fake: 'silent' } } });
    await busy.got('response.output_audio.delta');
    await world.gateway.gateway.drain();
    await Promise.all([idle.gone(), busy.gone()]);
    expect([idle.closed!.code, busy.closed!.code]).toEqual([1001, 1001]);
    expect(world.gateway.appender.requests).toMatchObject([{ status: -100, abort_reason: 'draining' }]);
  });

  test('not by the end of the gateway, when it is done in time', async () => {
    const world = await setUp();
    const client = new Client(oai(world));
    await client.got('session.created');
    client.send({ type: 'response.create', response: { metadata: { fake: 'silent' } } });
    await client.got('response.created');
    const drained = world.gateway.gateway.drain();
    const { id } = client.events.find(({ type }) => type === 'response.created')!.response as { id: string };
    const done = { type: 'response.done', response: { object: 'realtime.response', id, status: 'completed' } };
    world.provider.sockets[0]!.send(JSON.stringify(done));
    await drained;
    await client.gone();
    expect(client.events.at(-1)!.type).toBe('response.done');
    expect(client.closed!.code).toBe(1001);
    expect(world.gateway.appender.requests).toMatchObject([{ status: 200, abort_reason: '' }]);
  });
});

describe('an upgrade that comes to nothing', () => {
  test('is answered as the provider answered it, and is one call', async () => {
    const body = '{"error":{"type":"invalid_request_error","message":"no such key","code":"invalid_api_key"}}';
    const world = await setUp({ refusal: { status: 401, headers: { 'x-request-id': 'r9' }, body } });
    const client = new Client(oai(world), SESSION);
    await client.gone();
    expect(client.refused).toMatchObject({ status: 401, body });
    expect(client.refused!.headers['x-request-id']).toBe('r9');
    const [event] = await world.gateway.recorded(1);
    expect(client.refused!.headers['helicone-id']).toBe(event!.request_id);
    expect(event).toMatchObject({ status: 401, session: { id: 's1' }, tenant_id: 'acme' });
    expect(readingOf(event!)).toMatchObject({ error: { message: 'no such key' }, costPico: 0n, usageComplete: true });
  });

  test('because nobody is there, is a 502 that is recorded', async () => {
    const world = await setUp();
    await world.provider.close();
    const client = new Client(oai(world));
    await client.gone();
    expect(client.refused!.status).toBe(502);
    expect(await world.gateway.recorded(1)).toMatchObject([{ status: 502, abort_reason: 'upstream-refused' }]);
  });

  test('because the provider does not answer, is a 504', async () => {
    const world = await setUp({}, { config: { connectTimeoutMs: 20 } });
    const { startRawUpstream } = await import('../support/gateway-harness.ts');
    const deaf = await startRawUpstream(() => {});
    cleanups.push(deaf.close);
    const gateway = await startGateway({
      providerOrigins: { OPENAI: deaf.origin },
      config: { connectTimeoutMs: 20 },
    });
    cleanups.push(gateway.close);
    const client = new Client(oai({ ...world, gateway }));
    await client.gone();
    expect(client.refused!.status).toBe(504);
    expect(await gateway.recorded(1)).toMatchObject([{ status: 504, abort_reason: 'upstream-timeout' }]);
  });

  test.each([
    ['a private address', { 'Helicone-Target-URL': 'http://10.0.0.1' }, '/v1/gateway/gateway', 403],
    ['a name with one', { 'Helicone-Target-URL': 'http://inside.example' }, '/v1/gateway/gateway', 403],
    ['no target', {}, '/v1/gateway/gateway', 400],
    ['a foreign page', { origin: 'https://evil.example' }, '/v1/gateway/oai', 403],
    ['a recorded session', { 'Throughline-Replay': 's1' }, '/v1/gateway/oai', 501],
    ['a key that may only read', { 'Helicone-Auth': `Bearer ${READ_KEY}` }, '/v1/gateway/oai', 401],
  ])('(%s) is refused by us, and no call', async (_why, headers, route, status) => {
    const world = await setUp(
      {},
      {
        config: { requireKey: headers['Helicone-Auth' as keyof typeof headers] !== undefined },
        resolve: (_name, _options, answer) => answer(null, [{ address: '10.1.2.3', family: 4 }]),
      },
    );
    const client = new Client(`ws://127.0.0.1:${world.gateway.port}${route}/v1/realtime?model=m`, headers);
    await client.gone();
    expect(client.refused!.status).toBe(status);
    expect(world.gateway.appender.events).toEqual([]);
    expect(world.provider.requests).toEqual([]);
  });

  test('because its Host is another name is refused like any call', async () => {
    const world = await setUp();
    const client = new Client(oai(world), { host: 'rebound.example' });
    await client.gone();
    expect(world.provider.requests).toEqual([]);
  });
});

describe('what a session may take', () => {
  test('is the messages of a bound: whoever sends more is cut off with 1009', async () => {
    const world = await setUp({}, { config: { wholeRequestBytesMax: 1000 } });
    const client = new Client(oai(world));
    await client.got('session.created');
    client.send({ type: 'conversation.item.create', item: 'x'.repeat(2000) });
    await client.gone();
    expect(client.closed!.code).toBe(1009);
    expect(world.provider.received).toEqual([]);
  });

  test('is no more than a reader takes: the provider waits', async () => {
    const chunk = JSON.stringify({ type: 'response.output_audio.delta', delta: 'A'.repeat(256 * 1024) });
    let sent = 0;
    const world = await setUp({
      play: (socket) => {
        const pour = () => {
          if (sent >= 400) return;
          sent++;
          socket.send(chunk, pour);
        };
        pour();
      },
    });
    const client = new Client(oai(world));
    await until(() => client.socket.readyState === WebSocket.OPEN, 'the socket');
    client.socket.pause();
    let before = -1;
    await until(() => {
      const isStill = before === sent;
      before = sent;
      return isStill && sent > 0;
    }, 'the provider to be stopped');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toBeLessThan(200);
    client.socket.resume();
    await client.got('response.output_audio.delta', 400);
  }, 30_000);

  test('is nothing more once the key is taken back, where keys are required', async () => {
    const world = await setUp({}, { config: { requireKey: true } });
    const client = new Client(oai(world), SESSION);
    await client.got('session.created');
    client.send({ type: 'response.create' });
    await client.got('response.done');
    world.gateway.revoke(KEY);
    await client.gone();
    expect(client.closed!.code).toBe(1008);
  }, 20_000);
});
