import type { TableName } from '@throughline/analytics/analytics-store';
import type { Metrics } from '@throughline/telemetry/metrics';

export type AggregatorMetrics = ReturnType<typeof createAggregatorMetrics>;

/** What has happened to a call by then: its session's totals show it, its session's snapshot does. */
export type FreshnessStage = 'totals' | 'snapshots';

/** The aggregator's part of `/metrics`. @param now epoch ms. */
export function createAggregatorMetrics(metrics: Metrics, now: () => number = Date.now) {
  const rows = metrics.counter('aggregator_rows_total', 'Rows inserted, by table; those inserted again count again', [
    'table',
  ]);
  const batchEvents = metrics.distribution('aggregator_batch_events', 'Log entries per batch', BATCH_EVENTS_BUCKETS);
  const freshness = metrics.distributions(
    'aggregator_freshness_seconds',
    'From the end of a call’s response until its session shows it, by what shows it',
    FRESHNESS_BUCKETS_S,
    { name: 'stage', values: ['totals', 'snapshots'] satisfies FreshnessStage[] },
  );
  const fence = metrics.gauge('aggregator_fence_offset', 'Last log offset applied, by partition', ['partition']);
  const paused = metrics.gauge('aggregator_partition_paused', '1 while a partition waits for a person', ['partition']);
  const committedAt = new Map<number, number>();
  metrics.gauge(
    'aggregator_fence_age_seconds',
    'Since when nothing was committed, by partition owned: a fault only where its log holds more',
    ['partition'],
    (gauge) => {
      gauge.reset();
      for (const [partition, at] of committedAt) gauge.set({ partition }, Math.max(0, now() - at) / 1_000);
    },
  );
  return {
    events: metrics.counter('aggregator_events_total', 'Log entries applied to rows and totals'),
    batches: metrics.counter('aggregator_batches_total', 'Batches applied'),
    retries: metrics.counter('aggregator_retries_total', 'Tries that failed and were repeated, by step', ['step']),
    deadLetters: metrics.counter(
      'aggregator_dead_letters_total',
      'Events that could not be processed, by the step that could not',
      ['step'],
    ),
    rebuilds: metrics.counter('aggregator_rebuilds_total', 'Partitions whose totals were made anew from their rows'),
    bodiesFetched: metrics.counter('aggregator_bodies_fetched_total', 'Bodies fetched from the body store'),
    bodyBytesFetched: metrics.counter('aggregator_body_bytes_fetched_total', 'Bytes of them'),
    bodyFetchFailures: metrics.counter(
      'aggregator_body_fetch_failures_total',
      'Tries to fetch a body that the body store did not answer',
    ),
    bodiesMissing: metrics.counter(
      'aggregator_bodies_missing_total',
      'Bodies that were not in the body store: their calls are recorded without them',
    ),
    bodiesDeleted: metrics.counter(
      'aggregator_bodies_deleted_total',
      'Objects deleted from the body store because no event in the log can refer to them',
    ),
    paused,
    totalsFull: metrics.gauge(
      'aggregator_totals_full',
      '1 while a partition waits because the totals have no room and no session is idle',
      ['partition'],
    ),
    batchEvents,
    inserted: (table: TableName, count: number) => rows.inc({ table }, count),
    /** @param responseAts epoch ms, by the gateway's clock: one that is ahead must not make time negative. */
    fresh(stage: FreshnessStage, responseAts: Float64Array, at: number) {
      for (const responseAt of responseAts) freshness[stage].observe(Math.max(0, at - responseAt) / 1_000);
    },
    /** The partition is owned here, and was committed up to `offset` at `at`, epoch ms. */
    committed(partition: number, offset: number, at: number) {
      fence.set({ partition }, offset);
      committedAt.set(partition, at);
    },
    /** It is owned here no longer. */
    released(partition: number) {
      committedAt.delete(partition);
      paused.set({ partition }, 0);
    },
  };
}

/** A batch is one event when idle and 4,000 at most. */
const BATCH_EVENTS_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_000, 4_000];

/** Within a second is the promise; minutes and hours are backlogs being worked off. */
const FRESHNESS_BUCKETS_S = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400];
