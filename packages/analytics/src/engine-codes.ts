import type { AnalyticsErrorCode } from './analytics-store.ts';

/**
 * What an error of ClickHouse means to a caller, by its number, never by its words. A number that is in no list is
 * `rejected`: a bug of ours shows itself instead of being retried for ever.
 */
export function meaningOf(engineCode: number): AnalyticsErrorCode {
  return CODES.get(engineCode) ?? 'rejected';
}

/**
 * Reading, writing, opening and closing files; CANNOT_STATVFS, FILE_DOESNT_EXIST, NOT_ENOUGH_SPACE, CORRUPTED_DATA; and
 * exceptions of the system's libraries (POCO, STD), which a full disk raises as well.
 */
export const DISK_CODES: readonly number[] = [74, 75, 76, 77, 84, 95, 107, 243, 246, 1000, 1001];

/**
 * What only servers say, and what passes: CANNOT_WRITE_TO_SOCKET, DNS_ERROR, QUOTA_EXCEEDED, NO_FREE_CONNECTION,
 * NO_ZOOKEEPER, TABLE_IS_READ_ONLY (a replica without Keeper), UNEXPECTED_ZOOKEEPER_ERROR, NO_ACTIVE_REPLICAS,
 * NO_AVAILABLE_REPLICA, ALL_CONNECTION_TRIES_FAILED, TOO_FEW_LIVE_REPLICAS, UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE,
 * REPLICA_IS_NOT_IN_QUORUM, SHARD_HAS_NO_CONNECTIONS, UNKNOWN_STATUS_OF_INSERT, UNFINISHED,
 * RECEIVED_ERROR_TOO_MANY_REQUESTS, ALL_REPLICAS_ARE_STALE, REPLICA_STATUS_CHANGED, DEADLOCK_AVOIDED,
 * ASYNC_LOAD_CANCELED, USER_SESSION_LIMIT_EXCEEDED, SERVER_OVERLOADED, TCP_ and HTTP_CONNECTION_LIMIT_REACHED,
 * SESSION_REFUSED, KEEPER_EXCEPTION, STALE_VERSION.
 */
const SERVER_CODES: readonly number[] = [
  96, 198, 201, 203, 225, 242, 244, 254, 265, 279, 285, 286, 289, 297, 319, 341, 364, 369, 416, 473, 696, 700, 745, 749,
  762, 763, 999, 1005,
];

/** UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, DATABASE_ACCESS_DENIED, ACCESS_DENIED, AUTHENTICATION_FAILED, USER_EXPIRED. */
export const ACCESS_CODES: readonly number[] = [192, 193, 194, 291, 497, 516, 720];

/** UNKNOWN_TABLE, UNKNOWN_DATABASE: nobody has made the tables yet. */
export const NOT_MIGRATED_CODES: readonly number[] = [60, 81];

const BY_MEANING: Record<'timeout' | 'too-large' | 'cancelled' | 'unavailable', readonly number[]> = {
  // TIMEOUT_EXCEEDED, TOO_SLOW
  timeout: [159, 160],
  // TOO_MANY_ROWS, TOO_MANY_BYTES, SET_SIZE_LIMIT_EXCEEDED, MEMORY_LIMIT_EXCEEDED, TOO_MANY_ROWS_OR_BYTES
  'too-large': [158, 307, 191, 241, 396],
  // QUERY_WAS_CANCELLED, CANNOT_WRITE_AFTER_BUFFER_CANCELED, QUERY_WAS_CANCELLED_BY_CLIENT
  cancelled: [394, 734, 735],
  // CANNOT_ALLOCATE_MEMORY, TOO_MANY_SIMULTANEOUS_QUERIES, SOCKET_TIMEOUT, NETWORK_ERROR, ABORTED, TOO_MANY_PARTS,
  // CANNOT_SCHEDULE_TASK.
  unavailable: [...DISK_CODES, ...SERVER_CODES, ...ACCESS_CODES, 173, 202, 209, 210, 236, 252, 439],
};

const CODES = new Map<number, AnalyticsErrorCode>(
  Object.entries(BY_MEANING).flatMap(([meaning, numbers]) =>
    numbers.map((number) => [number, meaning as AnalyticsErrorCode] as const),
  ),
);
