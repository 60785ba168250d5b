import { describe, expect, test } from '@jest/globals';
import { MESSAGES_BODY, MESSAGES_STREAM, namedEvents, STREAMED, TO_ANTHROPIC } from '../fixtures/captured-call.ts';
import { body, read } from '../fixtures/read.ts';

describe('Anthropic messages', () => {
  // 100 × 3 + 2000 × 0.30 + 400 × 3.75 + 300 × 6 + 80 × 15 USD per million.
  const costPico = 100n * 3_000_000n + 2000n * 300_000n + 400n * 3_750_000n + 300n * 6_000_000n + 80n * 15_000_000n;

  test('reads a body: input without the cache, cache writes by their lifetime, thinking', () => {
    expect(read({ ...TO_ANTHROPIC, ...body(MESSAGES_BODY) })).toMatchObject({
      model: 'claude-sonnet-4-5-20250929',
      finishReason: 'end_turn',
      tokens: {
        prompt_tokens: 100,
        prompt_cache_read_tokens: 2000,
        prompt_cache_write_tokens: 700,
        prompt_cache_write_1h_tokens: 300,
        completion_tokens: 50,
        reasoning_tokens: 30,
      },
      usageComplete: true,
      costPico,
    });
  });

  test('reads the same from the stream, laying each usage over the one before key by key', () => {
    const expected = { ...read({ ...TO_ANTHROPIC, ...body(MESSAGES_BODY) }), streamed: true };
    const unnamed = MESSAGES_STREAM.replaceAll(/^event: .*\n/gm, '');
    for (const responseText of [MESSAGES_STREAM, unnamed]) {
      expect(read({ ...TO_ANTHROPIC, ...STREAMED, responseText })).toEqual(expected);
    }
  });

  test('is recognised by its look at any host, under any path', () => {
    const elsewhere = { ...TO_ANTHROPIC, path: '/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict' };
    const expected = read({ ...TO_ANTHROPIC, ...body(MESSAGES_BODY) });
    expect(read({ ...elsewhere, ...body(MESSAGES_BODY) })).toEqual(expected);
    expect(read({ ...elsewhere, ...STREAMED, responseText: MESSAGES_STREAM })).toEqual({ ...expected, streamed: true });
  });

  test('costs at Bedrock what the model in the path costs there', () => {
    const usage = { input_tokens: 100, output_tokens: 80 };
    const bedrock = { provider: 'AWS', requestText: '{}', ...body({ ...MESSAGES_BODY, usage }) };
    const at = (id: string) => read({ ...bedrock, path: `/model/${id}/invoke` });
    const regional = at('us.anthropic.claude-sonnet-4-5-20250929-v1%3A0');
    const global = at('global.anthropic.claude-sonnet-4-5-20250929-v1%3A0');
    expect(global.costPico).toBe(100n * 3_000_000n + 80n * 15_000_000n);
    expect(regional.costPico).toBe(100n * 3_300_000n + 80n * 16_500_000n);
    expect(regional.model).toBe('claude-sonnet-4-5-20250929');
  });

  test('counts what was seen of a stream that broke, and says that it is not all', () => {
    const start = MESSAGES_STREAM.slice(0, MESSAGES_STREAM.indexOf('event: content_block_stop'));
    const responseText = start + namedEvents({ type: 'error', error: { type: 'overloaded_error', message: 'busy' } });
    expect(read({ ...TO_ANTHROPIC, ...STREAMED, responseText })).toMatchObject({
      error: { type: 'overloaded_error', message: 'busy' },
      tokens: { prompt_tokens: 100, completion_tokens: 1, prompt_cache_read_tokens: 2000 },
      usageComplete: false,
      costSource: 'table',
    });
  });

  test('prices passes of other models that the totals leave out', () => {
    const iterations = [
      { type: 'message', input_tokens: 100, output_tokens: 80 },
      { type: 'advisor_message', model: 'claude-opus-4-1', input_tokens: 10, output_tokens: 20 },
    ];
    const usage = { ...MESSAGES_BODY.usage, iterations };
    expect(read({ ...TO_ANTHROPIC, ...body({ ...MESSAGES_BODY, usage }) })).toMatchObject({
      tokens: { prompt_tokens: 100, completion_tokens: 50 },
      costPico: costPico + 10n * 15_000_000n + 20n * 75_000_000n,
    });
  });
});
