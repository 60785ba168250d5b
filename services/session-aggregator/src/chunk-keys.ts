import type { SessionKey } from '@throughline/session-totals/session-totals';

/** Keys in one query. */
const KEYS_MAX = 500;
/** Characters of keys in one query: ids may be as long as a header, and engines bound the text of a query (256 KiB). */
const CHARS_MAX = 60_000;

/** Keys in parts that fit one query each. */
export function* chunkKeys<K extends SessionKey>(keys: readonly K[]): Generator<K[]> {
  let part: K[] = [];
  let chars = 0;
  for (const key of keys) {
    const more = key.tenantId.length + key.sessionId.length;
    if (part.length > 0 && (part.length >= KEYS_MAX || chars + more > CHARS_MAX)) {
      yield part;
      part = [];
      chars = 0;
    }
    part.push(key);
    chars += more;
  }
  if (part.length > 0) yield part;
}
