import { CLOSE_BRACE, COMMA, endOfValue, OPEN_BRACE, OPEN_BRACKET, skipSpace } from './json-scan.ts';

/**
 * The whole objects of a JSON array, as text and in order: an answer that is streamed as one array. Of one that was cut
 * these are the elements before the cut.
 */
export function* arrayElements(text: string): Generator<string> {
  let at = skipSpace(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  if (text.charCodeAt(at) !== OPEN_BRACKET) return;
  do {
    at = skipSpace(text, at + 1);
    if (text.charCodeAt(at) !== OPEN_BRACE) return;
    const end = endOfValue(text, at);
    if (end < 0) return;
    yield text.slice(at, end);
    at = skipSpace(text, end);
  } while (text.charCodeAt(at) === COMMA);
}

/** Whether text begins like an array of objects. */
export function looksLikeArray(text: string): boolean {
  return /^\uFEFF?\s*\[\s*\{/.test(text.slice(0, 64));
}

/** The lines of newline-delimited JSON, in order. Whether the last one is whole, its parser says. */
export function* jsonLines(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('\n', at);
    const end = next < 0 ? text.length : next;
    const line = text.slice(at, end).trim();
    if (line !== '') yield line;
    at = end + 1;
  }
}

/** Whether text is more than one line of JSON objects: its first line ends one, and the next begins another. */
export function looksLikeLines(text: string): boolean {
  const end = text.indexOf('\n');
  if (end < 1 || text.charCodeAt(skipSpace(text, end)) !== OPEN_BRACE) return false;
  const last = text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 2 : end - 1;
  return text.charCodeAt(last) === CLOSE_BRACE && text.charCodeAt(skipSpace(text, 0)) === OPEN_BRACE;
}

const CARRIAGE_RETURN = 13;
