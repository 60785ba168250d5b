import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countTokens } from '@throughline/providers/estimate/count-tokens';
import { receivedHeader, sentBody } from '@throughline/testkit/fake-provider/exchange';
import { scriptHeader } from '@throughline/testkit/fake-provider/script';
import { waitFor } from '@throughline/testkit/wait-for';
import OpenAI from 'openai';
import { createByteFetch } from './support/byte-fetch.ts';
import { type Instance, leaksOf, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

const messages = [{ role: 'user' as const, content: 'Which step was slow?' }];
const parameters = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] };

/** A client in a session of its own, as an application would make it. */
function client(path = '/plan', headers: Record<string, string> = {}) {
  const sessionId = `openai-${randomUUID()}`;
  const fetched = createByteFetch();
  const openai = new OpenAI({
    baseURL: instance.openaiUrl,
    apiKey: 'sk-provider-key',
    fetch: fetched.fetch,
    defaultHeaders: { ...instance.session(sessionId, path), ...headers },
  });
  return { openai, sessionId, fetched };
}

test('a chat completion arrives as sent and is stored with its session, usage and cost', async () => {
  const { openai, sessionId, fetched } = client('/plan/search', { 'Helicone-User-Id': 'ada' });
  const answer = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
  expect(answer.choices[0]?.message.content).toBeTruthy();
  const exchange = instance.provider.last();
  expect(await fetched.last().bytes).toEqual(sentBody(exchange));
  expect(receivedHeader(exchange, 'authorization')).toBe('Bearer sk-provider-key');

  const requestId = fetched.last().headers.get('helicone-id')!;
  const stored = await waitFor(
    async () => {
      const request = await instance.api.request(requestId);
      return request !== undefined && request.response_body !== null && request;
    },
    { what: 'the request with its bodies' },
  );
  expect(stored).toMatchObject({
    request_id: requestId,
    session_id: sessionId,
    session_name: 'End to end',
    session_path: '/plan/search',
    request_user_id: 'ada',
    response_status: 200,
    provider: 'OPENAI',
    prompt_tokens: exchange.usage!.prompt_tokens,
    completion_tokens: exchange.usage!.completion_tokens,
    usage_complete: true,
    response_body: JSON.parse(sentBody(exchange).toString()),
  });
  expect(stored.request_body).toMatchObject({ model: 'gpt-4o-mini', messages });
  const { prompt_tokens: prompt, completion_tokens: completion } = exchange.usage!;
  // USD per million tokens of gpt-4o-mini: 0.15 in, 0.60 out.
  expect(stored.cost).toBeCloseTo((prompt! * 0.15 + completion! * 0.6) / 1e6, 12);
});

test('a streamed chat completion arrives as sent, with the usage that was asked for', async () => {
  const { openai, sessionId, fetched } = client();
  const stream = await openai.chat.completions.create(
    { model: 'gpt-4o-mini', messages, stream: true, stream_options: { include_usage: true } },
    { headers: scriptHeader({ split: 'random', paceMs: 1, words: 30 }) },
  );
  let total = 0;
  for await (const chunk of stream) total = chunk.usage?.total_tokens ?? total;
  const exchange = instance.provider.last();
  expect(await fetched.last().bytes).toEqual(sentBody(exchange));
  expect(total).toBeGreaterThan(0);
  const [stored] = await instance.storedSession(sessionId, 1);
  expect(stored).toMatchObject({ completion_tokens: exchange.usage!.completion_tokens, usage_complete: true });
});

/** "Which step was slow?" and what chat models put around it. */
const PROMPT_TOKENS = 5 + 7;

test('a stream that was not asked for its usage has its tokens counted, and says that they are estimated', async () => {
  const { openai, sessionId } = client();
  const stream = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages, stream: true });
  let text = '';
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  const [stored] = await instance.storedSession(sessionId, 1);
  const completion = await countTokens('o200k_base', [text]);
  expect(stored).toMatchObject({
    response_status: 200,
    usage_complete: false,
    prompt_tokens: PROMPT_TOKENS,
    completion_tokens: completion,
    cost_source: 'estimated',
    price_version: expect.stringContaining('+estimated-by:'),
  });
  expect(stored!.cost).toBeCloseTo((PROMPT_TOKENS * 0.15 + completion * 0.6) / 1e6, 12);
  expect(await instance.api.session(sessionId)).toMatchObject({
    total_requests: 1,
    total_tokens: PROMPT_TOKENS + completion,
    total_cost: stored!.cost,
  });
});

test('a tool loop becomes one session of two steps', async () => {
  const { openai, sessionId } = client('/agent');
  const runner = openai.chat.completions.runTools({
    model: 'gpt-4o-mini',
    messages,
    stream: true,
    tools: [
      {
        type: 'function',
        function: { name: 'search', description: 'Searches.', parameters, parse: JSON.parse, function: () => 'found' },
      },
    ],
  });
  expect(await runner.finalContent()).toBeTruthy();
  const stored = await instance.storedSession(sessionId, 2);
  expect(stored.map(({ session_path }) => session_path)).toEqual(['/agent', '/agent']);
});

test('responses arrive as sent, plain and as named events', async () => {
  const { openai, sessionId, fetched } = client();
  const plain = await openai.responses.create({ model: 'gpt-4.1', input: 'Name a chapter.' });
  expect(plain.output_text).toBeTruthy();
  expect(await fetched.last().bytes).toEqual(sentBody(instance.provider.last()));
  const events = openai.responses.stream({ model: 'gpt-4.1', input: 'Name a chapter.' });
  const final = await events.finalResponse();
  expect(await fetched.last().bytes).toEqual(sentBody(instance.provider.last()));
  const stored = await instance.storedSession(sessionId, 2);
  expect(stored.every(({ usage_complete }) => usage_complete)).toBe(true);
  expect(stored[1]?.completion_tokens).toBe(final.usage?.output_tokens);
});

test('embeddings and the list of models pass and are stored', async () => {
  const { openai, sessionId } = client();
  const embeddings = await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'] });
  expect(embeddings.data).toHaveLength(2);
  expect((await openai.models.list()).data.length).toBeGreaterThan(0);
  const stored = await instance.storedSession(sessionId, 2);
  expect(stored.map(({ response_status }) => response_status)).toEqual([200, 200]);
  expect(stored[0]).toMatchObject({ prompt_tokens: embeddings.usage.prompt_tokens });
});

test('a client that aborts a stream ends the call at the provider and is stored as cancelled', async () => {
  const { openai, sessionId } = client();
  const stream = await openai.chat.completions.create(
    { model: 'gpt-4o-mini', messages, stream: true },
    { headers: scriptHeader({ fault: { kind: 'stall', after: { writes: 3 } } }) },
  );
  for await (const _ of stream) {
    stream.controller.abort();
    break;
  }
  await waitFor(() => instance.provider.last().outcome === 'client-gone', { what: 'the end at the provider' });
  const [stored] = await instance.storedSession(sessionId, 1);
  // What was seen of it was paid for.
  expect(stored).toMatchObject({
    response_status: -3,
    usage_complete: false,
    error: { type: 'cancelled' },
    prompt_tokens: PROMPT_TOKENS,
    cost_source: 'estimated',
  });
  expect(stored!.completion_tokens).toBeGreaterThan(0);
  expect(stored!.cost).toBeGreaterThan(0);
});

test('every try of a client that retries is a request of its own', async () => {
  const { openai, sessionId } = client();
  instance.provider.enqueue({ status: 429, retryAfter: 0.01 }, { status: 500 }, {});
  const answer = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages }, { maxRetries: 2 });
  expect(answer.object).toBe('chat.completion');
  const stored = await instance.storedSession(sessionId, 3);
  expect(stored.map(({ response_status }) => response_status)).toEqual([429, 500, 200]);
  expect(await instance.api.session(sessionId)).toMatchObject({ error_count: 2, cost_complete: true });
});

test('an error inside a stream reaches the client and makes the request an error', async () => {
  const { openai, sessionId } = client();
  const stream = await openai.chat.completions.create(
    { model: 'gpt-4o-mini', messages, stream: true },
    { headers: scriptHeader({ fault: { kind: 'error-event', after: { writes: 3 } } }) },
  );
  const read = async () => {
    for await (const _ of stream);
  };
  await expect(read()).rejects.toThrow('had an error');
  const [stored] = await instance.storedSession(sessionId, 1);
  expect(stored).toMatchObject({ response_status: 200, error: { type: 'server_error' } });
});

test('a provider that fails in mid-stream reaches the client as a broken stream and is stored as an error', async () => {
  const { openai, sessionId } = client();
  const stream = await openai.chat.completions.create(
    { model: 'gpt-4o-mini', messages, stream: true },
    { headers: scriptHeader({ fault: { kind: 'reset', after: { writes: 3 } } }), maxRetries: 0 },
  );
  const read = async () => {
    for await (const _ of stream);
  };
  await expect(read()).rejects.toThrow();
  const [stored] = await instance.storedSession(sessionId, 1);
  expect(stored?.error).not.toBeNull();
  expect(stored?.usage_complete).toBe(false);
});

test('no header of ours and no key of ours reached the provider', () => {
  const { provider, throughline } = instance;
  expect(provider.exchanges.length).toBeGreaterThan(10);
  expect(provider.exchanges.flatMap((exchange) => leaksOf(exchange, throughline.key))).toEqual([]);
});
