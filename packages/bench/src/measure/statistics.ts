/** The middle value; of an even number of values the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` (0–1) of the values lies, between neighbours in proportion. NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}

/** Half the distance from the least to the greatest value, in percent of the median. */
export function spreadPercent(values: readonly number[]): number {
  const middle = median(values);
  return middle === 0 ? 0 : ((Math.max(...values) - Math.min(...values)) / 2 / middle) * 100;
}

/**
 * The median of the ratios of pairs that were measured one right after the other: drift of the machine hits both of a
 * pair, so this is steadier than the ratio of the two medians.
 */
export function medianRatio(values: readonly number[], references: readonly number[]): number {
  return median(values.map((value, i) => value / references[i]!));
}
