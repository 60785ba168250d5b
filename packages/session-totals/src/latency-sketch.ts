/**
 * Quantiles of latencies from fixed log buckets: bucket i holds the whole milliseconds in (γ^(i−1), γ^i], so that one
 * value stands for all of a bucket with a relative error of at most 1%. Buckets do not depend on what was seen, so
 * counts add up in any order. In SQL: `ceil(log(ms) / log(101 / 99))` for ms > 0, else −1.
 */
const GAMMA = 101 / 99;

/**
 * Latencies above 24.8 days count as that long in quantiles (sums keep them whole). Up to here no power of γ comes so
 * near to a whole number that another logarithm could put it into another bucket; `latency-sketch.test.ts` checks it.
 */
export const LATENCY_MS_MAX = 2 ** 31 - 1;

/** Bucket of latency 0. */
const ZERO_BUCKET = -1;
const LOG_GAMMA = Math.log(GAMMA);

/** @param ms a whole number; below 0 counts as 0. */
export function latencyBucket(ms: number): number {
  if (ms < 1) return ZERO_BUCKET;
  return Math.ceil(Math.log(Math.min(ms, LATENCY_MS_MAX)) / LOG_GAMMA);
}

/** The milliseconds that stand for a bucket: exact where it holds one whole number (all below 50), else to 1 µs. */
export function bucketMs(bucket: number): number {
  if (bucket <= ZERO_BUCKET) return 0;
  const lowest = Math.floor(GAMMA ** (bucket - 1)) + 1;
  const highest = Math.floor(GAMMA ** bucket);
  if (bucket === 0 || highest <= lowest) return Math.max(highest, 1);
  // Within 1% of both ends; the plain middle would miss the lower end by a hair in wide buckets.
  return Math.round(500 * (1.01 * lowest + 0.99 * highest)) / 1_000;
}

/**
 * A quantile by nearest rank: the value of the ⌈percent / 100 · n⌉-th smallest latency, within 1%.
 *
 * @param buckets bucket → count. @param percent a whole number, 1–100.
 * @returns milliseconds, 0 when nothing was counted.
 */
export function latencyQuantile(buckets: ReadonlyMap<number, number>, percent: number): number {
  let count = 0;
  for (const inBucket of buckets.values()) count += inBucket;
  if (count === 0) return 0;
  // Multiplied first: n · 95 is exact, so is its quotient whenever it is whole.
  let rank = Math.ceil((count * percent) / 100);
  for (const bucket of [...buckets.keys()].sort((a, b) => a - b)) {
    rank -= buckets.get(bucket)!;
    if (rank <= 0) return bucketMs(bucket);
  }
  throw new RangeError(`percent ${percent} is not within 1–100`);
}
