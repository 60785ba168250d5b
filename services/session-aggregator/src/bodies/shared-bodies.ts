import type { AggregatorDeps } from '../aggregator-deps.ts';
import type { AggregatorMetrics } from '../metrics.ts';
import { type BodyFetcher, createBodyFetcher } from './body-fetcher.ts';
import { type ByteBudget, createByteBudget } from './byte-budget.ts';

/** What all partitions of a process share to get at the bodies of their events. */
export interface SharedBodies {
  readonly fetcher: BodyFetcher;
  readonly budget: ByteBudget;
  /** Partitions that have met an event whose body is in a body store, while nobody has said which. */
  readonly waitingForStore: Set<number>;
  /** Whether anybody has said where bodies are. */
  readonly isStoreKnown: boolean;
}

export function shareBodies({ bodies, config, logger }: AggregatorDeps, metrics: AggregatorMetrics): SharedBodies {
  return {
    fetcher: createBodyFetcher({ store: bodies, waitMs: config.bodyWaitMs, metrics, logger }),
    budget: createByteBudget(config.fetchedBytesMax),
    waitingForStore: new Set(),
    isStoreKnown: bodies !== undefined,
  };
}
