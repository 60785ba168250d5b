import { COLON, COMMA, endOfValue, OPEN_BRACE, QUOTE, skipSpace, stringEnd } from './json-scan.ts';

/**
 * The top-level strings, booleans and nulls of a JSON object that stand under wanted keys, without parsing the rest:
 * an agent's request is tens of kilobytes of messages around two or three words that matter here, and skipping them
 * costs a quarter of parsing them.
 *
 * For every valid JSON text the answer is that of `JSON.parse` (escaped keys, the last of repeated keys, `__proto__`);
 * of a malformed or cut text it is what stands before the damage.
 *
 * @returns wanted key → string or boolean; null for every other kind of value.
 */
export function topLevelScalars(text: string, wanted: ReadonlySet<string>): Map<string, string | boolean | null> {
  const found = new Map<string, string | boolean | null>();
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (const [name, [from, to]] of topLevelPlaces(text, wanted, start)) found.set(name, scalar(text.slice(from, to)));
  return found;
}

/** Where a value begins, and the place behind it. */
export type Place = readonly [from: number, to: number];

/**
 * Where the values of a JSON object's wanted keys stand, as `topLevelScalars` finds them. Works on text made of bytes, one
 * character each, as well: all that it looks for is ASCII.
 *
 * @param start where the object begins; space may stand before it.
 */
export function topLevelPlaces(text: string, wanted: ReadonlySet<string>, start = 0): Map<string, Place> {
  const found = new Map<string, Place>();
  let at = skipSpace(text, start);
  if (text.charCodeAt(at) !== OPEN_BRACE) return found;
  at = skipSpace(text, at + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = stringEnd(text, at);
    if (keyEnd < 0) return found;
    const key = text.slice(at + 1, keyEnd - 1);
    const colonAt = skipSpace(text, keyEnd);
    if (text.charCodeAt(colonAt) !== COLON) return found;
    const valueAt = skipSpace(text, colonAt + 1);
    const valueEnd = endOfValue(text, valueAt);
    if (valueEnd < 0) return found;
    const name = key.includes('\\') ? unescaped(`"${key}"`) : key;
    if (name !== null && wanted.has(name)) found.set(name, [valueAt, valueEnd]);
    at = skipSpace(text, valueEnd);
    if (text.charCodeAt(at) !== COMMA) return found;
    at = skipSpace(text, at + 1);
  }
  return found;
}

function scalar(json: string): string | boolean | null {
  if (json.charCodeAt(0) === QUOTE) return unescaped(json);
  if (json === 'true') return true;
  return json === 'false' ? false : null;
}

function unescaped(json: string): string | null {
  try {
    return JSON.parse(json) as string;
  } catch {
    return null;
  }
}
