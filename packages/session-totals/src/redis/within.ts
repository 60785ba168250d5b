import { SessionTotalsError } from '../session-totals.ts';
import { translateRedisError } from './redis-error.ts';

/**
 * The answer to `work`, or a `SessionTotalsError` once it fails or `ms` have passed. In the latter case the command may
 * still be carried out.
 *
 * @param doing completes "could not …" in the error.
 */
export async function within<T>(ms: number, doing: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const text = `Redis could not ${doing}: no answer within ${ms} ms`;
      // Timers come first when this process was busy for long; the answer may have been there all the time.
      setImmediate(() => reject(new SessionTotalsError('unavailable', text, { retryable: true })));
    }, ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } catch (error) {
    throw translateRedisError(error, doing);
  } finally {
    clearTimeout(timer);
  }
}
