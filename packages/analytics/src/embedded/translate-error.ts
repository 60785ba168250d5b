import { AnalyticsError, type AnalyticsErrorCode } from '../analytics-store.ts';
import { DISK_CODES, meaningOf } from '../engine-codes.ts';

/**
 * Whatever the engine threw → `AnalyticsError`, by ClickHouse's code number, never by its words.
 *
 * A number that is in no list is `rejected`: a bug of ours shows itself instead of being retried for ever.
 */
export function translateError(error: unknown): AnalyticsError {
  if (error instanceof AnalyticsError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const engineCode = codeOf(error);
  const code: AnalyticsErrorCode = engineCode === undefined ? 'unavailable' : meaningOf(engineCode);
  return new AnalyticsError(code, message, { engineCode, retryable: code === 'unavailable', cause: error });
}

/** A full or failing disk, or what one left behind. */
export function isDiskError(error: unknown): boolean {
  return error instanceof AnalyticsError && error.engineCode !== undefined && DISK_CODES.includes(error.engineCode);
}

function codeOf(error: unknown): number | undefined {
  const code = Number((error as { code?: unknown } | null)?.code);
  return Number.isInteger(code) ? code : undefined;
}
