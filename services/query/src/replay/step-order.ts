/** When something began and ended, epoch ms. */
export interface Interval {
  readonly requestAt: number;
  readonly responseAt: number;
}

/** Which steps may begin, as others end: in the order and with the overlaps that they were recorded with. */
export interface StepOrder {
  /** The next step that may begin, which then has begun; undefined while there is none. */
  next(): number | undefined;
  ended(index: number): void;
}

/**
 * A step begins when all those have ended that had ended before it began. How long each takes this time makes no
 * difference to which ones wait for which.
 *
 * @param steps in the order in which they began.
 */
export function stepOrder(steps: readonly Interval[]): StepOrder {
  // Two that began and ended in the same instant: the first of them was before the second.
  const endOf = (index: number) => Math.max(steps[index]!.responseAt, steps[index]!.requestAt);
  const byEnd = steps.map((_, index) => index).sort((a, b) => endOf(a) - endOf(b) || a - b);
  const hasEnded = new Set<number>();
  let endedInOrder = 0;
  let begun = 0;
  /** Of `byEnd`, those that `begun` waits for: more of them for each later step. */
  let waitsFor = 0;
  return {
    next() {
      const step = steps[begun];
      if (!step) return undefined;
      while (waitsFor < byEnd.length && isBefore(byEnd[waitsFor]!, begun)) waitsFor++;
      return endedInOrder >= waitsFor ? begun++ : undefined;
    },
    ended(index) {
      hasEnded.add(index);
      while (endedInOrder < byEnd.length && hasEnded.has(byEnd[endedInOrder]!)) endedInOrder++;
    },
  };

  function isBefore(index: number, than: number): boolean {
    const end = endOf(index);
    const beginning = steps[than]!.requestAt;
    return end < beginning || (end === beginning && index < than);
  }
}
