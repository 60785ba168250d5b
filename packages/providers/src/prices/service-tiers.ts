/** What a service tier does to the price of tokens, as a fraction of the standard price. Fees beside tokens stay. */
export interface TierPrice {
  readonly priceIds: readonly string[];
  /** As the response names it; `geo:` and `speed:` are Anthropic's other two terms. */
  readonly tier: string;
  /** Ids of models in the price table; absent: all of the provider. */
  readonly models?: readonly string[];
  readonly times: bigint;
  readonly per: bigint;
  /** What came from the cache costs the same at this tier. */
  readonly cachedAtStandard?: boolean;
  readonly source: string;
}

const GOOGLE_FLEX =
  'ai.google.dev/gemini-api/docs/optimization, entered 2026-11-21: half the standard price; cached tokens are not halved';

function googleFlex(tier: string): TierPrice {
  return { priceIds: ['google'], tier, times: 1n, per: 2n, cachedAtStandard: true, source: GOOGLE_FLEX };
}

const OPENAI_PRIORITY = 'openai.com/api-priority-processing, read 2026-11-21';

function priority(models: readonly string[], times: bigint, per: bigint): TierPrice {
  return { priceIds: ['openai'], tier: 'priority', models, times, per, source: OPENAI_PRIORITY };
}

export const TIER_PRICES: readonly TierPrice[] = [
  { priceIds: ['openai'], tier: 'flex', times: 1n, per: 2n, source: 'OpenAI flex processing: half the standard price' },
  { priceIds: ['openai'], tier: 'batch', times: 1n, per: 2n, source: 'OpenAI batch API: half the standard price' },
  {
    priceIds: ['anthropic'],
    tier: 'batch',
    times: 1n,
    per: 2n,
    source: 'Anthropic message batches: half the standard price of tokens; web searches are not halved',
  },
  {
    priceIds: ['anthropic'],
    tier: 'geo:us',
    models: ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-opus-4-7', 'claude-opus-4-8'],
    times: 11n,
    per: 10n,
    source: 'Anthropic data residency: US-only inference costs 1.1 times, Claude 4.6 and later',
  },
  // As the Gemini API names it, and as Vertex does.
  googleFlex('flex'),
  googleFlex('on_demand_flex'),
  {
    priceIds: ['groq'],
    tier: 'flex',
    times: 1n,
    per: 1n,
    source: 'console.groq.com/docs/flex-processing, entered 2026-11-21: higher limits at the price of on-demand calls',
  },
  priority(['gpt-5.4', 'gpt-5.4-mini', 'gpt-5.2', 'gpt-5.1', 'gpt-5', 'gpt-4.1-nano'], 2n, 1n),
  priority(['gpt-5-mini'], 9n, 5n),
  priority(['gpt-4.1', 'gpt-4.1-mini', 'o3', 'gpt-4o-2024-05-13'], 7n, 4n),
  priority(['gpt-4o'], 17n, 10n),
  priority(['gpt-4o-mini'], 5n, 3n),
  priority(['o4-mini'], 20n, 11n),
  priority(['gpt-5.5'], 5n, 2n),
];

/** Names under which a call runs at the standard price, at any provider. */
export const STANDARD_TIERS: ReadonlySet<string> = new Set([
  'default',
  'standard',
  'auto',
  'on_demand',
  'speed:standard',
  'geo:global',
  'geo:not_available',
]);
