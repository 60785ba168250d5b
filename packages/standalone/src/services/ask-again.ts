import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@throughline/telemetry/logger';

/** Between two tries, ms: a server that is starting is found soon, one that is down for long is not hammered. */
const WAIT_MS_MIN = 200;
const WAIT_MS_MAX = 5_000;

/**
 * Repeats what a service needs before it can begin, until it succeeds, fails for good, or the service stops.
 *
 * @throws what `ask` threw, when that is not marked `retryable` or `signal` is a time limit that has passed; else the
 *   abort reason when `signal` aborts.
 */
export async function askAgain<T>(
  what: string,
  ask: () => Promise<T>,
  { logger, signal }: { readonly logger: Logger; readonly signal: AbortSignal },
): Promise<T> {
  for (let waitMs = WAIT_MS_MIN; ; waitMs = Math.min(waitMs * 2, WAIT_MS_MAX)) {
    try {
      return await ask();
    } catch (error) {
      const isTimeUp = signal.aborted && (signal.reason as Error).name === 'TimeoutError';
      if ((error as { retryable?: boolean }).retryable !== true || isTimeUp) throw error;
      signal.throwIfAborted();
      logger.warn({ err: error, waitMs }, `${what} cannot be reached yet, will be asked again`);
    }
    await sleep(waitMs, undefined, { signal }).catch(() => {});
  }
}
