import { ApiError } from '@throughline/contracts/errors';
import { headerText } from '../../request/header-text.ts';

/** What `Helicone-Cache-*` and `Cache-Control` ask for (wire contract 1.4). */
export interface CacheWish {
  readonly reads: boolean;
  readonly saves: boolean;
  /** Answers of one key, 1–20. */
  readonly slots: number;
  readonly seed: string;
  /** Members of the body that the key leaves out, ascending. */
  readonly ignoredKeys: readonly string[];
  /** How long a saved answer is given. */
  readonly ttlMs: number;
}

/**
 * @param given headers of ours, by name in lower case.
 * @param cacheControl `''`: none was given.
 * @returns undefined: nothing is to be read or saved.
 * @throws ApiError `invalid-header`, `cache-bucket-too-large`
 */
export function readCacheHeaders(given: ReadonlyMap<string, string>, cacheControl: string): CacheWish | undefined {
  const isOn = (name: string) => given.get(name) === 'true';
  const isEnabled = isOn('helicone-cache-enabled');
  const wantsRead = isEnabled || isOn('helicone-cache-read');
  const wantsSave = isEnabled || isOn('helicone-cache-save');
  if (!wantsRead && !wantsSave) return undefined;
  const ttlMs = readTtl(cacheControl);
  return {
    reads: wantsRead && !NO_CACHE.test(cacheControl),
    saves: wantsSave && !NO_STORE.test(cacheControl) && ttlMs > 0,
    slots: readSlots(given.get(BUCKET)),
    seed: given.get('helicone-cache-seed') ?? '',
    ignoredKeys: readIgnoredKeys(given.get(IGNORED)),
    ttlMs,
  };
}

const BUCKET = 'helicone-cache-bucket-max-size';
const IGNORED = 'helicone-cache-ignore-keys';
const SLOTS_MAX = 20;
const TTL_S_DEFAULT = 604_800;
const TTL_S_MAX = 31_536_000;

const NO_CACHE = /(?:^|[\s,])no-cache(?:[\s,=]|$)/i;
const NO_STORE = /(?:^|[\s,])no-store(?:[\s,]|$)/i;
// Of a cache that many share, what is said to such caches counts first (RFC 9111, 5.2.2.10).
const SHARED_AGE = /(?:^|[\s,])s-maxage="?(\d+)/i;
const AGE = /(?:^|[\s,])max-age="?(\d+)/i;

function readTtl(cacheControl: string): number {
  const seconds = (SHARED_AGE.exec(cacheControl) ?? AGE.exec(cacheControl))?.[1];
  return Math.min(seconds === undefined ? TTL_S_DEFAULT : Number(seconds), TTL_S_MAX) * 1_000;
}

function readSlots(text: string | undefined): number {
  if (text === undefined) return 1;
  const slots = /^\d+$/.test(text) ? Number(text) : 0;
  if (slots > SLOTS_MAX) throw new ApiError('cache-bucket-too-large');
  if (slots < 1) {
    throw new ApiError('invalid-header', { name: BUCKET, reason: `it takes a whole number from 1 to ${SLOTS_MAX}` });
  }
  return slots;
}

function readIgnoredKeys(text: string | undefined): readonly string[] {
  if (text === undefined || text.trim() === '') return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(`[${headerText(text)}]`);
  } catch {
    parsed = undefined;
  }
  if (Array.isArray(parsed) && parsed.every((key) => typeof key === 'string')) return parsed.toSorted();
  throw new ApiError('invalid-header', { name: IGNORED, reason: 'it takes JSON strings with commas between them' });
}
