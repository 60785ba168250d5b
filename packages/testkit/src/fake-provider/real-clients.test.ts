import AnthropicNow from '@anthropic-ai/sdk';
import AnthropicZero from '@anthropic-ai/sdk-0';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { waitFor } from '../wait-for.ts';
import { receivedHeader } from './exchange.ts';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import { scriptHeader } from './script.ts';

// The clients themselves say whether what the fake provider sends is what they expect from a real one.

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
});
afterAll(() => provider.close());

const messages = [{ role: 'user' as const, content: 'Search for slow retrieval steps.' }];
const parameters = {
  type: 'object' as const,
  properties: { query: { type: 'string' }, limit: { type: 'integer' } },
  required: ['query', 'limit'],
};

describe('openai', () => {
  let openai: OpenAI;
  beforeAll(() => {
    openai = new OpenAI({ baseURL: `${provider.origin}/v1`, apiKey: 'sk-test', maxRetries: 2 });
  });

  test('reads a chat completion', async () => {
    const answer = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
    expect(answer.choices[0]?.message.content).toBeTruthy();
    expect(answer.usage?.total_tokens).toBe(answer.usage!.prompt_tokens + answer.usage!.completion_tokens);
    expect(receivedHeader(provider.last(), 'authorization')).toBe('Bearer sk-test');
  });

  test('streams a chat completion to its usage', async () => {
    const stream = await openai.chat.completions.create({
      model: 'gpt-4o-mini',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let total = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      total = chunk.usage?.total_tokens ?? total;
    }
    expect(text).toBeTruthy();
    expect(total).toBeGreaterThan(0);
  });

  test('runs a tool and sends its result back, streamed by its helper', async () => {
    const asked: unknown[] = [];
    const runner = openai.chat.completions.runTools({
      model: 'gpt-4o-mini',
      messages,
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'search',
            description: 'Searches steps.',
            parameters,
            parse: JSON.parse,
            function: (input: { query: string; limit: number }) => {
              asked.push(input);
              return 'three steps';
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBeTruthy();
    expect(asked).toEqual([{ query: expect.any(String), limit: expect.any(Number) }]);
  });

  test('reads a response and its stream of named events', async () => {
    const answer = await openai.responses.create({ model: 'gpt-4.1', input: 'Name three chapters.' });
    expect(answer.output_text).toBeTruthy();
    const streamed = openai.responses.stream({ model: 'gpt-4.1', input: 'Name three chapters.' });
    const types: string[] = [];
    for await (const event of streamed) types.push(event.type);
    expect(types.at(-1)).toBe('response.completed');
    const final = await streamed.finalResponse();
    expect(final.output_text).toBeTruthy();
    expect(final.usage?.output_tokens).toBeGreaterThan(0);
  });

  test('gets a function call from a response', async () => {
    const answer = await openai.responses.create({
      model: 'gpt-4.1',
      input: 'Search.',
      tools: [{ type: 'function', name: 'search', parameters, strict: false }],
    });
    expect(answer.output[0]).toMatchObject({ type: 'function_call', name: 'search', status: 'completed' });
  });

  test('reads completions, embeddings and models', async () => {
    const completion = await openai.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Once' });
    expect(completion.choices[0]?.text).toBeTruthy();
    const embeddings = await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'] });
    expect(embeddings.data.map(({ embedding }) => embedding.length)).toEqual([16, 16]);
    expect(embeddings.usage.total_tokens).toBe(embeddings.usage.prompt_tokens);
    expect((await openai.models.list()).data.length).toBeGreaterThan(0);
    expect((await openai.models.retrieve('gpt-4.1')).id).toBe('gpt-4.1');
  });

  test('retries after 429 and 500, and reports what it cannot retry', async () => {
    provider.enqueue({ status: 429, retryAfter: 0.01 }, { status: 500 }, {});
    const answer = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
    expect(answer.object).toBe('chat.completion');
    await expect(
      openai.chat.completions.create({ model: 'x', messages }, { headers: scriptHeader({ status: 401 }) }),
    ).rejects.toThrow(OpenAI.AuthenticationError);
  });

  test('reads compressed answers and streams in odd pieces', async () => {
    const headers = scriptHeader({ encoding: 'gzip', split: 'random', lineEnd: 'crlf' });
    const stream = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages, stream: true }, { headers });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBeTruthy();
  });

  test('throws on an error event inside a stream', async () => {
    const headers = scriptHeader({ fault: { kind: 'error-event', after: { writes: 3 } } });
    const stream = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages, stream: true }, { headers });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow('had an error');
  });

  test('is seen leaving when it aborts a stream', async () => {
    const headers = scriptHeader({ fault: { kind: 'stall', after: { writes: 2 } } });
    const stream = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages, stream: true }, { headers });
    for await (const _ of stream) stream.controller.abort();
    await waitFor(() => provider.last().outcome === 'client-gone');
  });
});

describe.each([
  ['1', AnthropicNow, 'authorization', 'Bearer sk-ant-test'],
  ['0', AnthropicZero as unknown as typeof AnthropicNow, 'x-api-key', 'sk-ant-test'],
] as const)('@anthropic-ai/sdk %s.x', (_, Anthropic, keyHeader, keyValue) => {
  let anthropic: AnthropicNow;
  beforeAll(() => {
    anthropic = new Anthropic({ baseURL: provider.origin, apiKey: 'sk-ant-test', maxRetries: 1 });
  });
  const ask = { model: 'claude-haiku-4-5', max_tokens: 200, messages };

  test('reads a message and sends its key its way', async () => {
    const answer = await anthropic.messages.create(ask);
    expect(answer.content[0]).toMatchObject({ type: 'text', text: expect.any(String) });
    expect(answer.usage.output_tokens).toBeGreaterThan(0);
    expect(receivedHeader(provider.last(), keyHeader)).toBe(keyValue);
  });

  test('streams a message with pings to its final usage', async () => {
    const stream = anthropic.messages.stream(ask);
    const final = await stream.finalMessage();
    expect(final.stop_reason).toBe('end_turn');
    expect(final.content[0]).toMatchObject({ type: 'text', text: await stream.finalText() });
    expect(final.usage.output_tokens).toBe(provider.last().usage?.completion_tokens);
    expect(provider.last().usage?.model).toBe('claude-haiku-4-5-20251001');
  });

  test('gets a tool use, streamed and not, and a plain answer to its result', async () => {
    const tools = [{ name: 'search', input_schema: parameters }];
    const plain = await anthropic.messages.create({ ...ask, tools });
    expect(plain.stop_reason).toBe('tool_use');
    const final = await anthropic.messages.stream({ ...ask, tools }).finalMessage();
    const use = final.content.find((block) => block.type === 'tool_use');
    expect(use?.input).toEqual({ query: expect.any(String), limit: expect.any(Number) });
    const answer = await anthropic.messages.create({
      ...ask,
      tools,
      messages: [
        ...messages,
        { role: 'assistant', content: final.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: use!.id, content: 'three steps' }] },
      ],
    });
    expect(answer.stop_reason).toBe('end_turn');
  });

  test('is told of cache writes where the prompt asks for them', async () => {
    const answer = await anthropic.messages.create({
      ...ask,
      system: [{ type: 'text', text: 'A long handbook.', cache_control: { type: 'ephemeral' } }],
    });
    expect(answer.usage.cache_creation_input_tokens).toBe(provider.last().usage?.prompt_cache_write_tokens);
    expect(answer.usage.cache_creation_input_tokens).toBeGreaterThan(0);
  });

  test('throws on an error event inside a stream', async () => {
    const headers = scriptHeader({ fault: { kind: 'error-event', after: { writes: 4 } } });
    await expect(anthropic.messages.stream(ask, { headers }).finalMessage()).rejects.toThrow('overloaded_error');
  });
});
