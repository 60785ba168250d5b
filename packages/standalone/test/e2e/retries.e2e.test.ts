import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import OpenAI from 'openai';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance.stop(), SETUP_MS_MAX);

test('a call that its provider answers at the third time is one request of its session, with three attempts', async () => {
  for (const status of [429, 503]) instance.provider.enqueue({ status });
  const openai = new OpenAI({
    apiKey: 'sk-provider-key',
    baseURL: instance.openaiUrl,
    // Its own retries would be calls of their own.
    maxRetries: 0,
    defaultHeaders: {
      ...instance.session('retried'),
      'Helicone-Retry-Enabled': 'true',
      'Helicone-Retry-Min-Timeout': '1',
    },
  });
  const { data, response } = await openai.chat.completions
    .create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Try' }] })
    .withResponse();
  expect(data.choices[0]!.message.content).not.toBe('');
  const id = response.headers.get('helicone-id')!;

  const session = await waitFor(() => instance.api.session('retried'), { what: 'the session' });
  expect(session).toMatchObject({ total_requests: 1, error_count: 0, success_rate: 1 });
  expect(session.total_cost).toBeGreaterThan(0);
  const request = await instance.api.call<{ data: { cost: number; attempts: object[] } }>('GET', `/v1/request/${id}`);
  expect(request.body.data.cost).toBeCloseTo(session.total_cost, 12);
  const attempt = { target: expect.stringContaining('/chat/completions'), latency_ms: expect.any(Number) };
  expect(request.body.data.attempts).toEqual([429, 503, 200].map((status) => ({ ...attempt, status })));
});
