import { ApiError } from '@throughline/contracts/errors';

/** When a call is sent again, and how soon (wire contract 1.4). */
export interface RetryPolicy {
  /** Beside the first. */
  readonly retriesMax: number;
  readonly factor: number;
  /** Before the first retry, ms. */
  readonly minMs: number;
  /** Before any, ms. */
  readonly maxMs: number;
}

/** A number that a header may have. */
interface Bound {
  readonly header: string;
  readonly otherwise: number;
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
}

// As many and as long as somebody could still be waiting.
const RETRIES: Bound = { header: 'helicone-retry-num', otherwise: 5, min: 0, max: 100, isWhole: true };
const FACTOR: Bound = { header: 'helicone-retry-factor', otherwise: 2, min: 1, max: 100 };
const MIN_MS: Bound = { header: 'helicone-retry-min-timeout', otherwise: 1_000, min: 0, max: 600_000 };
const MAX_MS: Bound = { header: 'helicone-retry-max-timeout', otherwise: 10_000, min: 0, max: 600_000 };

/**
 * Reads `Helicone-Retry-*`.
 *
 * @param headers of ours, by name in lower case.
 * @returns undefined unless `Helicone-Retry-Enabled` is `true`.
 * @throws ApiError `invalid-header` for a number that is none, or beyond what can be waited for.
 */
export function readRetry(headers: ReadonlyMap<string, string>): RetryPolicy | undefined {
  if (headers.get('helicone-retry-enabled') !== 'true') return undefined;
  const read = ({ header, otherwise, min, max, isWhole = false }: Bound): number => {
    const text = headers.get(header);
    if (text === undefined) return otherwise;
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value;
    const kind = isWhole ? 'a whole number' : 'a number';
    throw new ApiError('invalid-header', { name: header, reason: `it takes ${kind} from ${min} to ${max}` });
  };
  const [retriesMax, factor, minMs, maxMs] = [read(RETRIES), read(FACTOR), read(MIN_MS), read(MAX_MS)];
  // Who only shortens the longest wait means the shortest as well.
  return { retriesMax, factor, minMs: Math.min(minMs, maxMs), maxMs };
}

const DECIMAL = /^\d+(?:\.\d+)?$/;

/** Whether a status is one that may be another the next time. */
export function isRetried(status: number): boolean {
  return status === 429 || (status >= 500 && status <= 599);
}

/**
 * How long to wait before a retry, ms: as long as the provider asks, else doubled (or by the policy's factor) from one to the
 * next, and spread, so that those who failed together do not come back together.
 *
 * @param retries that were before it.
 * @param retryAfter the provider's `Retry-After`: seconds, or a date.
 * @param random from 0 to below 1.
 * @returns undefined where it is not to be waited for: no retry is left, or the provider asks for longer than the longest wait.
 */
export function retryDelay(
  { retriesMax, factor, minMs, maxMs }: RetryPolicy,
  retries: number,
  retryAfter: string | undefined,
  nowMs: number,
  random: number,
): number | undefined {
  if (retries >= retriesMax) return undefined;
  const asked = retryAfter === undefined ? undefined : readRetryAfter(retryAfter, nowMs);
  if (asked !== undefined) return asked <= maxMs ? asked : undefined;
  const backOff = Math.min(minMs * factor ** retries, maxMs);
  return Math.min(backOff * (1 + random), maxMs);
}

/** RFC 9110, 10.2.3, ms from now; undefined for what it is not. */
function readRetryAfter(text: string, nowMs: number): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
