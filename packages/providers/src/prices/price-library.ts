import { createRequire } from 'node:module';
import type * as GenaiPrices from '@pydantic/genai-prices';

let library: typeof GenaiPrices | undefined;

/** The price library, loaded on first use: 40 ms and 3 MB that a process which prices nothing does not pay. */
export function priceLibrary(): typeof GenaiPrices {
  // The CommonJS build, because only `require` can load in the middle of synchronous work.
  library ??= createRequire(import.meta.url)('@pydantic/genai-prices') as typeof GenaiPrices;
  return library;
}
