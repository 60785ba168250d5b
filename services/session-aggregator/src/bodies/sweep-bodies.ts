import type { BodyStore } from '@throughline/body-store/body-store';
import { keepDoing } from '@throughline/telemetry/keep-doing';
import type { Logger } from '@throughline/telemetry/logger';

export interface SweepDeps {
  readonly store: Pick<BodyStore, 'deleteBefore'>;
  /** An event may be read for so long after it was received, ms. */
  readonly keepMs: number;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onDeleted: (objects: number) => void;
  readonly logger: Logger;
  /** One hour, as names tell ages by the hour. */
  readonly intervalMs?: number;
}

const HOUR_MS = 3_600_000;

/**
 * Deletes bodies that no event in the log can refer to any more, now and then. Every aggregator does so, each at a moment
 * of its own within the hour: whoever comes second finds nothing.
 *
 * @returns ends it, and waits for the sweep under way.
 */
export function sweepBodies({
  store,
  keepMs,
  now,
  onDeleted,
  logger,
  intervalMs = HOUR_MS,
}: SweepDeps): () => Promise<void> {
  return keepDoing({
    async run() {
      const deleted = await store.deleteBefore(now() - keepMs);
      onDeleted(deleted);
      if (deleted > 0)
        logger.info({ objects: deleted }, 'bodies that no event in the log refers to any more are deleted');
    },
    intervalMs,
    failed: 'old bodies could not be deleted',
    logger,
  });
}
