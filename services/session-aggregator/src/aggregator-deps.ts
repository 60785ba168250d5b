import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { BodyStore } from '@throughline/body-store/body-store';
import type { TokenCounter } from '@throughline/providers/estimate/token-counter';
import type { Fence, SessionTotals } from '@throughline/session-totals/session-totals';
import type { Logger } from '@throughline/telemetry/logger';
import type { Metrics } from '@throughline/telemetry/metrics';
import type { Tracer } from '@throughline/telemetry/tracer';
import type { CollectorConfig } from './collect-entries.ts';
import type { CrashPointHook } from './crash-points.ts';
import type { WebhookTeller } from './webhooks/webhook-deliverer.ts';

export interface AggregatorConfig extends CollectorConfig {
  /** The cycle of one that owns fewer than all partitions. Left out: `cycleMs` whatever it owns. */
  readonly sharedCycle?: { readonly partitions: number; readonly cycleMs: number };
  /**
   * The cycle once a batch would have so many events: each costs less in a larger one. Left out: the usual one.
   */
  readonly largeBatch?: { readonly events: number; readonly cycleMs: number };
  /** How long rows wait for those of other partitions, to go into a table by one insert. */
  readonly insertLingerMs: number;
  /** Memory for live sessions per partition, about; those beyond it are read again from the totals. */
  readonly sessionBytesMax: number;
  /** A session without a new request for this long is evicted to its snapshot. */
  readonly evictAfterIdleMs: number;
  /** How often a partition without calls looks whether its stores still hold what it left there. */
  readonly idleCheckMs: number;
  /** Longest wait between two tries of a step that failed. */
  readonly retryWaitMaxMs: number;
  /**
   * How long an owner whose commit was refused waits before it takes the partition again, should it still be assigned to
   * it. Longer than a group takes to notice a dead member, so that two owners do not take it from each other in turn.
   */
  readonly reclaimAfterMs: number;
  /** `OUTBOX_AGE_MAX_HOURS`: how late a producer may still send what it holds. */
  readonly producerAgeMaxHours: number;
  /** Fetched bodies of all partitions together that wait for their batch to be stored, decompressed. */
  readonly fetchedBytesMax: number;
  /** How long a body that the body store does not have is asked for before its call is recorded without it, ms. */
  readonly bodyWaitMs: number;
  /** How long after an event was received it may be read from the log, ms; left out: bodies are not deleted. */
  readonly bodyKeepMs?: number;
}

/**
 * Embedded: a cycle starts at once when idle, else every 150 ms (an insert costs 16–20 ms whatever its size); 4,000
 * events fill a batch at any rate that two cores reach, and 32 MiB bound the memory of batches of large bodies. 64 MiB
 * hold some 20,000 sessions of the usual size. Fetched bodies are in memory three times while they are stored: 96 MiB of
 * them leave a process of 1 GiB room for everything else. A store that shows objects late does so within seconds.
 */
export const AGGREGATOR_DEFAULTS: AggregatorConfig = {
  batchEventsMax: 4_000,
  batchBytesMax: 32 * 1024 * 1024,
  cycleMs: 150,
  largeBatch: { events: 600, cycleMs: 500 },
  insertLingerMs: 0,
  sessionBytesMax: 64 * 1024 * 1024,
  evictAfterIdleMs: 3_600_000,
  idleCheckMs: 10_000,
  retryWaitMaxMs: 5_000,
  reclaimAfterMs: 15_000,
  producerAgeMaxHours: 168,
  fetchedBytesMax: 96 * 1024 * 1024,
  bodyWaitMs: 30_000,
};

/** How far readers may believe the stores: set after each commit and each publication. */
export interface Progress {
  /** Totals reflect everything up to this offset, that is what was recorded until `atMs`, epoch ms. */
  totals(partition: number, fence: Fence, atMs: number): void;
  /** Snapshots do. */
  snapshots(partition: number, fence: Fence, atMs: number): void;
}

export interface AggregatorDeps {
  readonly totals: SessionTotals;
  readonly analytics: AnalyticsStore;
  /** Where events have large bodies. Left out: the log has them, and a partition whose events say otherwise waits. */
  readonly bodies?: Pick<BodyStore, 'get' | 'deleteBefore'>;
  /** Counts tokens that a provider did not tell. Left out: they are unknown. */
  readonly tokens?: Pick<TokenCounter, 'count'> | undefined;
  readonly progress: Progress;
  /** Is told of calls that webhooks are to be told of. Left out: nobody is. */
  readonly webhooks?: WebhookTeller;
  readonly config: AggregatorConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Left out: no spans. */
  readonly tracer?: Tracer;
  /** Epoch ms. */
  readonly now: () => number;
  readonly crashPoint?: CrashPointHook;
}
