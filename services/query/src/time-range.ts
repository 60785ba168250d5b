import { ApiError } from '@throughline/contracts/errors';
import { readTime } from '@throughline/filter-tree/exact-bound';
import { clampTime } from './cursor.ts';
import type { SqlPart } from './queries/sql-part.ts';

/** Whole milliseconds since the epoch, both bounds included. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Two ISO 8601 times, read to the millisecond; a date alone is its midnight, UTC.
 *
 * @param bounds whether what happened at the very start or end belongs to the range.
 * @throws ApiError `invalid-time-filter` for what is no time, or a start behind the end.
 */
export function readTimeRange(
  { start, end }: { readonly start: string; readonly end: string },
  bounds: 'inclusive' | 'exclusive',
): TimeRange {
  const [first, last] = [readTime(start), readTime(end)];
  if (!first || !last || first.floor > last.floor) throw new ApiError('invalid-time-filter');
  // A bound between two milliseconds includes neither of them, whichever way it is meant.
  const isInclusive = bounds === 'inclusive';
  return {
    fromMs: clampTime(isInclusive && first.isWhole ? first.floor : first.floor + 1),
    toMs: clampTime(!isInclusive && last.isWhole ? last.floor - 1 : last.floor),
  };
}

/** Epoch seconds, both included, whole milliseconds between them; a start behind the end is an empty range. */
export function secondsRange(startSeconds: number, endSeconds: number): TimeRange {
  // A time is written with three places at most, and a double times a thousand is not always whole.
  const ms = (seconds: number) => Number((seconds * 1000).toFixed(3));
  return { fromMs: clampTime(Math.ceil(ms(startSeconds))), toMs: clampTime(Math.floor(ms(endSeconds))) };
}

/** The condition on `requests AS r` that it began inside the range. */
export function inRange({ fromMs, toMs }: TimeRange): SqlPart {
  return {
    sql: `r.ordered_at >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')
    AND r.ordered_at <= fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')`,
    params: { fromMs, toMs },
  };
}
