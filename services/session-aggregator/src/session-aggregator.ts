import type { EventLogConsumer, PartitionReader } from '@throughline/event-log/event-log';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { shareBodies } from './bodies/shared-bodies.ts';
import { sweepBodies } from './bodies/sweep-bodies.ts';
import { createAggregatorMetrics } from './metrics.ts';
import { ownPartition } from './own-partition.ts';
import { createPace } from './pace.ts';
import { shareInserts } from './share-inserts.ts';

/** Event log → rows, totals and snapshots, for every partition that the consumer assigns. */
export interface SessionAggregator {
  /** Takes part until `close`; rejects when the consumer itself fails. */
  run(): Promise<void>;
  /** Why partitions wait for a person who has to set something, one sentence; undefined: none does. */
  whyWaiting(): string | undefined;
  /** Gives up every partition after the batch under way. */
  close(): Promise<void>;
}

/**
 * @param onStopped called when a partition cannot go on: it stays where its fence is, the others go on, and a person
 *   is needed. Nothing is lost.
 */
export function createSessionAggregator(
  given: AggregatorDeps,
  consumer: EventLogConsumer,
  onStopped: (partition: number, error: unknown) => void,
): SessionAggregator {
  const metrics = createAggregatorMetrics(given.metrics, given.now);
  const deps = { ...given, analytics: shareInserts(given.analytics, { lingerMs: given.config.insertLingerMs }) };
  const { bodies: store, config, logger } = deps;
  const { cycleMs, sharedCycle, largeBatch } = config;
  let owned = 0;
  // An insert costs the engine the same whatever its size: the more aggregators there are, the fewer each makes.
  const pace = createPace((events) => {
    const usual = sharedCycle && owned < sharedCycle.partitions ? sharedCycle.cycleMs : cycleMs;
    return largeBatch && events >= largeBatch.events ? Math.max(usual, largeBatch.cycleMs) : usual;
  });
  const shared = { bodies: shareBodies(deps, metrics), pace };
  const own = async (reader: PartitionReader) => {
    owned++;
    await ownPartition(deps, metrics, reader, shared).finally(() => owned--);
  };
  const stopSweeping =
    store !== undefined && config.bodyKeepMs !== undefined
      ? sweepBodies({
          store,
          keepMs: config.bodyKeepMs,
          now: deps.now,
          onDeleted: (objects) => metrics.bodiesDeleted.inc(objects),
          logger,
        })
      : async () => {};
  return {
    run: () =>
      consumer.run(own, (partition, error) => {
        metrics.paused.set({ partition }, 1);
        deps.logger.error({ partition, err: error }, 'this partition has stopped: a person is needed');
        onStopped(partition, error);
      }),
    whyWaiting() {
      const partitions = [...shared.bodies.waitingForStore].sort((a, b) => a - b);
      if (partitions.length === 0) return undefined;
      return `BODY_STORE_URL is not set, and events of partition ${partitions.join(', ')} have their bodies in a body store: set it as gateways have it`;
    },
    async close() {
      await consumer.close();
      await stopSweeping();
    },
  };
}
