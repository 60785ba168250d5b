/** Places of what is the same in two lists. */
export type IndexPair = readonly [a: number, b: number];

/**
 * Equal texts of two lists, both in order, as patience diff finds them: what is equal at both ends, then the longest row of
 * those that each list has once, and the same again between them. Time grows with the lengths, not with their product; of
 * texts that come more than once some are not found.
 */
export function patiencePairs(a: readonly string[], b: readonly string[]): IndexPair[] {
  const pairs: IndexPair[] = [];
  const waiting: Range[] = [{ a: [0, a.length], b: [0, b.length], depth: 0 }];
  for (let range = waiting.pop(); range; range = waiting.pop()) {
    let [fromA, toA] = range.a;
    let [fromB, toB] = range.b;
    while (fromA < toA && fromB < toB && a[fromA] === b[fromB]) pairs.push([fromA++, fromB++]);
    while (fromA < toA && fromB < toB && a[toA - 1] === b[toB - 1]) pairs.push([--toA, --toB]);
    if (fromA === toA || fromB === toB || range.depth === DEPTH_MAX) continue;
    const row = longestAscending(uniqueInBoth(a, [fromA, toA], b, [fromB, toB]));
    if (row.length === 0) continue;
    for (const [atA, atB] of [...row, [toA, toB] as const]) {
      waiting.push({ a: [fromA, atA], b: [fromB, atB], depth: range.depth + 1 });
      fromA = atA + 1;
      fromB = atB + 1;
    }
    pairs.push(...row);
  }
  return pairs.sort(([i], [j]) => i - j);
}

/** How often it is looked again between what was found: lists that need more are made to. */
const DEPTH_MAX = 24;

interface Range {
  readonly a: readonly [from: number, to: number];
  readonly b: readonly [from: number, to: number];
  readonly depth: number;
}

/** Ascending in `a`. */
function uniqueInBoth(
  a: readonly string[],
  [fromA, toA]: Range['a'],
  b: readonly string[],
  [fromB, toB]: Range['b'],
): IndexPair[] {
  const inA = onlyPlaces(a, fromA, toA);
  const inB = onlyPlaces(b, fromB, toB);
  const found: IndexPair[] = [];
  for (const [text, at] of inA) {
    const other = inB.get(text);
    if (at >= 0 && other !== undefined && other >= 0) found.push([at, other]);
  }
  return found;
}

/** Text → its place, -1 for one that is there more than once. */
function onlyPlaces(texts: readonly string[], from: number, to: number): Map<string, number> {
  const places = new Map<string, number>();
  for (let at = from; at < to; at++) places.set(texts[at]!, places.has(texts[at]!) ? -1 : at);
  return places;
}

/** Of pairs that ascend in `a`, the most that ascend in `b` too. */
function longestAscending(pairs: readonly IndexPair[]): IndexPair[] {
  // By length of a row: the pair that it ends with, where `b` is smallest; and before each pair the one that it follows.
  const ends: number[] = [];
  const before: number[] = [];
  for (const [index, [, b]] of pairs.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]!]![1] < b) low = middle + 1;
      else high = middle;
    }
    before.push(low === 0 ? -1 : ends[low - 1]!);
    ends[low] = index;
  }
  const row: IndexPair[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at]!) row.push(pairs[at]!);
  return row.reverse();
}
