import type { ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';
import { HOUR_WRITES, PRICE_OVERRIDES, type PriceOverride } from './overrides.ts';
import { priceLibrary } from './price-library.ts';

export interface FoundPrices {
  /** The model's id in the price table (or the first name of an override): what tier prices are keyed on. */
  readonly modelId: string;
  /** The provider whose table it was found in. */
  readonly priceId: string;
  /** The same object for the same prices, so that it can key a memory. */
  readonly prices: ModelPrice;
}

/**
 * The prices of a model at a time; null when nobody knows them.
 *
 * @param priceId provider in the price table; null: whichever provider the model's name points to.
 * @param at epoch ms.
 */
export function findPrices(priceId: string | null, model: string, at: number): FoundPrices | null {
  const key = `${priceId}\n${model}`;
  let entry = entries.get(key);
  if (entry === undefined) {
    entry = look(priceId, model);
    if (entries.size >= ENTRIES_MAX) entries.clear();
    entries.set(key, entry);
  }
  if (!entry) return null;
  return { modelId: entry.modelId, priceId: entry.priceId, prices: pricesAt(entry, at) };
}

/** Models remembered, unknown ones too: callers may name any model, so the memory is bounded. About 500 bytes each. */
const ENTRIES_MAX = 4096;

interface Entry {
  readonly modelId: string;
  readonly priceId: string;
  /** Holds only this model, so that the library need not search. */
  readonly provider: Provider;
  readonly prices: ModelInfo['prices'];
  /** Of prices that change with the date only: the day (UTC) last asked for, and its prices. */
  dayKnown: number;
  pricesOfDay: ModelPrice | undefined;
}

const entries = new Map<string, Entry | null>();

function look(priceId: string | null, model: string): Entry | null {
  for (const name of spellings(model)) {
    const override = findOverride(priceId, name);
    if (override) return makeEntry(override.models[0] ?? override.prefix ?? name, override.priceId, override.prices);
    const found = priceLibrary().calcPrice({}, name, priceId === null ? {} : { providerId: priceId });
    if (found) return makeEntry(found.model.id, found.provider.id, found.model.prices);
  }
  return null;
}

/** A model's name as sent, then without the decorations that the table does not know. */
export function spellings(model: string): string[] {
  const name = model.toLowerCase().trim();
  const bare = name.startsWith('models/') ? name.slice('models/'.length) : name;
  // As Vertex names its own models to clients of OpenAI's API.
  const plain = bare.startsWith('google/') ? bare.slice('google/'.length) : bare;
  const withoutVariant = bare.replace(/:(?:nitro|floor|online|exacto)$/, '');
  return [...new Set([name, bare, plain, withoutVariant])].filter((spelling) => spelling !== '');
}

function findOverride(priceId: string | null, model: string): PriceOverride | undefined {
  const library = priceLibrary();
  const provider = library.findProvider(priceId === null ? { modelId: model } : { providerId: priceId });
  const ids = [provider?.id, ...(provider?.fallback_model_providers ?? [])];
  return PRICE_OVERRIDES.find(
    (override) =>
      ids.includes(override.priceId) &&
      (override.models.includes(model) || (override.prefix !== undefined && model.startsWith(override.prefix))),
  );
}

function makeEntry(modelId: string, priceId: string, listed: ModelInfo['prices']): Entry {
  const prices = completed(modelId, priceId, listed);
  const only: ModelInfo = { id: modelId, match: { equals: ONLY }, prices };
  const provider: Provider = { id: priceId, name: priceId, api_pattern: '', models: [only] };
  return { modelId, priceId, provider, prices, dayKnown: Number.NaN, pricesOfDay: undefined };
}

/** With the price of writes for an hour, where the table lacks it. */
function completed(modelId: string, priceId: string, prices: ModelInfo['prices']): ModelInfo['prices'] {
  if (priceId !== HOUR_WRITES.priceId || !HOUR_WRITES.model.test(modelId) || Array.isArray(prices)) return prices;
  const { input_mtok: input, cache_write_mtok: write, cache_write_1h_mtok: hourWrite } = prices;
  if (typeof input !== 'number' || write === undefined || hourWrite !== undefined) return prices;
  return { ...prices, cache_write_1h_mtok: input * HOUR_WRITES.timesInput };
}

const ONLY = 'only';
const DAY_MS = 86_400_000;

function pricesAt(entry: Entry, at: number): ModelPrice {
  if (!Array.isArray(entry.prices)) return entry.prices;
  const changesWithin = entry.prices.some((price) => price.constraint?.type === 'time_of_date');
  // Prices by date change at midnight UTC.
  const day = Math.floor(at / DAY_MS);
  if (!changesWithin && day === entry.dayKnown) return entry.pricesOfDay!;
  const found = priceLibrary().calcPrice({}, ONLY, { provider: entry.provider, timestamp: new Date(at) });
  const prices = found!.model_price;
  entry.dayKnown = day;
  entry.pricesOfDay = prices;
  return prices;
}
