import { AnalyticsError } from '../analytics-store.ts';
import { ACCESS_CODES, meaningOf } from '../engine-codes.ts';

/** Where a server is, for messages. Never with a password. */
export interface ServerName {
  /** `http://clickhouse:8123` */
  readonly origin: string;
  readonly username: string;
}

/**
 * Whatever `@clickhouse/client` threw → `AnalyticsError`: errors of the server by their number, everything else (the
 * network, a proxy's page, a name that does not resolve) is `unavailable` and may be tried again.
 *
 * A query that was ended by somebody else, most of all by a server that stops, is `unavailable` too. A user who is
 * refused is `unavailable` for good: nothing but other settings helps.
 */
export function translateHttpError(error: unknown, server: ServerName): AnalyticsError {
  if (error instanceof AnalyticsError) return error;
  const engineCode = engineCodeOf(error);
  if (engineCode === undefined) {
    const message = `ClickHouse at ${server.origin} cannot be reached: ${reasonOf(error)}`;
    return new AnalyticsError('unavailable', message, { retryable: true, cause: error });
  }
  const message = reasonOf(error);
  if (ACCESS_CODES.includes(engineCode)) {
    const refusal = `ClickHouse at ${server.origin} refuses the user ${server.username}: ${message}`;
    return new AnalyticsError('unavailable', refusal, { engineCode, cause: error });
  }
  const meaning = meaningOf(engineCode);
  const code = meaning === 'cancelled' ? 'unavailable' : meaning;
  return new AnalyticsError(code, message, { engineCode, retryable: code === 'unavailable', cause: error });
}

/** The connection was lost, before or after the server got the request: a read may simply be asked again. */
export function isConnectionLost(error: unknown): boolean {
  return LOST.has(String((error as { code?: unknown } | null)?.code));
}

const LOST = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_EOF_STATE']);

/** The client gives the server's number as text; errors of the system have names instead. */
function engineCodeOf(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^\d{1,6}$/.test(code) ? Number(code) : undefined;
}

/** A proxy may answer with a page: the start of it says enough. */
const REASON_LENGTH_MAX = 1_000;

function reasonOf(error: unknown): string {
  const { message, code } = (error ?? {}) as { message?: unknown; code?: unknown };
  // Where a host has several addresses, what failed at each is inside, and the error itself says nothing.
  return String(message || code || error).slice(0, REASON_LENGTH_MAX);
}
