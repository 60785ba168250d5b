import type { Logger } from '@throughline/telemetry/logger';
import { applyRetention, type RetentionDeps } from './apply-retention.ts';

/** The first run waits so long, where the interval is longer: a process that has just started has other things to do. */
const FIRST_AFTER_MS = 5 * 60_000;

/**
 * Applies retention now and then, also where no setting asks for it, because a tenant may get its own at any time.
 *
 * @returns ends it.
 */
export function keepRetention(
  deps: RetentionDeps & { readonly intervalMs: number; readonly logger: Logger },
): () => void {
  const { intervalMs, logger } = deps;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const run = async () => {
    try {
      const events = await applyRetention(deps);
      if (events > 0) logger.info({ events }, 'what has been kept long enough is being deleted');
    } catch (error) {
      if (!isStopped) logger.warn({ err: error }, 'retention could not be applied: tried again later');
    }
  };
  // Several processes do not ask at the same moment.
  const next = (waitMs: number) => {
    timer = setTimeout(() => void run().finally(() => isStopped || next(intervalMs)), waitMs * (1 + Math.random() / 4));
    timer.unref();
  };
  next(Math.min(FIRST_AFTER_MS, intervalMs));
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
