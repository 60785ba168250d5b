import { describe, expect, test } from '@jest/globals';
import { CHAT_BODY, CHAT_STREAM, dataEvents, STREAMED } from '../fixtures/captured-call.ts';
import { body, read } from '../fixtures/read.ts';
import { NO_TOKENS } from '../reported-usage.ts';

describe('OpenAI chat completions', () => {
  test('splits usage into kinds that do not overlap, and prices them', () => {
    const reading = read();
    expect(reading).toMatchObject({
      stepKind: 'llm',
      model: 'gpt-4o-2024-08-06',
      requestModel: 'gpt-4o',
      responseModel: 'gpt-4o-2024-08-06',
      streamed: false,
      usageComplete: true,
      finishReason: 'stop',
      error: null,
      costSource: 'table',
    });
    expect(reading.tokens).toEqual({
      prompt_tokens: 700,
      completion_tokens: 100,
      reasoning_tokens: 60,
      prompt_cache_read_tokens: 256,
      prompt_cache_write_tokens: 0,
      prompt_cache_write_1h_tokens: 0,
      prompt_audio_tokens: 44,
      completion_audio_tokens: 40,
    });
    // 744 × 2.50 + 256 × 1.25 + 200 × 10 USD per million; gpt-4o has no audio price of its own.
    expect(reading.costPico).toBe(744n * 2_500_000n + 256n * 1_250_000n + 200n * 10_000_000n);
  });

  test('reads a stream: usage of the last event, finish reason, and its end', () => {
    expect(read({ responseText: CHAT_STREAM, ...STREAMED })).toMatchObject({
      streamed: true,
      model: 'gpt-4o-2024-08-06',
      finishReason: 'stop',
      usageComplete: true,
      tokens: { prompt_tokens: 12, completion_tokens: 34 },
      costPico: 12n * 2_500_000n + 34n * 10_000_000n,
    });
  });

  test('has no usage and no cost for a stream that was not asked to include usage', () => {
    const responseText = dataEvents(
      { model: 'gpt-4o', choices: [{ delta: { content: 'Hi' }, finish_reason: null }] },
      { model: 'gpt-4o', choices: [{ delta: {}, finish_reason: 'stop' }] },
      '[DONE]',
    );
    expect(read({ responseText, ...STREAMED })).toMatchObject({
      tokens: NO_TOKENS,
      usageComplete: false,
      costPico: null,
      costSource: 'none',
      finishReason: 'stop',
    });
  });

  test('takes the last of cumulative usages, complete only as of the finish reason', () => {
    const at = (completion: number, finish: string | null) => ({
      model: 'gpt-4o',
      choices: [{ delta: {}, finish_reason: finish }],
      usage: { prompt_tokens: 5, completion_tokens: completion },
    });
    const cut = read({ responseText: dataEvents(at(1, null), at(2, null)), ...STREAMED });
    expect(cut).toMatchObject({ tokens: { completion_tokens: 2 }, usageComplete: false });
    const whole = read({ responseText: dataEvents(at(1, null), at(2, null), at(3, 'length')), ...STREAMED });
    expect(whole).toMatchObject({ tokens: { completion_tokens: 3 }, usageComplete: true, finishReason: 'length' });
  });

  test('skips the empty names of a first chunk and reads usage and errors that come wrapped', () => {
    const responseText = dataEvents(
      { id: '', model: '', choices: [], prompt_filter_results: [] },
      { model: 'llama-3.3-70b-versatile', choices: [{ delta: { content: 'a' }, finish_reason: null }] },
      {
        model: 'llama-3.3-70b-versatile',
        choices: [{ delta: {}, finish_reason: 'stop' }],
        x_groq: { usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } },
      },
      '[DONE]',
    );
    const groq = { provider: 'GROQ', path: '/openai/v1/chat/completions', ...STREAMED };
    expect(read({ ...groq, responseText })).toMatchObject({
      model: 'llama-3.3-70b-versatile',
      tokens: { prompt_tokens: 3, completion_tokens: 4 },
      costPico: 3n * 590_000n + 4n * 790_000n,
    });
    const failed = dataEvents({ x_groq: { error: { type: 'overloaded', message: 'later' } } });
    expect(read({ ...groq, responseText: failed }).error).toEqual({ type: 'overloaded', message: 'later' });
  });

  test('finds an error in the middle of a stream, after which nothing is known of the cost', () => {
    const responseText = dataEvents(
      { model: 'gpt-4o', choices: [{ delta: { content: 'Th' }, finish_reason: null }] },
      { error: { message: 'The server had an error', type: 'server_error', code: null } },
    );
    expect(read({ responseText, ...STREAMED })).toMatchObject({
      error: { type: 'server_error', message: 'The server had an error' },
      usageComplete: false,
      costPico: null,
    });
  });

  test('reads legacy completions and embeddings', () => {
    expect(
      read({
        path: '/v1/completions',
        ...body({
          model: 'gpt-3.5-turbo-instruct',
          choices: [{ text: 'x', finish_reason: 'length' }],
          usage: { prompt_tokens: 2, completion_tokens: 3 },
        }),
      }),
    ).toMatchObject({
      finishReason: 'length',
      tokens: { prompt_tokens: 2, completion_tokens: 3 },
      usageComplete: true,
    });
    expect(
      read({
        path: '/v1/embeddings',
        ...body({
          object: 'list',
          model: 'text-embedding-3-small',
          data: [{ embedding: [0.5] }],
          usage: { prompt_tokens: 50, total_tokens: 50 },
        }),
      }),
    ).toMatchObject({
      tokens: { prompt_tokens: 50, completion_tokens: 0 },
      usageComplete: true,
      costPico: 50n * 20_000n,
    });
  });

  test.each([
    ['DeepSeek', { prompt_tokens: 10, completion_tokens: 1, prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 6 }],
    ['Mistral', { prompt_tokens: 10, completion_tokens: 1, num_cached_tokens: 4 }],
    ['Together', { prompt_tokens: 10, completion_tokens: 1, cached_tokens: 4 }],
    ['OpenAI', { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 4 } }],
  ])('knows where %s counts cached tokens', (_host, usage) => {
    expect(read(body({ ...CHAT_BODY, usage })).tokens).toMatchObject({
      prompt_tokens: 6,
      prompt_cache_read_tokens: 4,
    });
  });

  test('adds reasoning that a host counts beside the completion, as its total shows', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 35 };
    const details = { completion_tokens_details: { reasoning_tokens: 20 } };
    expect(read(body({ ...CHAT_BODY, usage: { ...usage, ...details } }))).toMatchObject({
      tokens: { completion_tokens: 5, reasoning_tokens: 20 },
      usageComplete: true,
      costPico: 10n * 2_500_000n + 25n * 10_000_000n,
    });
  });

  test('keeps but neither trusts nor prices parts that exceed their total', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 11 } };
    expect(read(body({ ...CHAT_BODY, usage }))).toMatchObject({
      tokens: { prompt_tokens: 10, prompt_cache_read_tokens: 11 },
      usageComplete: false,
      costPico: null,
      costSource: 'none',
    });
  });

  test.each([-1, 1.5, '12', 1e300, true, [3], {}])('takes %p for no count', (count) => {
    const reading = read(body({ ...CHAT_BODY, usage: { prompt_tokens: count, completion_tokens: 5 } }));
    expect(reading).toMatchObject({ tokens: { prompt_tokens: null }, usageComplete: false, costPico: null });
  });
});
