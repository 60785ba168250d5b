import { randomUUID } from 'node:crypto';
import AnthropicNow from '@anthropic-ai/sdk';
import AnthropicZero from '@anthropic-ai/sdk-0';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { receivedHeader, sentBody } from '@throughline/testkit/fake-provider/exchange';
import { scriptHeader } from '@throughline/testkit/fake-provider/script';
import { createByteFetch } from './support/byte-fetch.ts';
import { type Instance, leaksOf, SETUP_MS_MAX, startInstance } from './support/instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

const ask = {
  model: 'claude-haiku-4-5',
  max_tokens: 200,
  messages: [{ role: 'user' as const, content: 'Outline a chapter.' }],
};
const tools = [
  {
    name: 'search',
    input_schema: { type: 'object' as const, properties: { query: { type: 'string' } }, required: ['query'] },
  },
];

// Version 1 sends its key as a bearer token, version 0 as x-api-key; both are provider keys, never ours.
describe.each([
  ['1', AnthropicNow, 'authorization', 'Bearer sk-ant-provider'],
  ['0', AnthropicZero as unknown as typeof AnthropicNow, 'x-api-key', 'sk-ant-provider'],
] as const)('@anthropic-ai/sdk %s.x', (_, Anthropic, keyHeader, keyValue) => {
  function client(path: string) {
    const sessionId = `anthropic-${randomUUID()}`;
    const fetched = createByteFetch();
    const anthropic = new Anthropic({
      baseURL: instance.anthropicUrl,
      apiKey: 'sk-ant-provider',
      maxRetries: 0,
      fetch: fetched.fetch,
      defaultHeaders: instance.session(sessionId, path),
    });
    return { anthropic, sessionId, fetched };
  }

  test('a message arrives as sent and is stored with usage and cost', async () => {
    const { anthropic, sessionId, fetched } = client('/outline');
    const answer = await anthropic.messages.create(ask);
    const exchange = instance.provider.last();
    expect(await fetched.last().bytes).toEqual(sentBody(exchange));
    expect(receivedHeader(exchange, keyHeader)).toBe(keyValue);
    const [stored] = await instance.storedSession(sessionId, 1);
    expect(stored).toMatchObject({
      provider: 'ANTHROPIC',
      session_path: '/outline',
      prompt_tokens: answer.usage.input_tokens,
      completion_tokens: answer.usage.output_tokens,
      usage_complete: true,
    });
    // USD per million tokens of claude-haiku-4-5: 1 in, 5 out.
    expect(stored?.cost).toBeCloseTo((answer.usage.input_tokens + 5 * answer.usage.output_tokens) / 1e6, 12);
  });

  test('a stream with pings and a tool use arrives as sent', async () => {
    const { anthropic, sessionId, fetched } = client('/agent');
    const headers = scriptHeader({ split: 'random', lineEnd: 'lf' });
    const final = await anthropic.messages.stream({ ...ask, tools }, { headers }).finalMessage();
    expect(final.stop_reason).toBe('tool_use');
    const sent = sentBody(instance.provider.last());
    expect(sent.includes('event: ping')).toBe(true);
    expect(await fetched.last().bytes).toEqual(sent);
    const [stored] = await instance.storedSession(sessionId, 1);
    expect(stored).toMatchObject({ completion_tokens: final.usage.output_tokens, usage_complete: true });
  });

  test('cache writes are counted apart', async () => {
    const { anthropic, sessionId } = client('/cached');
    const answer = await anthropic.messages.create({
      ...ask,
      system: [{ type: 'text', text: 'A long handbook.', cache_control: { type: 'ephemeral' } }],
    });
    const [stored] = await instance.storedSession(sessionId, 1);
    expect(stored?.prompt_cache_write_tokens).toBe(answer.usage.cache_creation_input_tokens);
    expect(stored?.prompt_tokens).toBe(answer.usage.input_tokens);
  });

  test('an overloaded provider is an error to the client and in the session', async () => {
    const { anthropic, sessionId } = client('/fails');
    await expect(anthropic.messages.create(ask, { headers: scriptHeader({ status: 529 }) })).rejects.toThrow(
      'Overloaded',
    );
    const headers = scriptHeader({ fault: { kind: 'error-event', after: { writes: 4 } } });
    await expect(anthropic.messages.stream(ask, { headers }).finalMessage()).rejects.toThrow('overloaded_error');
    const stored = await instance.storedSession(sessionId, 2);
    expect(stored.map(({ error }) => error?.type)).toEqual(['overloaded_error', 'overloaded_error']);
    expect(await instance.api.session(sessionId)).toMatchObject({ error_count: 2 });
  });
});

test('no header of ours and no key of ours reached the provider', () => {
  const { provider, throughline } = instance;
  expect(provider.exchanges.length).toBeGreaterThan(8);
  expect(provider.exchanges.flatMap((exchange) => leaksOf(exchange, throughline.key))).toEqual([]);
});
