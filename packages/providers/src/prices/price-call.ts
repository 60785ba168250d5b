import { providerByName } from '../find-provider.ts';
import type { ReportedUsage } from '../reported-usage.ts';
import { costOfUsage } from './cost-of-usage.ts';
import { type FeePrices, feesOf } from './fees.ts';
import { type FoundPrices, findPrices } from './find-prices.ts';
import { priceLibrary } from './price-library.ts';
import { PRICE_VERSION } from './price-version.ts';
import { rateCard } from './rate-card.ts';
import { type Terms, termsOf } from './terms.ts';

export interface PriceQuestion {
  /** Stored provider. */
  readonly provider: string;
  readonly path: string;
  /** Names of the model, the most telling first; `''` is skipped. */
  readonly models: readonly string[];
  /** Null: usage is there but contradicts itself, so the cost is unknown. */
  readonly usage: ReportedUsage | null;
  readonly alsoBilled: readonly { readonly model: string; readonly usage: ReportedUsage }[];
  /** Prices of these hold instead of those of `models`, where several worked on one call. */
  readonly billedAs: readonly { readonly model: string; readonly usage: ReportedUsage }[] | null;
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
    billedAs: null,
    tiers: [],
    requestAt: 0,
  });
}

function price(question: PriceQuestion): Price {
  const { provider, usage, requestAt, tiers } = question;
  const priceId = priceIdOf(provider, question.path);
  const unknown: Price = { costPico: null, priceVersion: PRICE_VERSION };
  if (!usage || priceId === undefined) return unknown;
  const parts = question.billedAs ?? [];
  const found = firstKnown(priceId, parts.length > 0 ? parts.map((part) => part.model) : question.models, requestAt);
  if (!found) return unknown;
  const terms = termsOf(found, tiers);
  let total = parts.length > 0 ? (usage.unpriceable ? null : 0n) : costOf(found, usage, terms);
  for (const part of [...parts, ...question.alsoBilled]) {
    const prices = findPrices(priceId, part.model, requestAt);
    if (!prices) return unknown;
    const cost = costOf(prices, part.usage, terms);
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

function costOf(found: FoundPrices, usage: ReportedUsage, terms: Terms): bigint | null {
  const rates = rateCard(found.prices, usage.input ?? 0);
  const hasSearches = usage.webSearches > 0 || usage.fileSearches > 0;
  return costOfUsage(usage, rates, hasSearches ? feesOf(found.priceId, found.modelId) : NO_FEES, terms);
}

const NO_FEES: FeePrices = { webSearch: null, fileSearch: null };
