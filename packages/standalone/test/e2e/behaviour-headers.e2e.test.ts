import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import OpenAI from 'openai';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance.stop(), SETUP_MS_MAX);

interface ToldRequest {
  readonly request_body: unknown;
  readonly response_body: unknown;
  readonly response_status: number;
  readonly prompt_tokens: number;
  readonly cost: number;
  readonly error: { readonly type: string } | null;
  readonly attempts: readonly object[];
}

const client = (headers: Record<string, string>) =>
  // Its own retries would be calls of their own.
  new OpenAI({
    apiKey: 'sk-provider-key',
    baseURL: instance.openaiUrl,
    maxRetries: 0,
    defaultHeaders: headers,
  });
const asking = (content: string) => ({ model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content }] });

async function told(id: string): Promise<ToldRequest> {
  const { body } = await instance.api.call<{ data: ToldRequest }>('GET', `/v1/request/${id}?includeBody=true`);
  return body.data;
}

test('a call that its provider answers at the third time is one request of its session, with three attempts', async () => {
  for (const status of [429, 503]) instance.provider.enqueue({ status });
  const openai = client({
    ...instance.session('retried'),
    'Helicone-Retry-Enabled': 'true',
    'Helicone-Retry-Min-Timeout': '1',
  });
  const { data, response } = await openai.chat.completions.create(asking('Try')).withResponse();
  expect(data.choices[0]!.message.content).not.toBe('');
  const id = response.headers.get('helicone-id')!;

  const session = await waitFor(() => instance.api.session('retried'), { what: 'the session' });
  expect(session).toMatchObject({ total_requests: 1, error_count: 0, success_rate: 1 });
  expect(session.total_cost).toBeGreaterThan(0);
  const { cost, attempts } = await told(id);
  expect(cost).toBeCloseTo(session.total_cost, 12);
  const attempt = { target: expect.stringContaining('/chat/completions'), latency_ms: expect.any(Number) };
  expect(attempts).toEqual([429, 503, 200].map((status) => ({ ...attempt, status })));
});

test('a threat is an error with its code to a client, and found by a filter', async () => {
  const openai = client({ ...instance.session('threat'), 'Helicone-LLM-Security-Enabled': 'true' });
  expect((await openai.chat.completions.create(asking('Something nice'))).choices).toHaveLength(1);
  const refused = await openai.chat.completions.create(asking('Something harmful')).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
  expect(refused).toMatchObject({ status: 400, code: 'PROMPT_THREAT_DETECTED' });

  await waitFor(async () => (await instance.api.session('threat'))?.total_requests === 2, { what: 'both calls' });
  const { body } = await instance.api.call<{ data: ToldRequest[] }>('POST', '/v1/request/query-clickhouse', {
    filter: { request_response_rmt: { threat: { equals: true } } },
  });
  expect(body.data).toMatchObject([{ response_status: -4, cost: 0, error: { type: 'PROMPT_THREAT_DETECTED' } }]);
});

test('bodies that are not to be stored are not, and are told so', async () => {
  const openai = client({
    ...instance.session('omitted'),
    'Helicone-Omit-Request': 'true',
    'Helicone-Omit-Response': 'true',
  });
  const { data, response } = await openai.chat.completions.create(asking('Between us')).withResponse();
  const session = await waitFor(() => instance.api.session('omitted'), { what: 'the session' });
  expect(session).toMatchObject({ total_requests: 1, total_tokens: data.usage!.total_tokens });
  const left = { helicone_message: 'this body was not stored, as its caller wished' };
  const request = await told(response.headers.get('helicone-id')!);
  expect(request).toMatchObject({ request_body: left, response_body: left });
  expect(request.cost).toBeCloseTo(session.total_cost, 12);
});
