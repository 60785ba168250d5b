import type { Logger } from '@throughline/telemetry/logger';
import { createSeldom } from '@throughline/telemetry/seldom';

/** Between two tries, ms: a server that is starting is found soon, one that is down for long is not hammered. */
const WAIT_MS_MIN = 200;
const WAIT_MS_MAX = 5_000;

/** How long a try may take where `ask` heeds it: whoever has mistyped an address hears of it within two seconds. */
const TRY_MS_MIN = 1_500;
const TRY_MS_MAX = 10_000;
/** After so long without an answer or a reason it is said that one is waited for. */
const SILENT_MS_MAX = 2_000;
/** Why a server cannot be reached is said once within so long. */
const WARN_EVERY_MS = 60_000;

/**
 * Repeats what a service needs before it can begin, until it succeeds, fails for good, or the service stops. Warns when
 * it has to wait, within two seconds and then once a minute.
 *
 * @param ask is given how long this try should take at most, ms: more with every try.
 * @throws what `ask` threw, when that is not marked `retryable` or `signal` is a time limit that has passed; else the
 *   abort reason when `signal` aborts, at once: what `ask` then still does is for nothing.
 */
export async function askAgain<T>(
  what: string,
  ask: (tryMs: number) => Promise<T>,
  { logger, signal }: { readonly logger: Logger; readonly signal: AbortSignal },
): Promise<T> {
  const stopped = stopOf(signal);
  const isTimeToWarn = createSeldom(WARN_EVERY_MS);
  const silence = setTimeout(() => logger.warn(`${what} has not answered yet, it is waited for`), SILENT_MS_MAX);
  try {
    let tryMs = TRY_MS_MIN;
    for (let waitMs = WAIT_MS_MIN; ; waitMs = Math.min(waitMs * 2, WAIT_MS_MAX)) {
      try {
        return await Promise.race([ask(tryMs), stopped.rejected]);
      } catch (error) {
        if ((error as { retryable?: boolean } | null)?.retryable !== true || isTimeUp(signal)) throw error;
        signal.throwIfAborted();
        clearTimeout(silence);
        if (isTimeToWarn()) logger.warn({ err: error }, `${what} cannot be reached yet, it is asked again and again`);
      }
      tryMs = Math.min(tryMs * 2, TRY_MS_MAX);
      await pause(waitMs, signal);
    }
  } finally {
    clearTimeout(silence);
    stopped.forget();
  }
}

/** Rejects when the signal aborts; not at a time limit, after which the try under way may still say what is wrong. */
function stopOf(signal: AbortSignal): { readonly rejected: Promise<never>; forget(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  // Nobody may be asking at that moment.
  promise.catch(() => {});
  const onAbort = () => {
    if (!isTimeUp(signal)) reject(signal.reason);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return { rejected: promise, forget: () => signal.removeEventListener('abort', onAbort) };
}

/** Ends with the signal, too. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}

function isTimeUp(signal: AbortSignal): boolean {
  return signal.aborted && (signal.reason as Error).name === 'TimeoutError';
}
