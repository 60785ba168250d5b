import type { ModelInfo } from '@pydantic/genai-prices';

/** A correction of the price table. The first one that matches wins over the table. */
export interface PriceOverride {
  /** Provider in the price table; it also holds for providers that fall back on this one (Azure on OpenAI). */
  readonly priceId: string;
  /** Model ids, lower case: equal to one of these, or beginning with `prefix`. */
  readonly models: readonly string[];
  readonly prefix?: string;
  /** In the price table's own form; USD per million tokens, the last entry whose constraint holds counts. */
  readonly prices: ModelInfo['prices'];
  /** Where the vendor publishes it. */
  readonly source: string;
  /** Day on which the figure was entered here, YYYY-MM-DD: vendors change their pages. */
  readonly entered: string;
}

/** `deepseek-chat` and `deepseek-reasoner` have cost the same since 2025-09-05, 16:00 UTC. */
const DEEPSEEK_ALIASES: ModelInfo['prices'] = [
  { prices: { input_mtok: 0.56, cache_read_mtok: 0.07, output_mtok: 1.68 } },
  {
    constraint: { type: 'start_date', start_date: '2025-09-29' },
    prices: { input_mtok: 0.28, cache_read_mtok: 0.028, output_mtok: 0.42 },
  },
  {
    constraint: { type: 'start_date', start_date: '2026-04-24' },
    prices: { input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28 },
  },
];

const ZAI = 'docs.z.ai/guides/overview/pricing; the table has only the newest models of this provider';

function zai(model: string, input: number, cached: number, output: number): PriceOverride {
  const prices = { input_mtok: input, cache_read_mtok: cached, output_mtok: output };
  return { priceId: 'zai', models: [model], prices, source: ZAI, entered: '2026-11-21' };
}

export const PRICE_OVERRIDES: readonly PriceOverride[] = [
  {
    priceId: 'deepseek',
    models: ['deepseek-chat', 'deepseek-reasoner'],
    prices: DEEPSEEK_ALIASES,
    source:
      'api-docs.deepseek.com/quick_start/pricing (list of 2025-09-05, V3.2 list of 2025-09-29); from 2026-04-24 the ' +
      'names stand for V4 Flash, whose launch price models.dev and Portkey list. The table still has the prices of 2025-07',
    entered: '2026-11-21',
  },
  {
    priceId: 'mistral',
    models: ['mistral-large-latest', 'mistral-large-3'],
    prices: [
      { prices: { input_mtok: 2, output_mtok: 6 } },
      {
        constraint: { type: 'start_date', start_date: '2025-12-02' },
        prices: { input_mtok: 0.5, cache_read_mtok: 0.05, output_mtok: 1.5 },
      },
    ],
    source: 'mistral-large-2512, which the name has stood for since its release; the table still has its predecessor',
    entered: '2026-11-21',
  },
  {
    priceId: 'openai',
    models: [],
    prefix: 'gpt-4o-audio-preview',
    prices: { input_mtok: 2.5, input_audio_mtok: 40, output_mtok: 10, output_audio_mtok: 80 },
    source: 'openai.com/api/pricing: audio is USD 40 in and 80 out; the table prices audio tokens as text',
    entered: '2026-11-21',
  },
  {
    priceId: 'openai',
    models: [],
    prefix: 'gpt-4o-mini-audio-preview',
    prices: { input_mtok: 0.15, input_audio_mtok: 10, output_mtok: 0.6, output_audio_mtok: 20 },
    source: 'openai.com/api/pricing: audio is USD 10 in and 20 out; the table prices audio tokens as text',
    entered: '2026-11-21',
  },
  zai('glm-5', 1, 0.2, 3.2),
  zai('glm-5-turbo', 1.2, 0.24, 4),
  zai('glm-4.7', 0.6, 0.11, 2.2),
  zai('glm-4.7-flashx', 0.07, 0.01, 0.4),
  zai('glm-4.6', 0.6, 0.11, 2.2),
  zai('glm-4.5', 0.6, 0.11, 2.2),
  zai('glm-4.5-x', 2.2, 0.45, 8.9),
  zai('glm-4.5-air', 0.2, 0.03, 1.1),
  zai('glm-4.5-airx', 1.1, 0.22, 4.5),
  {
    priceId: 'aws',
    models: [],
    prefix: 'amazon.titan-embed-text-v2',
    prices: { input_mtok: 0.02 },
    source: 'aws.amazon.com/bedrock/pricing: Titan Text Embeddings V2; the table takes it for the first version',
    entered: '2026-11-21',
  },
  {
    priceId: 'cohere',
    models: ['rerank-v3.5', 'rerank-english-v3.0', 'rerank-multilingual-v3.0'],
    prices: { web_searches_kcount: 2 },
    source: 'cohere.com/pricing: reranking costs USD 2 per 1,000 search units; the table has no reranking',
    entered: '2026-11-21',
  },
  {
    priceId: 'anthropic',
    models: ['claude-sonnet-4-20250514', 'claude-sonnet-4-0', 'claude-sonnet-4'],
    prices: {
      input_mtok: { base: 3, tiers: [{ start: 200_000, price: 6 }] },
      cache_write_mtok: { base: 3.75, tiers: [{ start: 200_000, price: 7.5 }] },
      cache_write_1h_mtok: { base: 6, tiers: [{ start: 200_000, price: 12 }] },
      cache_read_mtok: { base: 0.3, tiers: [{ start: 200_000, price: 0.6 }] },
      output_mtok: { base: 15, tiers: [{ start: 200_000, price: 22.5 }] },
      web_searches_kcount: 10,
    },
    source: 'docs.claude.com, long context pricing: prompts above 200k tokens; the table knows it for 4.5 only',
    entered: '2026-11-21',
  },
];

/**
 * Claude at Bedrock: the table has most of its models without a price for what is written to the cache for an hour,
 * which costs twice the input there as it does at Anthropic (as the models show that have one).
 */
export const HOUR_WRITES = {
  priceId: 'aws',
  model: /claude/,
  timesInput: 2,
  source: 'aws.amazon.com/bedrock/pricing, prompt caching; claude-opus-5-5 in the table',
  entered: '2026-11-21',
} as const;
