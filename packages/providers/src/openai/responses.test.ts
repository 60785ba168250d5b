import { describe, expect, test } from '@jest/globals';
import { namedEvents, RESPONSES_BODY, RESPONSES_STREAM, STREAMED, TO_RESPONSES } from '../fixtures/captured-call.ts';
import { body, read } from '../fixtures/read.ts';
import { NO_TOKENS } from '../reported-usage.ts';

describe('OpenAI responses', () => {
  test('reads a body, with the fee of a search that was one', () => {
    expect(read({ ...TO_RESPONSES, ...body(RESPONSES_BODY) })).toMatchObject({
      model: 'gpt-5-2025-08-07',
      finishReason: 'completed',
      tokens: { prompt_tokens: 372, prompt_cache_read_tokens: 128, completion_tokens: 26, reasoning_tokens: 64 },
      usageComplete: true,
      // 10 USD per thousand searches.
      costPico: 372n * 1_250_000n + 128n * 125_000n + 90n * 10_000_000n + 10_000_000_000n,
    });
  });

  test('reads the same from the stream, with and without event names', () => {
    const expected = read({ ...TO_RESPONSES, ...body(RESPONSES_BODY) });
    const unnamed = RESPONSES_STREAM.replaceAll(/^event: .*\n/gm, '');
    for (const responseText of [RESPONSES_STREAM, unnamed]) {
      expect(read({ ...TO_RESPONSES, ...STREAMED, responseText })).toEqual({ ...expected, streamed: true });
    }
  });

  test('takes a failed response for the error that it is, though it came with status 200', () => {
    const failed = { ...RESPONSES_BODY, status: 'failed', usage: null, output: [] };
    const error = { code: 'server_error', message: 'try again' };
    const expected = { error: { type: 'server_error', message: 'try again' }, costPico: 0n, usageComplete: true };
    expect(read({ ...TO_RESPONSES, ...body({ ...failed, error }) })).toMatchObject(expected);
    const responseText = namedEvents({ type: 'response.failed', response: { ...failed, error } });
    expect(read({ ...TO_RESPONSES, ...STREAMED, responseText })).toMatchObject(expected);
    expect(read({ ...TO_RESPONSES, ...body({ ...failed, error: null }) }).error).toEqual({
      type: 'failed',
      message: '',
    });
  });

  test('reads why a response is incomplete, and the model of one that never ended', () => {
    const incomplete = { ...RESPONSES_BODY, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    const responseText = namedEvents({ type: 'response.incomplete', response: incomplete });
    expect(read({ ...TO_RESPONSES, ...STREAMED, responseText })).toMatchObject({
      finishReason: 'max_output_tokens',
      usageComplete: true,
      error: null,
    });
    const cut = RESPONSES_STREAM.slice(0, RESPONSES_STREAM.indexOf('event: response.completed'));
    expect(read({ ...TO_RESPONSES, ...STREAMED, responseText: cut })).toMatchObject({
      responseModel: 'gpt-5-2025-08-07',
      tokens: NO_TOKENS,
      usageComplete: false,
      costPico: null,
    });
  });

  test.each([
    { type: 'error', code: 'rate_limit_exceeded', message: 'slow down' },
    { type: 'error', error: { type: 'rate_limit_exceeded', message: 'slow down' } },
  ])('reads an error event in either form', (event) => {
    const reading = read({ ...TO_RESPONSES, ...STREAMED, responseText: namedEvents(event) });
    expect(reading.error).toEqual({ type: 'rate_limit_exceeded', message: 'slow down' });
  });

  test('knows no cost yet of a response that is only queued', () => {
    const queued = { ...RESPONSES_BODY, status: 'queued', usage: null, output: [] };
    expect(read({ ...TO_RESPONSES, ...body(queued) })).toMatchObject({ costPico: null, usageComplete: false });
  });
});
