import { describe, expect, test } from '@jest/globals';
import { CHAT_BODY, dataEvents, RESPONSES_BODY, STREAMED, TO_RESPONSES } from '../fixtures/captured-call.ts';
import { body, read } from '../fixtures/read.ts';

const answer = (usage: object, more: object = {}) => body({ ...CHAT_BODY, usage, ...more });
const COUNTS = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

describe('hosts that speak OpenAI’s API', () => {
  test('Azure: empty names are skipped, and a filter that refused is an error with its own word', () => {
    const azure = { provider: 'AZURE', path: '/openai/deployments/mine/chat/completions?api-version=1' };
    const responseText = dataEvents(
      { id: '', model: '', object: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
      {
        id: 'x',
        model: 'gpt-4o-2024-08-06',
        choices: [{ delta: { content: 'The' }, finish_reason: null }],
        usage: null,
      },
      { id: 'x', model: 'gpt-4o-2024-08-06', choices: [{ delta: {}, finish_reason: 'stop' }], usage: null },
      { id: 'x', model: 'gpt-4o-2024-08-06', choices: [], usage: COUNTS },
      '[DONE]',
    );
    expect(read({ ...azure, requestText: '{}', ...STREAMED, responseText })).toMatchObject({
      model: 'gpt-4o-2024-08-06',
      usageComplete: true,
      costPico: 100n * 2_500_000n + 20n * 10_000_000n,
    });
    const error = {
      message: 'filtered',
      type: null,
      param: 'prompt',
      code: 'content_filter',
      innererror: { code: 'x' },
    };
    expect(read({ ...azure, status: 400, ...body({ error }) })).toMatchObject({
      error: { type: 'content_filter', message: 'filtered' },
      costPico: 0n,
    });
  });

  test('OpenRouter: what broke one choice is the call’s error', () => {
    const choices = [
      { index: 0, finish_reason: 'error', message: { content: 'Th' }, error: { code: 502, message: 'upstream' } },
    ];
    expect(read({ provider: 'OPENROUTER', ...answer(COUNTS, { choices }) })).toMatchObject({
      error: { type: '502', message: 'upstream' },
      finishReason: 'error',
    });
    const responseText = dataEvents({ model: 'openai/gpt-4o', choices });
    expect(read({ provider: 'OPENROUTER', ...STREAMED, responseText }).error).toEqual({
      type: '502',
      message: 'upstream',
    });
  });

  test('Groq: a compound system is priced by the models behind it, and not at all where it ran tools', () => {
    const usage_breakdown = {
      models: [
        { model: 'llama-3.3-70b-versatile', usage: { prompt_tokens: 60, completion_tokens: 5, total_tokens: 65 } },
        { model: 'llama-3.1-8b-instant', usage: { prompt_tokens: 40, completion_tokens: 15, total_tokens: 55 } },
      ],
    };
    const groq = { provider: 'GROQ', path: '/openai/v1/chat/completions', requestText: '{"model":"groq/compound"}' };
    const model = 'groq/compound';
    const costPico = 60n * 590_000n + 5n * 790_000n + 40n * 50_000n + 15n * 80_000n;
    expect(read({ ...groq, ...answer(COUNTS, { model, usage_breakdown }) })).toMatchObject({
      model,
      tokens: { prompt_tokens: 100, completion_tokens: 20 },
      costPico,
    });
    const responseText = dataEvents(
      { model, choices: [{ delta: { content: 'x' }, finish_reason: null }] },
      { model, choices: [{ delta: {}, finish_reason: 'stop' }], x_groq: { usage: COUNTS }, usage_breakdown },
      '[DONE]',
    );
    expect(read({ ...groq, ...STREAMED, responseText }).costPico).toBe(costPico);
    const choices = [{ message: { content: 'x', executed_tools: [{ type: 'search' }] }, finish_reason: 'stop' }];
    expect(read({ ...groq, ...answer(COUNTS, { model, usage_breakdown, choices }) })).toMatchObject({
      tokens: { prompt_tokens: 100 },
      usageComplete: true,
      costPico: null,
      costSource: 'none',
    });
    const one = {
      provider: 'GROQ',
      ...answer(COUNTS, { model: 'llama-3.1-8b-instant', usage_breakdown: { models: null } }),
    };
    expect(read(one).costPico).toBe(100n * 50_000n + 20n * 80_000n);
  });

  test('Groq: flex costs what on-demand calls do', () => {
    const groq = (service_tier: string) =>
      read({ provider: 'GROQ', ...answer(COUNTS, { model: 'llama-3.1-8b-instant', service_tier }) });
    expect(groq('flex')).toEqual(groq('on_demand'));
  });

  test('xAI: reasoning is counted beside the completion, its own cost is believed, sources have a fee', () => {
    const usage = {
      ...COUNTS,
      total_tokens: 150,
      completion_tokens_details: { reasoning_tokens: 30 },
      num_sources_used: 2,
    };
    const xai = (more: object) => read({ provider: 'X', ...answer({ ...usage, ...more }, { model: 'grok-3' }) });
    expect(xai({})).toMatchObject({
      tokens: { completion_tokens: 20, reasoning_tokens: 30 },
      costPico: 100n * 3_000_000n + 50n * 15_000_000n + 2n * 25_000_000_000n,
      costSource: 'table',
    });
    expect(xai({ cost_in_usd_ticks: 12_345 })).toMatchObject({ costPico: 1_234_500n, costSource: 'provider' });
  });

  test('Perplexity: a request has a fee; research counts reasoning, citations and searches beside', () => {
    const sonar = { provider: 'PERPLEXITY', ...answer(COUNTS, { model: 'sonar' }) };
    expect(read(sonar).costPico).toBe(120n * 1_000_000n + 12_000_000_000n);
    const small = { provider: 'PERPLEXITY', ...answer({ ...COUNTS, search_context_size: 'low' }, { model: 'sonar' }) };
    expect(read(small)).toMatchObject({ usageComplete: true, costPico: null });
    const research = { ...COUNTS, citation_tokens: 400, num_search_queries: 3, reasoning_tokens: 1000 };
    expect(read({ provider: 'PERPLEXITY', ...answer(research, { model: 'sonar-deep-research' }) })).toMatchObject({
      tokens: { prompt_tokens: 100, completion_tokens: 20, reasoning_tokens: 1000 },
      usageComplete: true,
      costPico: 100n * 2_000_000n + 20n * 8_000_000n + 1000n * 3_000_000n + 400n * 2_000_000n + 3n * 5_000_000_000n,
    });
    const cost = { input_tokens_cost: 0.001, output_tokens_cost: 0.002, request_cost: 0.006, total_cost: 0.009 };
    expect(
      read({ provider: 'PERPLEXITY', ...answer({ ...research, cost }, { model: 'sonar-deep-research' }) }),
    ).toMatchObject({
      costPico: 9_000_000_000n,
      costSource: 'provider',
    });
  });

  test('Fireworks: headers have the counts of a body that has none', () => {
    const responseHeaders = [
      ['fireworks-prompt-tokens', '100'],
      ['fireworks-cached-prompt-tokens', '40'],
      ['fireworks-completion-tokens', '20'],
    ] as const;
    const { usage: _, ...bare } = CHAT_BODY;
    expect(read({ provider: 'FIREWORKS', responseHeaders, ...body(bare) })).toMatchObject({
      tokens: { prompt_tokens: 60, prompt_cache_read_tokens: 40, completion_tokens: 20 },
      usageComplete: true,
    });
    expect(read({ provider: 'FIREWORKS', responseHeaders, ...answer(COUNTS) }).tokens.prompt_cache_read_tokens).toBe(0);
  });

  test('Voyage and Jina: a total is all there is of embeddings and reranking', () => {
    const voyage = { provider: 'VOYAGEAI', requestText: '{"model":"voyage-3.5"}' };
    const embedded = { object: 'list', data: [], model: 'voyage-3.5', usage: { total_tokens: 50 } };
    for (const path of ['/v1/embeddings', '/v1/rerank']) {
      expect(read({ ...voyage, path, ...body(embedded) })).toMatchObject({
        tokens: { prompt_tokens: 50, completion_tokens: 0 },
        usageComplete: true,
        costPico: 50n * 60_000n,
      });
    }
  });

  test('Mistral: audio that was not counted is written as an object', () => {
    expect(read({ provider: 'MISTRAL', ...answer({ ...COUNTS, prompt_audio_seconds: {} }) }).usageComplete).toBe(true);
  });

  test('realtime: cached audio is told apart from what was heard anew', () => {
    const usage = {
      input_tokens: 100,
      output_tokens: 20,
      input_token_details: {
        ...{ text_tokens: 40, audio_tokens: 60, cached_tokens: 30 },
        cached_tokens_details: { text_tokens: 10, audio_tokens: 20 },
      },
      output_token_details: { text_tokens: 5, audio_tokens: 15 },
    };
    const done = { ...RESPONSES_BODY, object: 'realtime.response', model: 'gpt-realtime', output: [], usage };
    expect(read({ ...TO_RESPONSES, path: '/v1/realtime', ...body(done) })).toMatchObject({
      tokens: { prompt_tokens: 30, prompt_cache_read_tokens: 30, prompt_audio_tokens: 40, completion_audio_tokens: 15 },
      costPico: 30n * 4_000_000n + 30n * 400_000n + 40n * 32_000_000n + 5n * 16_000_000n + 15n * 64_000_000n,
    });
  });

  test('responses: images that a tool drew are another model’s work', () => {
    const image_gen = {
      input_tokens: 10,
      input_tokens_details: { text_tokens: 10, image_tokens: 0 },
      output_tokens: 200,
    };
    const drawn = {
      ...RESPONSES_BODY,
      output: [],
      usage: { input_tokens: 100, output_tokens: 10 },
      tools: [{ type: 'image_generation', model: 'gpt-image-1' }],
      tool_usage: { image_gen, web_search: { num_requests: 0 } },
    };
    expect(read({ ...TO_RESPONSES, ...body(drawn) })).toMatchObject({
      tokens: { prompt_tokens: 100, completion_tokens: 10 },
      costPico: 100n * 1_250_000n + 10n * 10_000_000n + 10n * 5_000_000n + 200n * 40_000_000n,
    });
    expect(read({ ...TO_RESPONSES, ...body({ ...drawn, tools: [] }) }).costPico).toBeNull();
  });
});
