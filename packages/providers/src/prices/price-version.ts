import { createHash } from 'node:crypto';
import { FEES } from './fees.ts';
import { HOUR_WRITES, PRICE_OVERRIDES } from './overrides.ts';
import { TIER_PRICES } from './service-tiers.ts';

/** Version of `@pydantic/genai-prices` as pinned in package.json; a test compares the two. */
export const LIBRARY_VERSION = '0.1.8';

/**
 * Names the prices that a cost was computed with: the library's version and a digest of our corrections, so that a
 * changed correction cannot keep an old name. Rows can be priced anew by it.
 */
export const PRICE_VERSION = `genai-prices@${LIBRARY_VERSION}+ours@${digestOfOurs()}`;

function digestOfOurs(): string {
  const text = JSON.stringify([PRICE_OVERRIDES, HOUR_WRITES, TIER_PRICES, FEES], (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
