import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FakeRealtime, startFakeRealtime } from '@throughline/testkit/fake-realtime/fake-realtime';
import { REALTIME_USAGE } from '@throughline/testkit/fake-realtime/realtime-scene';
import { waitFor } from '@throughline/testkit/wait-for';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let realtime: FakeRealtime;
let instance: Instance;
beforeAll(async () => {
  realtime = await startFakeRealtime();
  instance = await startInstance({ PROVIDER_OPENAI_URL: realtime.origin });
}, SETUP_MS_MAX);
afterAll(async () => {
  await instance?.stop();
  await realtime?.close();
}, SETUP_MS_MAX);

/** OpenAI's client asks for TLS whatever its base URL says; the gateway of a test has none. */
function connect({ openaiUrl, session }: Instance, sessionId: string): OpenAIRealtimeWS {
  const client = new OpenAIRealtimeWS(
    {
      model: 'gpt-realtime',
      options: {
        headers: session(sessionId, '/call'),
        createConnection: () => net.connect(Number(new URL(openaiUrl).port), '127.0.0.1'),
      },
    },
    new OpenAI({ baseURL: openaiUrl, apiKey: 'sk-provider-key' }),
  );
  client.on('error', () => {});
  return client;
}

const next = (client: OpenAIRealtimeWS, type: 'session.created' | 'session.updated' | 'response.done') =>
  new Promise((resolve) => client.once(type, resolve));

test("a call of OpenAI's realtime client is a session with a step for each response", async () => {
  const sessionId = `realtime-${randomUUID()}`;
  const client = connect(instance, sessionId);
  await next(client, 'session.created');
  client.send({ type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } });
  await next(client, 'session.updated');
  client.send({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is the time?' }] },
  });
  client.send({ type: 'response.create' });
  await next(client, 'response.done');
  client.send({ type: 'response.create', response: { metadata: { fake: 'failed' } } });
  await next(client, 'response.done');
  client.send({ type: 'response.create', response: { metadata: { fake: 'silent' } } });
  await new Promise((resolve) => client.once('response.output_audio.delta', resolve));
  client.close();

  expect(realtime.requests.at(-1)!.url).toBe('/v1/realtime?model=gpt-realtime');
  expect(realtime.requests.at(-1)!.headers.authorization).toBe('Bearer sk-provider-key');
  const [done, failed, cut] = await instance.storedSession(sessionId, 3);
  expect(done).toMatchObject({
    session_path: '/call',
    provider: 'OPENAI',
    model: 'gpt-realtime',
    response_status: 200,
    prompt_tokens: 40,
    completion_tokens: 25,
    prompt_cache_read_tokens: 60,
    usage_complete: true,
    error: null,
  });
  // USD per million tokens of gpt-realtime: text 4 in, 0.40 cached, 16 out; audio 32 in, 64 out.
  expect(done!.cost).toBeCloseTo((40 * 4 + 60 * 0.4 + 100 * 32 + 25 * 16 + 75 * 64) / 1e6, 12);
  expect(done!.time_to_first_token).not.toBeNull();
  expect(failed).toMatchObject({ response_status: 200, error: { type: 'server_error', message: 'oh' } });
  expect(cut).toMatchObject({ response_status: -3, usage_complete: false, cost: null });
  const stored = await waitFor(
    async () => {
      const request = await instance.api.request(done!.request_id);
      return request?.response_body ? request : undefined;
    },
    { what: 'the step with its bodies' },
  );
  expect(stored.request_body).toMatchObject({
    model: 'gpt-realtime',
    session: { instructions: 'Be brief.' },
    events: [{ type: 'session.update' }, { type: 'conversation.item.create' }, { type: 'response.create' }],
  });
  expect(stored.response_body).toMatchObject({ type: 'response.done', response: { usage: REALTIME_USAGE } });
  expect(await instance.api.session(sessionId)).toMatchObject({
    total_requests: 3,
    error_count: 2,
    cost_complete: false,
  });
});

test('a session is told when the process is to end, and loses nothing', async () => {
  const own = await startInstance({ PROVIDER_OPENAI_URL: realtime.origin });
  try {
    const sessionId = `realtime-${randomUUID()}`;
    const client = connect(own, sessionId);
    await next(client, 'session.created');
    client.send({ type: 'response.create' });
    await next(client, 'response.done');
    await own.storedSession(sessionId, 1);
    const closed = new Promise<number>((resolve) => client.socket.once('close', resolve));
    await own.throughline.stop();
    expect(await closed).toBe(1001);
  } finally {
    await own.stop();
  }
}, 60_000);

test.each([
  ['gateway:before-append', 2],
  ['gateway:after-append-before-last-chunk', 3],
  ['gateway:last-chunk-sent', 3],
])(
  'what a client had of a session whose process died at %s is there once',
  async (point, stored) => {
    await instance.throughline.kill('SIGKILL');
    await instance.throughline.start({ THROUGHLINE_CRASH_AT: `${point}#3` });
    const sessionId = `realtime-${randomUUID()}`;
    const client = connect(instance, sessionId);
    let had = 0;
    const ended = new Promise((resolve) => client.socket.once('close', resolve));
    client.on('session.created', () => client.send({ type: 'response.create' }));
    client.on('response.done', () => {
      had++;
      client.send({ type: 'response.create' });
    });
    await ended;
    await instance.throughline.exited();
    await instance.throughline.start();
    await instance.storedSession(sessionId, stored);
    expect(had).toBeGreaterThanOrEqual(2);
    expect(had).toBeLessThanOrEqual(stored);
  },
  60_000,
);
