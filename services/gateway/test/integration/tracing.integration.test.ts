import http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { createRecordingTracer, type RecordingTracer } from '@throughline/testkit/recording-tracer';
import { useCleanups } from '../support/clean-up.ts';
import {
  type FakeUpstream,
  type Harness,
  type HarnessOptions,
  KEY,
  request,
  startGateway,
  startRawUpstream,
  startUpstream,
  until,
} from '../support/gateway-harness.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const SAMPLED = `00-${TRACE}-${CALLER}-01`;

const cleanups = useCleanups();

interface Traced {
  readonly tracer: RecordingTracer;
  readonly gateway: Harness;
  readonly upstream: FakeUpstream;
  readonly url: string;
}

async function setUp(handler: http.RequestListener, options: HarnessOptions = {}): Promise<Traced> {
  return gatewayFor(await startUpstream(handler), options);
}

async function gatewayFor(upstream: FakeUpstream, options: HarnessOptions = {}): Promise<Traced> {
  cleanups.push(upstream.close);
  const tracer = createRecordingTracer();
  const gateway = await startGateway({ providerOrigins: { OPENAI: upstream.origin }, tracer, ...options });
  cleanups.push(gateway.close);
  return { tracer, gateway, upstream, url: `${gateway.origin}/v1/gateway/oai` };
}

const answer =
  (body: string): http.RequestListener =>
  (req, res) => {
    req.resume();
    res.end(body);
  };

/** Both spans of the only call, once they have ended. */
async function spansOf({ tracer }: Traced) {
  const isEnded = () => tracer.spans.length > 0 && tracer.spans.every(({ endedAt }) => endedAt !== undefined);
  await until(isEnded, 'the end of the spans');
  const [server, client, ...more] = tracer.spans;
  expect(more).toEqual([]);
  return { server: server!, client };
}

describe('a call', () => {
  test('is a span that continues the caller’s, and within it one for the provider', async () => {
    const traced = await setUp(answer('{"id":1}'));
    await request(`${traced.url}/v1/chat/completions?user=somebody`, {
      method: 'POST',
      body: '{"model":"gpt"}',
      headers: {
        'Content-Type': 'application/json',
        'Helicone-Auth': `Bearer ${KEY}`,
        'Helicone-Session-Id': 'a-session',
        Authorization: 'Bearer sk-provider',
        traceparent: SAMPLED,
        tracestate: 'vendor=1',
      },
    });
    const { server, client } = await spansOf(traced);
    const [event] = await traced.gateway.recorded(1);
    expect(server).toMatchObject({
      name: 'POST /v1/gateway/{provider}/*',
      kind: 'server',
      traceId: TRACE,
      parentSpanId: CALLER,
      failure: undefined,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/gateway/{provider}/*',
        'url.path': '/v1/gateway/oai/v1/chat/completions',
        'http.response.status_code': 200,
        'http.request.body.size': 15,
        'http.response.body.size': 8,
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'throughline.event.id': event!.event_id,
        'throughline.recorded': true,
      },
    });
    expect(client).toMatchObject({
      name: 'POST',
      kind: 'client',
      traceId: TRACE,
      parentSpanId: server.spanId,
      failure: undefined,
      attributes: {
        'url.full': `${traced.upstream.origin}/v1/chat/completions`,
        'server.address': '127.0.0.1',
        'server.port': traced.upstream.port,
        'http.response.status_code': 200,
      },
    });
    expect(event!.trace).toEqual({
      traceparent: SAMPLED,
      tracestate: 'vendor=1',
      span: `00-${TRACE}-${server.spanId}-01`,
    });
    // What the provider gets is the caller's.
    expect(traced.upstream.requests[0]!.headers).toMatchObject({ traceparent: SAMPLED, tracestate: 'vendor=1' });
    const text = JSON.stringify(traced.tracer.spans);
    for (const secret of ['sk-', 'a-session', 'gpt', 'somebody', KEY]) expect(text).not.toContain(secret);
  });

  test('without a trace context begins one, of which the provider learns nothing', async () => {
    const traced = await setUp(answer('{}'));
    await request(`${traced.url}/v1/models`, {});
    const { server } = await spansOf(traced);
    const [event] = await traced.gateway.recorded(1);
    expect(server.parentSpanId).toBe('');
    expect(event!.trace).toEqual({
      traceparent: '',
      tracestate: '',
      span: `00-${server.traceId}-${server.spanId}-01`,
    });
    expect(Object.keys(traced.upstream.requests[0]!.headers)).not.toContain('traceparent');
  });

  test('that its caller does not sample has no spans, and its event says so', async () => {
    const traced = await setUp(answer('{}'));
    await request(`${traced.url}/v1/models`, { headers: { traceparent: `00-${TRACE}-${CALLER}-00` } });
    const [event] = await traced.gateway.recorded(1);
    expect(event!.trace.span).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(traced.tracer.spans).toEqual([]);
  });

  test('with a key in its path does not show it', async () => {
    const traced = await setUp(answer('{}'));
    await request(`${traced.url}/${KEY}/v1/models`, {});
    const { server } = await spansOf(traced);
    expect(server.attributes['url.path']).toBe('/v1/models');
    expect(JSON.stringify(traced.tracer.spans)).not.toContain(KEY);
  });

  test('while tracing is off leaves the event as it was', async () => {
    const upstream = await startUpstream(answer('{}'));
    cleanups.push(upstream.close);
    const gateway = await startGateway({ providerOrigins: { OPENAI: upstream.origin } });
    cleanups.push(gateway.close);
    await request(`${gateway.origin}/v1/gateway/oai/v1/models`, { headers: { traceparent: SAMPLED } });
    const [event] = await gateway.recorded(1);
    expect(event!.trace).toEqual({ traceparent: SAMPLED, tracestate: '' });
    expect(Object.keys(event!.trace)).toEqual(['traceparent', 'tracestate']);
  });
});

describe('a call that fails', () => {
  test('at the provider: only its own span has failed below 500, both from there on', async () => {
    for (const [status, serverFailure] of [
      [429, undefined],
      [503, '503'],
    ] as const) {
      const traced = await setUp((_req, res) => void res.writeHead(status).end('{}'));
      await request(`${traced.url}/v1/models`, {});
      const { server, client } = await spansOf(traced);
      expect(client!.failure).toBe(String(status));
      expect(server.failure).toBe(serverFailure);
      expect(server.attributes['http.response.status_code']).toBe(status);
    }
  });

  test('because nobody listens: the client span says what happened, the server span what was answered', async () => {
    const closed = await startUpstream(() => {});
    const traced = await gatewayFor(closed);
    await closed.close();
    await request(`${traced.url}/v1/models`, {});
    const { server, client } = await spansOf(traced);
    expect(client!.failure).toBe('connection refused');
    expect(server).toMatchObject({ failure: 'upstream-refused', attributes: { 'http.response.status_code': 502 } });
  });

  test('in the middle of its answer', async () => {
    const upstream = await startRawUpstream((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', () => setTimeout(() => socket.destroy(), 20));
      });
    });
    const traced = await gatewayFor(upstream);
    await request(`${traced.url}/v1/models`, {}).catch(() => {});
    const { server, client } = await spansOf(traced);
    expect(client!.failure).toBeDefined();
    expect(server.failure).toBe('upstream-reset');
  });

  test('because its client leaves: both spans end, and say so', async () => {
    const traced = await setUp((_req, res) => {
      res.write('a beginning');
    });
    const req = http.get(`${traced.url}/v1/models`);
    req.on('error', () => {});
    req.on('response', (res) => res.on('error', () => {}).once('data', () => req.destroy()));
    const { server, client } = await spansOf(traced);
    expect(client!.failure).toBe('client-aborted');
    expect(server.failure).toBe('client-aborted');
  });

  test('to be recorded says why', async () => {
    const traced = await setUp(answer('{}'));
    traced.gateway.appender.refuseWith('full');
    await request(`${traced.url}/v1/models`, {});
    const { server } = await spansOf(traced);
    expect(server.attributes).toMatchObject({
      'throughline.recorded': false,
      'throughline.not_recorded.reason': 'log-full',
    });
  });
});

describe('the latency that the gateway adds', () => {
  const counted = async (gateway: Harness) =>
    Number(/throughline_gateway_added_latency_seconds_count (\d+)/.exec(await gateway.metrics())?.[1]);

  test('is counted once for each call that the provider answers in full, and not for others', async () => {
    const { gateway, url } = await setUp((req, res) => {
      if (req.url === '/cut') res.writeHead(200, { 'content-length': 10 }).write('abc', () => res.destroy());
      else res.end('{}');
    });
    expect(await counted(gateway)).toBe(0);
    await request(`${url}/v1/models`, {});
    await request(`${url}/v1/chat/completions`, { method: 'POST', body: '{}' });
    await request(`${url}/cut`, {}).catch(() => {});
    await gateway.recorded(3);
    expect(await counted(gateway)).toBe(2);
  });
});
