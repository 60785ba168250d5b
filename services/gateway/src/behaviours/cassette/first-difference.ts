/** Where two bodies part. */
export interface Difference {
  /** `messages[2].content`; `''`: the bodies as a whole. */
  readonly at: string;
  /** Around the first character that differs, as JSON where it is no text; undefined: it is not there. */
  readonly recorded: string | undefined;
  readonly now: string | undefined;
}

/** @returns undefined: they say the same. */
export function firstDifference(recorded: unknown, now: unknown): Difference | undefined {
  return differenceAt('', recorded, now, 0);
}

/** Deeper than anybody's bodies; what parts below is told here. */
const DEPTH_MAX = 64;

function differenceAt(at: string, recorded: unknown, now: unknown, depth: number): Difference | undefined {
  if (recorded === now) return undefined;
  if (Array.isArray(recorded) && Array.isArray(now) && depth < DEPTH_MAX) {
    for (let index = 0; index < Math.max(recorded.length, now.length); index++) {
      const found = differenceAt(`${at}[${index}]`, recorded[index], now[index], depth + 1);
      if (found) return found;
    }
    return undefined;
  }
  if (isObject(recorded) && isObject(now) && depth < DEPTH_MAX) {
    for (const name of new Set([...Object.keys(recorded), ...Object.keys(now)])) {
      const place = at === '' ? name : `${at}.${name}`;
      const found = differenceAt(place, ownOf(recorded, name), ownOf(now, name), depth + 1);
      if (found) return found;
    }
    return undefined;
  }
  const texts = [shown(recorded), shown(now)] as const;
  const from = commonLength(texts[0] ?? '', texts[1] ?? '');
  return { at, recorded: excerpt(texts[0], from), now: excerpt(texts[1], from) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `__proto__` is a name like any other. */
function ownOf(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function shown(value: unknown): string | undefined {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function commonLength(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

const BEFORE = 20;
const AFTER = 60;

function excerpt(text: string | undefined, from: number): string | undefined {
  if (text === undefined) return undefined;
  const begin = Math.max(0, from - BEFORE);
  const end = from + AFTER;
  return `${begin > 0 ? '…' : ''}${text.slice(begin, end).toWellFormed()}${end < text.length ? '…' : ''}`;
}
