import type { ModelPrice, Provider, Usage } from '@pydantic/genai-prices';
import { priceLibrary } from './price-library.ts';

/** Picodollars per million of each kind, every fallback resolved (a kind without its own price costs its parent's). */
export interface RateCard {
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: bigint;
  readonly cacheWrite1h: bigint;
  readonly inputAudio: bigint;
  readonly inputImage: bigint;
  readonly inputVideo: bigint;
  readonly cacheReadAudio: bigint;
  readonly cacheReadImage: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
  readonly outputAudio: bigint;
  readonly outputImage: bigint;
  readonly outputVideo: bigint;
  readonly citation: bigint;
  readonly webSearch: bigint;
  readonly fileSearch: bigint;
  readonly audioSecond: bigint;
  readonly page: bigint;
  readonly annotatedPage: bigint;
  /** Picodollars of the call itself. */
  readonly perCall: bigint;
  /** False: the model has no price for what goes in (or comes out), so tokens there make the cost unknown. */
  readonly pricesInput: boolean;
  readonly pricesOutput: boolean;
  /** False: nobody says what a search (a second, a page, a citation) costs with this model. */
  readonly pricesWebSearch: boolean;
  readonly pricesFileSearch: boolean;
  readonly pricesSeconds: boolean;
  readonly pricesPages: boolean;
  readonly pricesCitations: boolean;
  /** Cached audio (or images) costs something else than either: what was both has to be known. */
  readonly pricesCachedAudio: boolean;
  readonly pricesCachedImage: boolean;
}

/**
 * The rates of one set of prices for calls with this many input tokens in all; context tiers hold for the whole call.
 *
 * The library's price is linear in each kind once the tier is fixed, so asking it once per kind gives rates that later
 * calls only multiply: 1 µs instead of 5–20, and exact integers instead of sums of doubles. Remembered per price set,
 * which is an object of the library's own data.
 */
export function rateCard(prices: ModelPrice, inputTokens: number): RateCard {
  let cards = cardsOf.get(prices);
  if (!cards) {
    cards = { starts: tierStarts(prices), byTier: [] };
    cardsOf.set(prices, cards);
  }
  let tier = 0;
  while (tier < cards.starts.length && inputTokens > cards.starts[tier]!) tier++;
  let card = cards.byTier[tier];
  if (!card) {
    card = measure(flatten(prices, tier === 0 ? 0 : cards.starts[tier - 1]! + 1));
    cards.byTier[tier] = card;
  }
  return card;
}

const cardsOf = new WeakMap<ModelPrice, { readonly starts: readonly number[]; readonly byTier: RateCard[] }>();

function tierStarts(prices: ModelPrice): number[] {
  const starts = new Set<number>();
  for (const price of Object.values(prices)) {
    if (typeof price === 'object') for (const tier of price.tiers) starts.add(tier.start);
  }
  return [...starts].sort((a, b) => a - b);
}

/** The same prices with each tiered one replaced by its price at this size. */
function flatten(prices: ModelPrice, inputTokens: number): ModelPrice {
  const flat: ModelPrice = {};
  for (const [key, price] of Object.entries(prices)) {
    if (price === undefined) continue;
    if (typeof price === 'number') {
      flat[key] = price;
      continue;
    }
    let chosen = { start: -1, price: price.base };
    for (const tier of price.tiers) if (inputTokens > tier.start && tier.start > chosen.start) chosen = tier;
    flat[key] = chosen.price;
  }
  return flat;
}

const MILLION = 1_000_000;

function measure(prices: ModelPrice): RateCard {
  const perCall = usdOf({}, prices);
  const rate = (usage: Usage) => toPico(usdOf(usage, prices) - perCall);
  const input = (part: Usage = {}) => rate({ input_tokens: MILLION, ...part });
  const output = (part: Usage = {}) => rate({ output_tokens: MILLION, ...part });
  return {
    input: input(),
    cacheRead: input({ cache_read_tokens: MILLION }),
    cacheWrite: input({ cache_write_tokens: MILLION }),
    cacheWrite1h: input({ cache_write_tokens: MILLION, cache_write_1h_tokens: MILLION }),
    inputAudio: input({ input_audio_tokens: MILLION }),
    inputImage: input({ input_image_tokens: MILLION }),
    inputVideo: input({ input_video_tokens: MILLION }),
    cacheReadAudio: input({
      cache_read_tokens: MILLION,
      input_audio_tokens: MILLION,
      cache_audio_read_tokens: MILLION,
    }),
    cacheReadImage: input({
      cache_read_tokens: MILLION,
      input_image_tokens: MILLION,
      cache_image_read_tokens: MILLION,
    }),
    output: output(),
    reasoning: output({ output_reasoning_tokens: MILLION }),
    outputAudio: output({ output_audio_tokens: MILLION }),
    outputImage: output({ output_image_tokens: MILLION }),
    outputVideo: output({ output_video_tokens: MILLION }),
    citation: output({ output_citation_tokens: MILLION }),
    webSearch: rate({ web_searches: MILLION }),
    fileSearch: rate({ storage_searches: MILLION }),
    audioSecond: rate({ audio_seconds: MILLION, input_audio_seconds: MILLION }),
    page: rate({ input_document_pages: MILLION }),
    annotatedPage: rate({ input_document_pages: MILLION, input_annotated_document_pages: MILLION }),
    perCall: toPico(perCall),
    pricesInput: prices.input_mtok !== undefined,
    pricesOutput: prices.output_mtok !== undefined,
    pricesWebSearch: prices.web_searches_kcount !== undefined,
    pricesFileSearch: prices.storage_searches_kcount !== undefined,
    pricesSeconds: prices.audio_hours !== undefined,
    pricesPages: prices.input_document_kpages !== undefined,
    pricesCitations: prices.output_citation_mtok !== undefined,
    pricesCachedAudio: prices.cache_audio_read_mtok !== undefined,
    pricesCachedImage: prices.cache_image_read_mtok !== undefined,
  };
}

/** USD of a usage at flat prices, by the library's own rules. */
function usdOf(usage: Usage, prices: ModelPrice): number {
  const provider: Provider = {
    id: 'flat',
    name: 'flat',
    api_pattern: '',
    models: [{ id: 'flat', match: { equals: 'flat' }, prices }],
  };
  const result = priceLibrary().calcPrice(usage, 'flat', { provider });
  if (!result) throw new Error('the price library does not know the model that it was given');
  return result.total_price;
}

function toPico(usd: number): bigint {
  return BigInt(Math.round(usd * 1e12));
}
