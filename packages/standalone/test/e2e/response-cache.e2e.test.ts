import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { waitFor } from '@throughline/testkit/wait-for';
import OpenAI from 'openai';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance.stop(), SETUP_MS_MAX);

const MESSAGES = [{ role: 'user' as const, content: 'What is the capital of France?' }];

function client(session: string, seed: string): OpenAI {
  return new OpenAI({
    apiKey: 'sk-provider-key',
    baseURL: instance.openaiUrl,
    maxRetries: 0,
    defaultHeaders: {
      ...instance.session(session, '/ask'),
      'Helicone-Cache-Enabled': 'true',
      'Helicone-Cache-Seed': seed,
    },
  });
}

test('an answer from the cache is a request of its own session that costs nothing, and is found by the filter', async () => {
  const ask = async (session: string) => {
    const { data, response } = await client(session, '1')
      .chat.completions.create({ model: 'gpt-4o-mini', messages: MESSAGES })
      .withResponse();
    const id = response.headers.get('helicone-id')!;
    return { text: data.choices[0]!.message.content, said: response.headers.get('helicone-cache'), id };
  };
  const before = instance.provider.exchanges.length;
  const paid = await ask('cached');
  const free = [await ask('cached'), await ask('cached'), await ask('cached-too')];
  expect(instance.provider.exchanges.length - before).toBe(1);
  expect([paid.said, ...free.map(({ said }) => said)]).toEqual(['MISS', 'HIT', 'HIT', 'HIT']);
  for (const { text } of free) expect(text).toBe(paid.text);

  const requests = await instance.storedSession('cached', 3);
  const original = requests.find(({ request_id }) => request_id === paid.id)!;
  expect(original.cost).toBeGreaterThan(0);
  const session = (await instance.api.session('cached'))!;
  expect(session).toMatchObject({
    total_requests: 3,
    total_cost: original.cost,
    prompt_tokens: original.prompt_tokens,
    completion_tokens: original.completion_tokens,
    cost_complete: true,
    error_count: 0,
  });
  await waitFor(() => instance.api.session('cached-too'), { what: 'the other session' });
  expect(await instance.api.session('cached-too')).toMatchObject({
    total_requests: 1,
    total_cost: 0,
    cost_complete: true,
  });

  const hit = await instance.stored(free[0]!.id);
  expect(hit).toMatchObject({
    cost: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    cache_reference_id: paid.id,
    cache_enabled: true,
    attempts: [],
    usage_complete: true,
    model: original.model,
  });
  const found = async (filter: object) => {
    const { body } = await instance.api.call<{ data: { request_id: string }[] }>(
      'POST',
      '/v1/request/query-clickhouse',
      {
        filter: { request_response_rmt: filter },
        limit: 100,
      },
    );
    return body.data.map(({ request_id }) => request_id).sort();
  };
  await waitFor(async () => (await found({ cached: { equals: true } })).length === 3, { what: 'three hits' });
  expect(await found({ cached: { equals: true } })).toEqual(free.map(({ id }) => id).sort());
  expect(await found({ cached: { equals: false } })).toEqual([paid.id]);
  expect(await found({ cache_reference_id: { equals: paid.id } })).toHaveLength(3);
});

test('a stream from the cache is read by the SDK as it came', async () => {
  const read = async () => {
    const { data, response } = await client('streamed', '2')
      .chat.completions.create({
        model: 'gpt-4o-mini',
        messages: MESSAGES,
        stream: true,
        stream_options: { include_usage: true },
      })
      .withResponse();
    const chunks = [];
    for await (const chunk of data) chunks.push(chunk);
    return { chunks, said: response.headers.get('helicone-cache') };
  };
  const first = await read();
  const again = await read();
  expect([first.said, again.said]).toEqual(['MISS', 'HIT']);
  expect(again.chunks).toEqual(first.chunks);
  expect(again.chunks.length).toBeGreaterThan(2);
  const [miss, hit] = await instance.storedSession('streamed', 2);
  expect((await instance.api.session('streamed'))!.total_cost).toBe(miss!.cost);
  expect(hit).toMatchObject({ cost: 0, cache_reference_id: miss!.request_id });
});

test('what is totalled is what is stored, and answers outlive a kill', async () => {
  await instance.throughline.kill('SIGKILL');
  await instance.throughline.start();
  const { response } = await client('restarted', '1')
    .chat.completions.create({ model: 'gpt-4o-mini', messages: MESSAGES })
    .withResponse();
  expect(response.headers.get('helicone-cache')).toBe('HIT');
  await instance.storedSession('restarted', 1);
  const { stdout } = await runThroughline(['audit', '--json'], {
    THROUGHLINE_DATA_DIR: instance.throughline.dataDir,
  });
  expect(JSON.parse(stdout)).toMatchObject({ clean: true, settled: true });
});
