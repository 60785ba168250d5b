/** Values of one group that lie within 1% of each other. */
export interface ValueBin {
  /** Ascending with the values. */
  readonly bin: number;
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** Mean, variance (of a sample, n − 1) and number of the values of some bins. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** Exact up to rounding: bins first, so that large values that differ little lose no digits. */
export function moments(bins: readonly ValueBin[]): Moments {
  const count = bins.reduce((all, bin) => all + bin.count, 0);
  const mean = bins.reduce((all, bin) => all + bin.sum, 0) / count;
  let deviations = 0;
  for (const bin of bins) {
    const own = bin.sum / bin.count;
    deviations += bin.count * ((own - mean) ** 2 + Math.max(0, bin.squares / bin.count - own ** 2));
  }
  return { count, mean, variance: count < 2 ? 0 : deviations / (count - 1) };
}

/** The value that a share of all lies at or below (nearest rank), as the mean of its bin: within 1% of it. */
export function quantileOf(bins: readonly ValueBin[], share: number): number {
  const count = bins.reduce((all, bin) => all + bin.count, 0);
  let left = Math.max(1, Math.ceil(share * count));
  for (const bin of bins) {
    left -= bin.count;
    if (left <= 0) return bin.sum / bin.count;
  }
  return 0;
}

/**
 * Cliff's delta: how much likelier a value of `a` is to be above one of `b` than below it, from −1 to 1. Values in one bin
 * are equal. Both ascending; null where one is empty.
 */
export function cliffsDelta(a: readonly ValueBin[], b: readonly ValueBin[]): number | null {
  const countOf = (bins: readonly ValueBin[]) => bins.reduce((all, bin) => all + bin.count, 0);
  const [all, others] = [countOf(a), countOf(b)];
  if (all === 0 || others === 0) return null;
  let below = 0;
  let at = 0;
  let difference = 0;
  for (const { bin, count } of a) {
    while (at < b.length && b[at]!.bin < bin) below += b[at++]!.count;
    const same = b[at]?.bin === bin ? b[at]!.count : 0;
    difference += count * (below - (others - below - same));
  }
  return difference / (all * others);
}

/** Of the difference of two means: Welch's standard error, 95% of a normal distribution. */
export function meanInterval(a: Moments, b: Moments): [number, number] | null {
  if (a.count < 2 || b.count < 2) return null;
  const margin = Z * Math.sqrt(a.variance / a.count + b.variance / b.count);
  const difference = a.mean - b.mean;
  return [difference - margin, difference + margin];
}

/** How many of how many. */
export interface Share {
  readonly part: number;
  readonly whole: number;
}

/** Of the difference of two shares, 95%: Newcombe's, from Wilson's intervals of each. */
export function shareInterval(a: Share, b: Share): [number, number] {
  const [p, q] = [shareOf(a), shareOf(b)];
  const [aLow, aHigh] = wilson(a);
  const [bLow, bHigh] = wilson(b);
  return [p - q - Math.hypot(p - aLow, bHigh - q), p - q + Math.hypot(aHigh - p, q - bLow)];
}

/** Cohen's h, from −π to π. */
export function cohensH(a: Share, b: Share): number {
  return 2 * Math.asin(Math.sqrt(shareOf(a))) - 2 * Math.asin(Math.sqrt(shareOf(b)));
}

/** 0 of nothing. */
export function shareOf({ part, whole }: Share): number {
  return whole === 0 ? 0 : part / whole;
}

const Z = 1.959963984540054;

function wilson({ part, whole }: Share): [number, number] {
  if (whole === 0) return [0, 1];
  const p = part / whole;
  const scale = 1 + Z ** 2 / whole;
  const centre = (p + Z ** 2 / (2 * whole)) / scale;
  const margin = (Z / scale) * Math.sqrt((p * (1 - p)) / whole + Z ** 2 / (4 * whole ** 2));
  return [Math.max(0, centre - margin), Math.min(1, centre + margin)];
}
