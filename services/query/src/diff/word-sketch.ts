/** Hashes of a text's words, ascending, of a long one the smallest: by them two texts are compared in a few steps. */
export type WordSketch = readonly number[];

/** Of a text of fewer words these are all, and the comparison is exact. */
const HASHES_MAX = 24;

/** Words in any case; everything between them is left out. */
export function wordSketch(text: string): WordSketch {
  const hashes = new Set<number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) hashes.add(hashOf(word));
  return [...hashes].sort((a, b) => a - b).slice(0, HASHES_MAX);
}

/** How much of their words two texts have in common, 0 … 1; 0 of texts without words. */
export function inCommon(a: WordSketch, b: WordSketch): number {
  let [i, j, shared, all] = [0, 0, 0, 0];
  // The smallest of both together stand for all of both.
  while (all < HASHES_MAX && (i < a.length || j < b.length)) {
    const [one, other] = [a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY];
    if (one === other) shared++;
    if (one <= other) i++;
    if (other <= one) j++;
    all++;
  }
  return all === 0 ? 0 : shared / all;
}

/** FNV-1a, 32 bits. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
