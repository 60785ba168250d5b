/** Where a text stands in another. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/** More matches than this are not counted. */
export const MATCHES_MAX = 10_000;

/**
 * Where any of these texts stands in another, in any case, in order; they do not overlap.
 *
 * @param sought the longest first where one holds another; empty ones are nowhere.
 */
export function findText(text: string, sought: readonly string[]): Match[] {
  const wanted = sought.filter((one) => one !== '');
  if (wanted.length === 0) return [];
  const pattern = new RegExp(wanted.map((one) => one.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|'), 'gi');
  const matches: Match[] = [];
  for (const { index, 0: found } of text.matchAll(pattern)) {
    matches.push({ start: index, end: index + found.length });
    if (matches.length === MATCHES_MAX) break;
  }
  return matches;
}

/** A text, and what it looks like inside of a JSON string where that differs. */
export function spellings(sought: string): string[] {
  const escaped = JSON.stringify(sought).slice(1, -1);
  return escaped === sought ? [sought] : [escaped, sought];
}

/** A part of a text that is shown as one: so long that there are few, so short that each is laid out at once. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
}

const CHUNK_CHARS = 8_192;

/** Cuts a text behind lines where it can, and never through a character. */
export function chunksOf(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  while (start < text.length) {
    let end = Math.min(text.length, start + CHUNK_CHARS);
    if (end < text.length) {
      const line = text.lastIndexOf('\n', end - 1);
      if (line > start) end = line + 1;
      else if (isHighSurrogate(text.charCodeAt(end - 1))) end++;
    }
    chunks.push({ start, end });
    start = end;
  }
  return chunks;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
