import type { EventLogConsumer } from '@throughline/event-log/event-log';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { createAggregatorMetrics } from './metrics.ts';
import { ownPartition } from './own-partition.ts';

/** Event log → rows, totals and snapshots, for every partition that the consumer assigns. */
export interface SessionAggregator {
  /** Takes part until `close`; rejects when the consumer itself fails. */
  run(): Promise<void>;
  /** Gives up every partition after the batch under way. */
  close(): Promise<void>;
}

/**
 * @param onStopped called when a partition cannot go on: it stays where its fence is, the others go on, and a person
 *   is needed. Nothing is lost.
 */
export function createSessionAggregator(
  deps: AggregatorDeps,
  consumer: EventLogConsumer,
  onStopped: (partition: number, error: unknown) => void,
): SessionAggregator {
  const metrics = createAggregatorMetrics(deps.metrics, deps.now);
  return {
    run: () =>
      consumer.run(
        (reader) => ownPartition(deps, metrics, reader),
        (partition, error) => {
          metrics.paused.set({ partition }, 1);
          deps.logger.error({ partition, err: error }, 'this partition has stopped: a person is needed');
          onStopped(partition, error);
        },
      ),
    close: () => consumer.close(),
  };
}
