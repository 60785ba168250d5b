import { providerByName } from '../find-provider.ts';
import type { ReportedUsage } from '../reported-usage.ts';
import { type FoundPrices, findPrices } from './find-prices.ts';
import { priceLibrary } from './price-library.ts';
import { PRICE_VERSION } from './price-version.ts';
import { rateCard } from './rate-card.ts';
import { STANDARD_TIERS, TIER_PRICES } from './service-tiers.ts';

export interface PriceQuestion {
  /** Stored provider. */
  readonly provider: string;
  readonly path: string;
  /** Names of the model, the most telling first; `''` is skipped. */
  readonly models: readonly string[];
  /** Null: usage is there but contradicts itself, so the cost is unknown. */
  readonly usage: ReportedUsage | null;
  readonly alsoBilled: readonly { readonly model: string; readonly usage: ReportedUsage }[];
  readonly tiers: readonly string[];
  /** Epoch ms. */
  readonly requestAt: number;
}

export interface Price {
  /** Picodollars; null when the price is unknown, never 0 for that. */
  readonly costPico: bigint | null;
  readonly priceVersion: string;
}

/** Price the usage of one call by the table. Never throws. */
export function priceCall(question: PriceQuestion): Price {
  try {
    return price(question);
  } catch {
    // The library refuses data of its own that contradicts itself; such a price is as good as none.
    return { costPico: null, priceVersion: PRICE_VERSION };
  }
}

/** Load the price table now (about 40 ms) rather than with the first call that needs it. */
export function warmUpPrices(): void {
  priceLibrary();
  priceCall({
    provider: 'OPENAI',
    path: '',
    models: ['gpt-4o'],
    usage: null,
    alsoBilled: [],
    tiers: [],
    requestAt: 0,
  });
}

function price(question: PriceQuestion): Price {
  const { provider, usage, requestAt, tiers } = question;
  const priceId = priceIdOf(provider, question.path);
  const unknown: Price = { costPico: null, priceVersion: PRICE_VERSION };
  if (!usage || priceId === undefined) return unknown;
  const found = firstKnown(priceId, question.models, requestAt);
  if (!found) return unknown;
  const terms = termsOf(found, tiers);
  let total = costOf(found, usage, terms);
  for (const pass of question.alsoBilled) {
    const passPrices = findPrices(priceId, pass.model, requestAt);
    if (!passPrices) return unknown;
    const cost = costOf(passPrices, pass.usage, terms);
    total = total === null || cost === null ? null : total + cost;
  }
  if (total === null || total > COST_PICO_MAX) return unknown;
  return {
    costPico: total,
    priceVersion: terms.unknownTier === '' ? PRICE_VERSION : `${PRICE_VERSION}+standard-for:${terms.unknownTier}`,
  };
}

/** 9.2 million USD: what 64 bits hold. A call that costs more is a misreading. */
const COST_PICO_MAX = 9_200_000_000_000_000_000n;

/** Undefined: nobody publishes prices for this provider. Null: the model's name has to tell. */
function priceIdOf(provider: string, path: string): string | null | undefined {
  if (provider === 'CUSTOM') return null;
  const priceId = providerByName(provider)?.priceId ?? undefined;
  return priceId?.includes('*') ? priceId.replace('*', path.split('/')[1] ?? '') : priceId;
}

/** A new snapshot's id may be unknown while the alias that was asked for is not. */
function firstKnown(priceId: string | null, models: readonly string[], at: number): FoundPrices | null {
  for (const model of new Set(models)) {
    const found = model === '' ? null : findPrices(priceId, model, at);
    if (found) return found;
  }
  return null;
}

interface Terms {
  readonly times: bigint;
  readonly per: bigint;
  /** A tier whose price nobody knows, priced as standard; `''` when there is none. */
  readonly unknownTier: string;
}

const STANDARD: Terms = { times: 1n, per: 1n, unknownTier: '' };

function termsOf(found: FoundPrices, tiers: readonly string[]): Terms {
  let { times, per, unknownTier } = STANDARD;
  for (const tier of tiers) {
    if (STANDARD_TIERS.has(tier)) continue;
    const known = TIER_PRICES.find(
      (row) =>
        row.tier === tier &&
        row.priceIds.includes(found.priceId) &&
        (row.models === undefined || row.models.includes(found.modelId)),
    );
    if (known) {
      times *= known.times;
      per *= known.per;
    } else {
      // The name goes into a column with few distinct values, so what a host makes up is called "other".
      unknownTier = /^[a-z0-9:_-]{1,24}$/.test(tier) ? tier : 'other';
    }
  }
  return { times, per, unknownTier };
}

function costOf(found: FoundPrices, usage: ReportedUsage, terms: Terms): bigint | null {
  const input = usage.input ?? 0;
  const output = usage.output ?? 0;
  const rates = rateCard(found.prices, input);
  if ((input > 0 && !rates.pricesInput) || (output > 0 && !rates.pricesOutput)) return null;
  // No API says how much of the cached input was audio or images.
  if (usage.cacheRead > 0 && usage.inputAudio > 0 && rates.pricesCachedAudio) return null;
  if (usage.cacheRead > 0 && usage.inputImage > 0 && rates.pricesCachedImage) return null;
  const text = input - usage.cacheRead - usage.cacheWrite - usage.inputAudio - usage.inputImage;
  const answer = output - usage.reasoning - usage.outputAudio - usage.outputImage;
  let tokens = times(text, rates.input) + times(answer, rates.output);
  if (usage.cacheRead > 0) tokens += times(usage.cacheRead, rates.cacheRead);
  if (usage.cacheWrite > 0) {
    tokens += times(usage.cacheWrite - usage.cacheWrite1h, rates.cacheWrite);
    tokens += times(usage.cacheWrite1h, rates.cacheWrite1h);
  }
  if (usage.reasoning > 0) tokens += times(usage.reasoning, rates.reasoning);
  if (usage.inputAudio > 0) tokens += times(usage.inputAudio, rates.inputAudio);
  if (usage.outputAudio > 0) tokens += times(usage.outputAudio, rates.outputAudio);
  if (usage.inputImage > 0) tokens += times(usage.inputImage, rates.inputImage);
  if (usage.outputImage > 0) tokens += times(usage.outputImage, rates.outputImage);
  const fees = times(usage.webSearches, rates.webSearch) + times(usage.fileSearches, rates.fileSearch);
  const perMillion = tokens * terms.times + fees * terms.per;
  return divideRounded(perMillion, 1_000_000n * terms.per) + rates.perCall;
}

function times(count: number, rate: bigint): bigint {
  return count === 0 ? 0n : BigInt(count) * rate;
}

/** To the nearest picodollar, halves up; the dividend is never negative. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor / 2n) / divisor;
}
