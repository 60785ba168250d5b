import type { PSize } from '@throughline/contracts/api/session-summary';

/** Quantiles as fractions of 1000. */
const LEVELS: Readonly<Record<PSize, bigint>> = { p50: 500n, p75: 750n, p95: 950n, p99: 990n, 'p99.9': 999n };

/**
 * The histogram of some whole numbers as the contract has it: quantiles by linear interpolation, values beyond them left
 * out, at most ten bins. Computed with fractions of whole numbers, so exactly.
 */
export function referenceHistogram(
  values: readonly bigint[],
  pSize: PSize,
  useInterquartile: boolean,
): { least: bigint; most: bigint; count: number }[] {
  const sorted = values.toSorted(compare);
  if (sorted.length === 0) return [];
  /** A thousand times the quantile. */
  const quantile = (level: bigint): bigint => {
    const at = level * BigInt(sorted.length - 1);
    const below = sorted[Number(at / 1000n)]!;
    const above = sorted[Number((at + 999n) / 1000n)]!;
    return below * 1000n + (above - below) * (at % 1000n);
  };
  const upper = quantile(LEVELS[pSize]);
  const lower = useInterquartile ? quantile(1000n - LEVELS[pSize]) : sorted[0]! * 1000n;
  const kept = sorted.filter((value) => value * 1000n >= lower && value * 1000n <= upper);
  if (kept.length === 0) return [];
  const [least, most] = [kept[0]!, kept.at(-1)!];
  const isFew = new Set(kept).size <= 10;
  const bins = new Map<bigint, bigint[]>();
  for (const value of kept) {
    // The greatest value belongs to the last range.
    const place = isFew ? value : value === most ? 9n : ((value - least) * 10n) / (most - least);
    bins.set(place, [...(bins.get(place) ?? []), value]);
  }
  return [...bins.values()].map((bin) => ({ least: bin[0]!, most: bin.at(-1)!, count: bin.length }));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
