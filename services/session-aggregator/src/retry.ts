import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  /** Aborts the waiting: the last error is thrown. */
  readonly signal: AbortSignal;
  /** Called before each wait. */
  readonly onRetry: (error: unknown, attempt: number, waitMs: number) => void;
  readonly firstMs?: number;
  readonly maxMs?: number;
}

/**
 * Run `work` until it succeeds or fails for good. An error with `retryable: true` is tried again after a wait that
 * doubles up to `maxMs` and is jittered by half, for as long as it takes: behind the log nothing is lost by waiting.
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, onRetry, firstMs = 50, maxMs = 5_000 } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || (error as { retryable?: boolean }).retryable !== true) throw error;
      const waitMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 20)) * (0.5 + Math.random() / 2);
      onRetry(error, attempt, waitMs);
      await sleep(waitMs, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
