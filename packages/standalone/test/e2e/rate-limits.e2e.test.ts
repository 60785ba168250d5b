import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import OpenAI from 'openai';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance.stop(), SETUP_MS_MAX);

function ask(session: string, policy: string) {
  const openai = new OpenAI({
    apiKey: 'sk-provider-key',
    baseURL: instance.openaiUrl,
    // Its own retries would be calls of their own.
    maxRetries: 0,
    defaultHeaders: { ...instance.session(session), 'Helicone-RateLimit-Policy': policy },
  });
  return openai.chat.completions
    .create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'How much is left?' }] })
    .withResponse();
}

const REFUSED = 'Helicone-Rate-Limit-Status';

test('a client’s SDK reads a refusal as one, which is a request of its session and found by its property', async () => {
  const policy = '2;w=3600';
  const allowed = [await ask('limited', policy), await ask('limited', policy)];
  expect(allowed.map(({ response }) => response.headers.get('helicone-ratelimit-remaining'))).toEqual(['1', '0']);
  const refusal = await ask('limited', policy).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(OpenAI.RateLimitError);
  const { status, headers } = refusal as InstanceType<typeof OpenAI.RateLimitError>;
  expect([status, headers.get('x-helicone-error')]).toEqual([429, 'rate_limited']);

  const requests = await instance.storedSession('limited', 3);
  const id = headers.get('helicone-id')!;
  const stored = requests.find(({ request_id }) => request_id === id)!;
  expect(stored).toMatchObject({ cost: 0, properties: { [REFUSED]: 'bucket_rate_limited' } });
  await waitFor(async () => (await instance.api.session('limited'))?.total_requests === 3, { what: 'three requests' });
  expect(await instance.api.session('limited')).toMatchObject({ error_count: 1, cost_complete: true });
  const { body } = await instance.api.call<{ data: { request_id: string }[] }>('POST', '/v1/request/query-clickhouse', {
    filter: { request_response_rmt: { properties: { [REFUSED]: { equals: 'bucket_rate_limited' } } } },
    limit: 100,
  });
  expect(body.data.map(({ request_id }) => request_id)).toEqual([id]);
});

test('cents are spent as they are stored, and stay spent when the process starts again', async () => {
  const policy = '1;w=3600;u=cents;s=user';
  const left = async () => Number((await ask('spent', policy)).response.headers.get('helicone-ratelimit-remaining'));
  const told = [await left(), await left()];
  await instance.throughline.kill('SIGTERM');
  await instance.throughline.start();
  told.push(await left());
  const costs = (await instance.storedSession('spent', 3)).map(({ cost }) => cost!);
  for (const cost of costs) expect(cost).toBeGreaterThan(0);
  // Of the calls before it.
  for (const [n, cents] of told.entries()) {
    expect(cents).toBeCloseTo(1 - costs.slice(0, n).reduce((sum, cost) => sum + cost * 100, 0), 9);
  }
});
