import { describe, expect, test } from '@jest/globals';
import { CHAT_BODY, CHAT_STREAM, RESPONSES_BODY, STREAMED, TO_ANTHROPIC } from './fixtures/captured-call.ts';
import { body, read } from './fixtures/read.ts';
import { NO_TOKENS } from './reported-usage.ts';

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
      { text: 'x', data: [], prompt_token_count: 7, generation_token_count: 8 },
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
    ['DeepInfra', { estimated_cost: 1.8e-6 }, 1_800_000n],
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
  const logged = { costUsd: null };

  test('hold the chunks of their stream line by line', () => {
    const responseText = `${texts.join('\n\n')}\n{"half`;
    const lines = read({ path, responseText, responseContentType: 'application/x-ndjson', logged });
    expect(lines).toMatchObject(seen);
  });

  test.each([
    ['as they are', chunks],
    ['as text', texts],
    ['as events', [...texts.map((text) => `data: ${text}`), 'data: [DONE]', null, 7]],
  ])('hold the chunks of their stream in a list, %s', (_, streamed_data) => {
    expect(read({ path, ...body({ streamed_data }), logged })).toMatchObject(seen);
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
    const said = (costUsd: number | null, changes = {}) => {
      const { costPico, costSource, priceVersion } = read({ logged: { costUsd }, ...changes });
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
