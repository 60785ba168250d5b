import { keepDoing } from '@throughline/telemetry/keep-doing';
import type { Logger } from '@throughline/telemetry/logger';
import { purgeDeliveries } from '../webhooks/purge-deliveries.ts';
import { type PurgeDeps, purgeDeleted } from './purge-deleted.ts';

export interface PurgingDeps {
  readonly analytics: PurgeDeps['analytics'];
  /** How long deleted rows are only hidden, ms. */
  readonly delayMs: number;
  /** How long dead letters are kept, ms; left out: until somebody takes them away. */
  readonly deadLettersKeepMs?: number;
  readonly intervalMs: number;
  readonly logger: Logger;
  /** Epoch ms. */
  readonly now: () => number;
}

/**
 * Purges what was deleted, now and then. Every process that has an aggregator does, each at a moment of its own: whoever
 * comes second finds nothing.
 *
 * @returns ends it. What the engine has begun goes on by itself, and nobody waits for it.
 */
export function keepPurging({
  logger,
  now,
  delayMs,
  deadLettersKeepMs,
  intervalMs,
  analytics,
}: PurgingDeps): () => void {
  const stop = keepDoing({
    async run() {
      const at = now();
      const deletions = await purgeDeleted({
        analytics,
        beforeMs: at - delayMs,
        ...(deadLettersKeepMs !== undefined && { deadLettersBeforeMs: at - deadLettersKeepMs }),
      });
      await purgeDeliveries(analytics, at);
      if (deletions > 0) logger.info({ deletions }, 'what was deleted is gone from the tables');
    },
    intervalMs,
    failed: 'deleted rows could not be purged',
    logger,
  });
  return () => void stop();
}
