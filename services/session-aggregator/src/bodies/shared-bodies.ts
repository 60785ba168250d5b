import type { AggregatorDeps } from '../aggregator-deps.ts';
import type { AggregatorMetrics } from '../metrics.ts';
import { type BodyFetcher, createBodyFetcher } from './body-fetcher.ts';
import { type ByteBudget, createByteBudget } from './byte-budget.ts';

/** What all partitions of a process share to get at the bodies of their events. */
export interface SharedBodies {
  readonly fetcher: BodyFetcher;
  readonly budget: ByteBudget;
}

export function shareBodies({ bodies, config, logger }: AggregatorDeps, metrics: AggregatorMetrics): SharedBodies {
  return {
    fetcher: createBodyFetcher({ store: bodies, waitMs: config.bodyWaitMs, metrics, logger }),
    budget: createByteBudget(config.fetchedBytesMax),
  };
}
