import { isHexDigit } from './char-class.ts';

/** A text with its escapes undone, and where each of its units came from. */
export interface Unescaped {
  readonly text: string;
  /** Unit of `text` → where it begins in the text before; one more for its end. */
  readonly places: Uint32Array;
}

/**
 * Undoes the escapes of a JSON string (`\n`, `\"`, `\u0040`), and of a URL where `percent` is set (`%40`), once. Whatever
 * looks like neither stays as it is.
 *
 * @returns undefined when there is nothing to undo.
 */
export function unescapeText(text: string, percent: boolean): Unescaped | undefined {
  const first = text.indexOf('\\');
  const firstPercent = percent ? text.indexOf('%') : -1;
  if (first < 0 && firstPercent < 0) return undefined;
  const places = new Uint32Array(text.length + 1);
  const parts: string[] = [];
  let size = 0;
  let plainFrom = 0;
  let at = 0;
  const put = (unit: string, length: number) => {
    parts.push(text.slice(plainFrom, at), unit);
    for (let i = 0; i < unit.length; i++) places[size++] = at;
    at += length;
    plainFrom = at;
  };
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      const next = text.charCodeAt(at + 1);
      const unit = next === LOWER_U ? hexUnit(text, at + 2) : SIMPLE.get(next);
      if (unit !== undefined) {
        put(unit, next === LOWER_U ? 6 : 2);
        continue;
      }
    } else if (percent && code === PERCENT) {
      const escaped = percentEscaped(text, at);
      if (escaped) {
        put(escaped.text, escaped.length);
        continue;
      }
    }
    places[size++] = at++;
  }
  if (parts.length === 0) return undefined;
  parts.push(text.slice(plainFrom));
  places[size] = text.length;
  return { text: parts.join(''), places };
}

const BACKSLASH = 92;
const PERCENT = 37;
const LOWER_U = 117;

const SIMPLE: ReadonlyMap<number, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }).map(
    ([char, unit]) => [char.charCodeAt(0), unit],
  ),
);

function hexUnit(text: string, from: number): string | undefined {
  for (let i = 0; i < 4; i++) if (!isHexDigit(text.charCodeAt(from + i))) return undefined;
  return String.fromCharCode(Number.parseInt(text.slice(from, from + 4), 16));
}

/** One character: as many bytes as UTF-8 has for it. */
function percentEscaped(text: string, from: number): { readonly text: string; readonly length: number } | undefined {
  const first = byteAt(text, from);
  if (first < 0) return undefined;
  const count = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const bytes = [first];
  for (let i = 1; i < count; i++) {
    const byte = byteAt(text, from + 3 * i);
    if (byte < 0) return undefined;
    bytes.push(byte);
  }
  return { text: count === 1 ? String.fromCharCode(first) : Buffer.from(bytes).toString('utf8'), length: 3 * count };
}

function byteAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== PERCENT) return -1;
  if (!isHexDigit(text.charCodeAt(at + 1)) || !isHexDigit(text.charCodeAt(at + 2))) return -1;
  return Number.parseInt(text.slice(at + 1, at + 3), 16);
}

/**
 * The place itself, or the one behind the escape that it is in the middle of: to keep `\n` and put something else in
 * front of what follows it.
 */
export function outsideEscape(text: string, at: number): number {
  for (let back = 1; back <= 5 && back <= at; back++) {
    if (text.charCodeAt(at - back) !== BACKSLASH) continue;
    let before = at - back - 1;
    while (before >= 0 && text.charCodeAt(before) === BACKSLASH) before--;
    // Even: they escape each other.
    if ((at - back - before) % 2 === 0) continue;
    const length = text.charCodeAt(at - back + 1) === LOWER_U ? 6 : 2;
    return back < length ? at - back + length : at;
  }
  return at;
}
