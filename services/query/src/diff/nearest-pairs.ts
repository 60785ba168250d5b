import type { AlignableStep } from './align-steps.ts';
import type { IndexPair } from './patience-pairs.ts';
import { inCommon } from './word-sketch.ts';

type Comparable = Pick<AlignableStep, 'asked' | 'words'>;

/**
 * Pairs steps of two lists in order so that, in all, they have as much as possible in common; as many as there can be,
 * unless leaving some alone brings others together that are the same.
 *
 * @param budget comparisons that may be made, counted down; where they do not suffice, first goes with first.
 */
export function nearestPairs(
  a: readonly Comparable[],
  b: readonly Comparable[],
  budget: { cells: number },
): IndexPair[] {
  const cells = a.length * b.length;
  if (cells > budget.cells) return Array.from({ length: Math.min(a.length, b.length) }, (_, i) => [i, i]);
  budget.cells -= cells;
  const width = b.length + 1;
  // By how many of each list are left: the most that they can have in common.
  const best = new Float64Array((a.length + 1) * width);
  const worth = new Float64Array(cells);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const together = PAIRED + likeness(a[i]!, b[j]!);
      worth[i * b.length + j] = together;
      const paired = together + best[(i + 1) * width + j + 1]!;
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j]!, best[i * width + j + 1]!);
    }
  }
  const pairs: IndexPair[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const here = best[i * width + j]!;
    if (here === worth[i * b.length + j]! + best[(i + 1) * width + j + 1]!) pairs.push([i++, j++]);
    else if (here === best[(i + 1) * width + j]!) i++;
    else j++;
  }
  return pairs;
}

/** What it is worth that two steps are a pair at all, where 1 is that they are the same. */
const PAIRED = 0.5;

function likeness(a: Comparable, b: Comparable): number {
  return a.asked === b.asked ? 1 : inCommon(a.words, b.words);
}
