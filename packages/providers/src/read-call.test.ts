import { describe, expect, test } from '@jest/globals';
import {
  CHAT_BODY,
  CHAT_STREAM,
  capturedCall,
  dataEvents,
  MESSAGES_BODY,
  MESSAGES_STREAM,
  namedEvents,
  RESPONSES_BODY,
  RESPONSES_STREAM,
  STREAMED,
  TO_ANTHROPIC,
  TO_RESPONSES,
} from './fixtures/captured-call.ts';
import type { CapturedCall } from './provider-reading.ts';
import { readCall } from './read-call.ts';
import { NO_TOKENS } from './reported-usage.ts';

const read = (changes: Partial<CapturedCall> = {}) => readCall(capturedCall(changes));
const body = (value: unknown) => ({ responseText: JSON.stringify(value) });

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

describe('the model', () => {
  const noModel = body({ ...CHAT_BODY, model: undefined });

  test.each([
    ['the override', { modelOverride: 'mine' }, 'mine'],
    ['the response', {}, 'gpt-4o-2024-08-06'],
    ['the request', noModel, 'gpt-4o'],
    [
      'a deployment in the path',
      { ...noModel, requestText: '{}', path: '/openai/deployments/my%20gpt/chat/completions?v=1' },
      'my gpt',
    ],
    [
      'a Gemini path',
      { requestText: '{}', responseText: '{}', path: '/v1beta/models/gemini-2.5-pro:generateContent' },
      'gemini-2.5-pro',
    ],
    [
      'a Bedrock path',
      { requestText: '', responseText: '{}', path: '/model/anthropic.claude-v2%3A1/invoke' },
      'anthropic.claude-v2:1',
    ],
    ['nothing', { ...noModel, requestText: '{"model":7}' }, 'unknown'],
  ] as const)('comes from %s', (_source, changes, model) => {
    expect(read(changes).model).toBe(model);
  });

  test('is storable text of bounded length, as are user, finish reason and error', () => {
    const long = `\ud800\0${'x'.repeat(1_000_000)}`;
    const reading = read({
      requestText: JSON.stringify({ model: long, user: long }),
      ...body({ model: long, choices: [{ finish_reason: long }], error: { type: long, message: long } }),
    });
    for (const text of [
      reading.model,
      reading.bodyUser,
      reading.finishReason,
      reading.error!.type,
      reading.error!.message,
    ]) {
      expect(text.isWellFormed() && !text.includes('\0') && text.length > 100 && text.length <= 8192).toBe(true);
    }
  });
});

describe('steps that are no LLM calls', () => {
  test.each([
    [{ _type: 'tool', toolName: 'search', input: { model: 'no' } }, 'tool', 'tool:search'],
    [{ _type: 'vector_db', operation: 'search' }, 'vector_db', 'vector_db'],
    [{ _type: 'data', name: 'load-csv' }, 'data', 'data:load-csv'],
  ])('%j costs 0 and lacks nothing', (request, stepKind, model) => {
    const requestText = JSON.stringify({ ...request, user: 'u-7' });
    expect(
      read({ provider: 'CUSTOM', path: '/custom/v1/log', requestText, ...body({ status: 'success' }) }),
    ).toMatchObject({
      stepKind,
      model,
      bodyUser: 'u-7',
      tokens: NO_TOKENS,
      usageComplete: true,
      costPico: 0n,
      costSource: 'none',
      error: null,
    });
  });
});

describe('calls without usage', () => {
  test.each([
    ['refused', { status: 429, ...body({ error: { type: 'tokens', message: 'Rate limit reached' } }) }, 'tokens'],
    [
      'refused by Anthropic',
      { status: 529, ...TO_ANTHROPIC, ...body({ type: 'error', error: { type: 'overloaded_error', message: '' } }) },
      'overloaded_error',
    ],
    [
      'answered by a page of HTML',
      { status: 502, responseContentType: 'text/html', responseText: '<html>' },
      undefined,
    ],
    ['answered with a bare message', { status: 401, ...body({ message: 'Unauthorized', code: 1001 }) }, '1001'],
    ['answered with a list of details', { status: 422, ...body({ detail: [{ loc: ['model'] }] }) }, ''],
    ['answered with nothing', { status: 500, responseText: '' }, undefined],
    ['blocked before they were sent', { status: -4, responseText: '' }, undefined],
    ['in which a router failed with status 200', body({ error: { code: 502, message: 'no provider' } }), '502'],
  ])('%s cost 0 and lack nothing', (_what, changes, errorType) => {
    const reading = read(changes);
    expect(reading).toMatchObject({ tokens: NO_TOKENS, costPico: 0n, costSource: 'none', usageComplete: true });
    expect(reading.error?.type).toBe(errorType);
  });

  test.each([
    ['cancelled by the client', { status: -3, responseText: '' }],
    ['cut by a time-out', { status: -2, responseText: '' }],
    ['successful, but not text', { responseText: undefined }],
    ['successful, but cut', { responseText: JSON.stringify(CHAT_BODY).slice(0, -1), responseTruncated: true }],
    ['successful, at an API that we cannot read', { path: '/v9/think', ...body({ answer: 42 }) }],
  ])('%s have an unknown cost', (_what, changes) => {
    expect(read(changes)).toMatchObject({ costPico: null, costSource: 'none', usageComplete: false });
  });

  test.each([
    ['GET', '/v1/models', { data: [] }],
    ['GET', '/v1/responses/resp_1?include=x', RESPONSES_BODY],
    ['DELETE', '/v1/files/file-1', { deleted: true }],
    ['POST', '/v1/messages/count_tokens', { input_tokens: 12 }],
    ['POST', '/v1/responses/input_tokens', { input_tokens: 12 }],
    ['POST', '/v1/responses/resp_1/cancel', { ...RESPONSES_BODY, status: 'cancelled' }],
    ['POST', '/v1/files', { id: 'file-1' }],
    ['POST', '/v1/batches', { id: 'batch-1' }],
  ])('%s %s is never billed, and what it shows again is not counted again', (method, path, response) => {
    expect(read({ method, path, ...body(response) })).toMatchObject({
      tokens: NO_TOKENS,
      costPico: 0n,
      usageComplete: true,
    });
  });
});

describe('what the response is', () => {
  test('goes by the look of the text where the content type is wrong', () => {
    const streamed = read({ responseText: CHAT_STREAM, responseContentType: 'text/plain' });
    expect(streamed).toMatchObject({ streamed: true, tokens: { prompt_tokens: 12 } });
    const error = { status: 400, ...body({ error: { type: 'invalid_request_error', message: 'no' } }) };
    expect(read({ ...error, ...STREAMED })).toMatchObject({
      streamed: false,
      error: { type: 'invalid_request_error' },
    });
  });

  test('reads events with CRLF, comments, several data lines and a byte order mark', () => {
    const odd = `\uFEFF: OPENROUTER PROCESSING\r\n\r\n${CHAT_STREAM.replaceAll('\n', '\r\n').replaceAll(',"choices"', '\r\ndata: ,"choices"')}`;
    expect(read({ responseText: odd, ...STREAMED })).toEqual(read({ responseText: CHAT_STREAM, ...STREAMED }));
  });

  test('reads a manually logged usage in each of its forms', () => {
    const custom = { provider: 'CUSTOM', path: '/custom/v1/log' };
    const forms = [
      { usage: { prompt_tokens: 7, completion_tokens: 8, total_tokens: 15 } },
      { usage: { input_tokens: 7, output_tokens: 8 } },
      { prompt_token_count: 7, generation_token_count: 8 },
    ];
    for (const form of forms) {
      expect(read({ ...custom, ...body(form) })).toMatchObject({
        tokens: { prompt_tokens: 7, completion_tokens: 8 },
        usageComplete: true,
        costPico: 7n * 2_500_000n + 8n * 10_000_000n,
      });
    }
  });

  test('ignores a stored response that is only quoted', () => {
    const quoted = {
      model: 'gpt-4o',
      choices: [{ message: { content: JSON.stringify(CHAT_BODY) }, finish_reason: 'stop' }],
    };
    expect(read(body(quoted)).tokens).toEqual(NO_TOKENS);
  });
});

describe('the cost that a provider reports', () => {
  const openRouter = { provider: 'OPENROUTER', path: '/api/v1/chat/completions' };
  const usage = { prompt_tokens: 10, completion_tokens: 5 };
  const cost = (more: object) => read({ ...openRouter, ...body({ ...CHAT_BODY, usage: { ...usage, ...more } }) });

  test.each([
    ['OpenRouter', { cost: 0.00043 }, 430_000_000n],
    [
      'OpenRouter with the own key',
      { cost: 0.0001, is_byok: true, cost_details: { upstream_inference_cost: 0.002 } },
      2_100_000_000n,
    ],
    ['Perplexity', { cost: { total_cost: 0.006 } }, 6_000_000_000n],
    ['xAI', { cost_in_usd_ticks: 37_756_000 }, 3_775_600_000n],
  ])('of %s comes before our table', (_host, more, costPico) => {
    expect(cost(more)).toMatchObject({ costPico, costSource: 'provider', priceVersion: '' });
  });

  test('is read from the header of a proxy', () => {
    const responseHeaders = [['x-litellm-response-cost', '0.0125']] as const;
    expect(read({ responseHeaders })).toMatchObject({ costPico: 12_500_000_000n, costSource: 'provider' });
    expect(read({ responseHeaders: [['x-litellm-response-cost', '']] }).costSource).toBe('table');
  });

  test.each([-1, '3', null, {}, 1e30])('is not believed when it is %p', (value) => {
    expect(cost({ cost: value }).costSource).not.toBe('provider');
  });

  test('of 0 gives way to the table, and stands where the table knows nothing', () => {
    const free = { ...CHAT_BODY, model: 'nobody/knows-this', usage: { ...usage, cost: 0 } };
    const requestText = '{"model":"nobody/knows-this"}';
    expect(read({ ...openRouter, requestText, ...body(free) })).toMatchObject({ costPico: 0n, costSource: 'provider' });
    const known = { ...CHAT_BODY, model: 'openai/gpt-4o', usage: { ...usage, cost: 0 } };
    const costPico = 10n * 2_500_000n + 5n * 10_000_000n;
    expect(read({ ...openRouter, ...body(known) })).toMatchObject({ costPico, costSource: 'table' });
  });
});

describe('calls that are logged by hand', () => {
  const chunks = [
    { model: 'gpt-4o', choices: [{ delta: { content: 'y' }, finish_reason: 'stop' }] },
    { model: 'gpt-4o', choices: [], usage: { prompt_tokens: 12, completion_tokens: 34 } },
  ];
  const seen = {
    streamed: true,
    model: 'gpt-4o',
    finishReason: 'stop',
    usageComplete: true,
    tokens: { prompt_tokens: 12, completion_tokens: 34 },
    costPico: 12n * 2_500_000n + 34n * 10_000_000n,
  };
  const texts = chunks.map((chunk) => JSON.stringify(chunk));
  const path = 'custom-model-nopath';

  test('hold the chunks of their stream line by line', () => {
    const responseText = `${texts.join('\n\n')}\n{"half`;
    const lines = read({ path, responseText, responseContentType: 'application/x-ndjson' });
    expect(lines).toMatchObject(seen);
  });

  test.each([
    ['as they are', chunks],
    ['as text', texts],
    ['as events', [...texts.map((text) => `data: ${text}`), 'data: [DONE]', null, 7]],
  ])('hold the chunks of their stream in a list, %s', (_, streamed_data) => {
    expect(read({ path, ...body({ streamed_data }) })).toMatchObject(seen);
  });

  test('say why they failed, if they did', () => {
    const tool = {
      requestText: '{"_type":"tool","toolName":"search"}',
      ...body({ error: { type: 'T', message: 'm' } }),
    };
    expect(read({ ...tool, status: 500 }).error).toEqual({ type: 'T', message: 'm' });
    expect(read(tool).error).toBeNull();
    expect(read({ ...tool, status: 500, responseText: 'words' }).error).toBeNull();
  });

  test('cost what whoever logged them says, nothing included, whatever kind of step they are', () => {
    const tool = { requestText: '{"_type":"tool","toolName":"search"}' };
    const said = (loggedCostUsd: number | null, changes = {}) => {
      const { costPico, costSource, priceVersion } = read({ loggedCostUsd, ...changes });
      return [costPico, costSource, priceVersion];
    };
    expect(said(0.25)).toEqual([250_000_000_000n, 'provider', '']);
    expect(said(0)).toEqual([0n, 'provider', '']);
    expect(said(0.5, tool)).toEqual([500_000_000_000n, 'provider', '']);
    expect(said(null, tool)).toEqual([0n, 'none', '']);
    for (const none of [-1, Number.NaN, 1e30]) expect(said(none)[1]).toBe('table');
  });
});

describe('other HTTP APIs', () => {
  const search = {
    provider: 'https://search.example.com',
    path: '/search',
    targetUrl: 'https://search.example.com/search',
  };
  const answer = body({ results: [] });

  test('without a model and without usage are steps that cost nothing', () => {
    const reading = read({ ...search, requestText: '{"query":"x"}', ...answer });
    expect(reading).toMatchObject({ stepKind: 'tool', model: 'unknown', costPico: 0n, usageComplete: true });
  });

  test('are calls to a model where one is named, at a price nobody knows', () => {
    const reading = read({ ...search, requestText: '{"model":"house-7b"}', ...answer });
    expect(reading).toMatchObject({ stepKind: 'llm', model: 'house-7b', costPico: null });
  });
});
