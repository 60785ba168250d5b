import type { Metrics } from '@throughline/telemetry/metrics';

export type AggregatorMetrics = ReturnType<typeof createAggregatorMetrics>;

export function createAggregatorMetrics(metrics: Metrics) {
  return {
    events: metrics.counter('aggregator_events_total', 'Log entries applied to rows and totals'),
    batches: metrics.counter('aggregator_batches_total', 'Batches applied'),
    retries: metrics.counter('aggregator_retries_total', 'Tries that failed and were repeated, by step', ['step']),
    fence: metrics.gauge('aggregator_fence_offset', 'Last log offset applied, by partition', ['partition']),
    paused: metrics.gauge('aggregator_partition_paused', '1 while a partition waits for a person', ['partition']),
  };
}
