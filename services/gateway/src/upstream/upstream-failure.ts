import type { ErrorCode } from '@throughline/contracts/errors';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { errors } from 'undici';

/** What an error of the connection to the provider means for the caller and for the event. */
export interface UpstreamFailure {
  /** The answer when no header has been sent yet. */
  readonly errorCode: ErrorCode;
  readonly abortReason: NewRequestEvent['abort_reason'];
  /** Status of the event when the answer was already under way (wire contract 1.6): −2 time-out, −100 other end. */
  readonly streamStatus: number;
  /** A short word for metrics and messages, from a closed set. */
  readonly kind: string;
}

/** @param error as undici, the socket or the look-up gives it. */
export function upstreamFailure(error: unknown): UpstreamFailure {
  const code = codeOf(error);
  const known = code === undefined ? undefined : BY_CODE[code];
  if (known) return known;
  // Not every parser error has a code, and failed TLS comes under many (CERT_…, ERR_TLS_…, UNABLE_TO_…).
  if (error instanceof errors.HTTPParserError) return malformed;
  if (code && TLS.test(code)) return refused('TLS failed');
  return failed('internal', 'upstream-reset', 'failed');
}

function failed(errorCode: ErrorCode, abortReason: UpstreamFailure['abortReason'], kind: string): UpstreamFailure {
  return { errorCode, abortReason, kind, streamStatus: abortReason === 'upstream-timeout' ? -2 : -100 };
}

const reset = failed('upstream-unreachable', 'upstream-reset', 'connection lost');
const malformed = failed('upstream-unreachable', 'upstream-reset', 'malformed response');
const timeout = failed('upstream-timeout', 'upstream-timeout', 'time-out');
const refused = (kind: string) => failed('upstream-unreachable', 'upstream-refused', kind);

const BY_CODE: Readonly<Record<string, UpstreamFailure>> = Object.assign(Object.create(null), {
  UND_ERR_CONNECT_TIMEOUT: timeout,
  UND_ERR_HEADERS_TIMEOUT: timeout,
  UND_ERR_BODY_TIMEOUT: timeout,
  ETIMEDOUT: timeout,
  UND_ERR_SOCKET: reset,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: failed('upstream-unreachable', 'upstream-reset', 'wrong length'),
  UND_ERR_HEADERS_OVERFLOW: failed('upstream-unreachable', 'upstream-reset', 'headers too large'),
  UND_ERR_INVALID_ARG: failed('bad-request', 'upstream-refused', 'not a valid HTTP request'),
  UND_ERR_NOT_SUPPORTED: failed('bad-request', 'upstream-refused', 'not a valid HTTP request'),
  ECONNRESET: reset,
  EPIPE: reset,
  ECONNREFUSED: refused('connection refused'),
  EHOSTUNREACH: refused('no route'),
  ENETUNREACH: refused('no route'),
  EADDRNOTAVAIL: refused('no route'),
  ENOTFOUND: refused('name not found'),
  EAI_AGAIN: refused('name look-up failed'),
  EAI_FAIL: refused('name look-up failed'),
  EPROTO: refused('TLS failed'),
  THROUGHLINE_TARGET_NOT_ALLOWED: failed('target-not-allowed', 'upstream-refused', 'not allowed'),
} satisfies Record<string, UpstreamFailure>);

const TLS = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH)/;

/** Several addresses tried in vain come as an AggregateError: its first error stands for all. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]) ?? (error as { code?: string }).code;
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
