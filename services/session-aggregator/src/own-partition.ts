import type { PartitionReader } from '@throughline/event-log/event-log';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { collectEntries } from './collect-entries.ts';
import { evictIdleSessions } from './evict-idle-sessions.ts';
import type { AggregatorMetrics } from './metrics.ts';
import { applyBatch } from './pipeline.ts';
import { publishUnpublished } from './publish-unpublished.ts';
import { repairPartition } from './repair-partition.ts';
import { retry } from './retry.ts';
import { createSessionCache } from './session-cache.ts';
import type { LoggedEntry } from './steps/decide-step.ts';
import type { PreparedEntry } from './steps/decode-entries-step.ts';
import { takeOwnership } from './take-ownership.ts';

/**
 * Own one partition until it is revoked: take it over, mend what a crash left behind, then batch after batch.
 *
 * @throws whatever cannot be retried: the partition stops where its fence is, and nothing is lost.
 */
export async function ownPartition(
  deps: AggregatorDeps,
  metrics: AggregatorMetrics,
  reader: PartitionReader,
): Promise<void> {
  const { partition, revoked } = reader;
  const logger = deps.logger.child({ partition });
  const untilItWorks = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    retry(work, {
      signal: revoked,
      onRetry: (error, attempt, waitMs) => {
        metrics.retries.inc({ step: what });
        if (logger.isLevelEnabled('warn')) {
          logger.warn({ err: error, attempt, waitMs: Math.round(waitMs) }, `${what} failed, will be tried again`);
        }
      },
    });

  let state = await untilItWorks('take ownership', () => takeOwnership(deps, reader));
  const cache = createSessionCache(deps, partition, deps.config.sessionsInMemoryMax);

  // What the last owner committed but may not have published.
  await untilItWorks('publish snapshots', () => publishUnpublished(deps, cache, state));
  await untilItWorks('repair', () => repairPartition(deps, reader, cache, state));
  await reader.seek(state.fence.offset + 1);
  deps.progress.totals(state.fence, state.committedAt);
  deps.progress.snapshots(state.fence, state.committedAt);
  metrics.fence.set({ partition }, state.fence.offset);

  const collector = collectEntries(reader, deps.config);
  let lastEviction = deps.now();
  try {
    for (;;) {
      const batch = await collector.next();
      if (batch === undefined) return;
      deps.crashPoint?.('aggregator:batch-read');
      const { entries, newer } = untilNewer(batch);
      if (entries.length > 0) {
        state = await applyBatch(deps, cache, state, entries, { partition, untilItWorks });
        reader.committed(state.fence.offset);
        metrics.events.inc(entries.length);
        metrics.batches.inc();
        metrics.fence.set({ partition }, state.fence.offset);
      }
      if (newer) {
        await pause(reader, newer, metrics, logger);
        return;
      }
      if (deps.now() - lastEviction > EVICTION_EVERY_MS) {
        lastEviction = deps.now();
        state = await untilItWorks('evict', () => evictIdleSessions(deps, cache, state, partition));
      }
    }
  } finally {
    await collector.stop();
  }
}

/** Looking for idle sessions costs a read of the totals' index; a minute's delay in evicting one costs nothing. */
const EVICTION_EVERY_MS = 60_000;

type Newer = Extract<PreparedEntry, { kind: 'newer' }>;

/** Everything before the first event of a newer schema is applied; from there on the partition waits. */
function untilNewer(batch: PreparedEntry[]): { entries: LoggedEntry[]; newer: Newer | undefined } {
  const entries: LoggedEntry[] = [];
  for (const entry of batch) {
    if (entry.kind === 'newer') return { entries, newer: entry };
    entries.push(entry);
  }
  return { entries, newer: undefined };
}

/** Held, not lost: whoever restarts this aggregator with a version that knows the schema goes on here. */
async function pause(
  reader: PartitionReader,
  newer: Newer,
  metrics: AggregatorMetrics,
  logger: AggregatorDeps['logger'],
): Promise<void> {
  metrics.paused.set({ partition: reader.partition }, 1);
  logger.error(
    { offset: newer.offset, schemaVersion: newer.schemaVersion },
    'the log holds an event of a newer version: this partition waits until the aggregator is upgraded',
  );
  await new Promise<void>((resolve) => {
    if (reader.revoked.aborted) resolve();
    else reader.revoked.addEventListener('abort', () => resolve(), { once: true });
  });
}
