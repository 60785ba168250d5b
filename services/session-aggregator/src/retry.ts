import { setTimeout as sleep } from 'node:timers/promises';
import { AnalyticsError } from '@throughline/analytics/analytics-store';

export interface RetryOptions {
  /** Aborts the waiting: the last error is thrown. */
  readonly signal: AbortSignal;
  /** Called before each wait. */
  readonly onRetry: (error: unknown, attempt: number, waitMs: number) => void;
  readonly firstMs?: number;
  readonly maxMs?: number;
}

/**
 * Run `work` until it succeeds or fails for good. What may pass is tried again after a wait that doubles up to `maxMs`
 * and is jittered by half, for as long as it takes: behind the log nothing is lost by waiting.
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, onRetry, firstMs = 50, maxMs = 5_000 } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !mayPass(error)) throw error;
      const waitMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 20)) * (0.5 + Math.random() / 2);
      onRetry(error, attempt, waitMs);
      await sleep(waitMs, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}

/** ClickHouse's code for a server, or a query, that has no memory left. */
const MEMORY_LIMIT_EXCEEDED = 241;

/**
 * Errors that say so themselves, and those of an engine that other people's queries have brought to its limits: their
 * callers get an answer at once, but a batch can wait.
 */
export function mayPass(error: unknown): boolean {
  if (error instanceof AnalyticsError) {
    return error.retryable || error.code === 'timeout' || error.engineCode === MEMORY_LIMIT_EXCEEDED;
  }
  return (error as { retryable?: boolean } | null)?.retryable === true;
}
