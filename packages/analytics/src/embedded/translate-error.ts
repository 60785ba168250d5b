import { AnalyticsError, type AnalyticsErrorCode } from '../analytics-store.ts';

/**
 * Whatever the engine threw → `AnalyticsError`, by ClickHouse's code number, never by its words.
 *
 * A number that is in no list is `rejected`: a bug of ours shows itself instead of being retried for ever.
 */
export function translateError(error: unknown): AnalyticsError {
  if (error instanceof AnalyticsError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const engineCode = codeOf(error);
  const code: AnalyticsErrorCode = engineCode === undefined ? 'unavailable' : (CODES.get(engineCode) ?? 'rejected');
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

/**
 * Reading, writing, opening and closing files; CANNOT_STATVFS, FILE_DOESNT_EXIST, NOT_ENOUGH_SPACE, CORRUPTED_DATA; and
 * exceptions of the system's libraries (POCO, STD), which a full disk raises as well.
 */
const DISK_CODES: readonly number[] = [74, 75, 76, 77, 84, 95, 107, 243, 246, 1000, 1001];

const BY_CODE: Record<'timeout' | 'too-large' | 'cancelled' | 'unavailable', readonly number[]> = {
  // TIMEOUT_EXCEEDED, TOO_SLOW
  timeout: [159, 160],
  // TOO_MANY_ROWS, TOO_MANY_BYTES, SET_SIZE_LIMIT_EXCEEDED, MEMORY_LIMIT_EXCEEDED, TOO_MANY_ROWS_OR_BYTES
  'too-large': [158, 307, 191, 241, 396],
  // QUERY_WAS_CANCELLED, QUERY_WAS_CANCELLED_BY_CLIENT
  cancelled: [394, 734],
  // CANNOT_ALLOCATE_MEMORY, TOO_MANY_SIMULTANEOUS_QUERIES, SOCKET_TIMEOUT, NETWORK_ERROR, ABORTED, TOO_MANY_PARTS,
  // CANNOT_SCHEDULE_TASK.
  unavailable: [...DISK_CODES, 173, 202, 209, 210, 236, 252, 439],
};

const CODES = new Map<number, AnalyticsErrorCode>(
  Object.entries(BY_CODE).flatMap(([code, numbers]) => numbers.map((n) => [n, code as AnalyticsErrorCode] as const)),
);
