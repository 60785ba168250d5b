import { providerByName } from '../find-provider.ts';
import { spellings } from './find-prices.ts';
import { priceLibrary } from './price-library.ts';

/** Tokens that a model takes, its answer included, as the price table has it; undefined where it does not. Never throws. */
export function contextWindow(provider: string, model: string): number | undefined {
  const priceId = providerByName(provider)?.priceId ?? undefined;
  // A host that resells models has prices of its own, not windows.
  for (const providerId of priceId === undefined || priceId.includes('*') ? [undefined] : [priceId, undefined]) {
    for (const name of spellings(model)) {
      const window = windowOf(name, providerId);
      if (window !== undefined) return window;
    }
  }
  return undefined;
}

function windowOf(name: string, providerId: string | undefined): number | undefined {
  try {
    const found = priceLibrary().calcPrice({}, name, providerId === undefined ? {} : { providerId });
    return found?.model.context_window;
  } catch {
    // The library refuses data of its own that contradicts itself.
    return undefined;
  }
}
