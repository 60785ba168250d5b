interface Latencies {
  /** As the API has it: within 1% of a latency, so that it may be above the slowest of all. */
  readonly p95_latency: number;
  /** From the start of the first request to the end of the last. */
  readonly duration_ms: number;
}

/**
 * The 95th percentile of a session's latencies, ms, never above what is known to be the slowest.
 *
 * @param slowestMs of its requests; left out: not known, but none took longer than the session.
 */
export function p95Latency({ p95_latency: p95, duration_ms: whole }: Latencies, slowestMs = whole): number {
  return Math.min(p95, slowestMs);
}
