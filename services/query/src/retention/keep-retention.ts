import { keepDoing } from '@throughline/telemetry/keep-doing';
import type { Logger } from '@throughline/telemetry/logger';
import type { RetentionDeps } from './apply-retention.ts';

/** The first run waits so long, where the interval is longer: a process that has just started has other things to do. */
const FIRST_AFTER_MS = 5 * 60_000;

/**
 * Applies retention now and then, also where no setting asks for it, because a tenant may get its own at any time.
 *
 * @returns ends it, and does not wait: what was decided is in the log, and the rest is decided by whoever is next.
 */
export function keepRetention(
  deps: RetentionDeps & { readonly intervalMs: number; readonly logger: Logger },
): () => void {
  const { intervalMs, logger } = deps;
  const stop = keepDoing({
    async run() {
      // Loaded when it is first needed: a start does not wait for it.
      const { applyRetention } = await import('./apply-retention.ts');
      const events = await applyRetention(deps);
      if (events > 0) logger.info({ events }, 'what has been kept long enough is being deleted');
    },
    intervalMs,
    firstAfterMs: Math.min(FIRST_AFTER_MS, intervalMs),
    failed: 'retention could not be applied',
    logger,
  });
  return () => void stop();
}
