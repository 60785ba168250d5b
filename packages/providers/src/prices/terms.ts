import type { FoundPrices } from './find-prices.ts';
import { STANDARD_TIERS, TIER_PRICES } from './service-tiers.ts';

/** What the tiers of a call make of the price of its tokens. */
export interface Terms {
  readonly times: bigint;
  readonly per: bigint;
  /** What came from the cache costs the same at every tier. */
  readonly cachedAtStandard: boolean;
  /** A tier whose price nobody knows, priced as standard; `''` when there is none. */
  readonly unknownTier: string;
}

/** The terms of a call that names these tiers. */
export function termsOf(found: FoundPrices, tiers: readonly string[]): Terms {
  let times = 1n;
  let per = 1n;
  let cachedAtStandard = false;
  let unknownTier = '';
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
      cachedAtStandard ||= known.cachedAtStandard === true;
    } else {
      // The name goes into a column with few distinct values, so what a host makes up is called "other".
      unknownTier = /^[a-z0-9:_-]{1,24}$/.test(tier) ? tier : 'other';
    }
  }
  return { times, per, cachedAtStandard, unknownTier };
}
