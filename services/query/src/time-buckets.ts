import { TIME_INCREMENTS, type TimeIncrement } from '@throughline/contracts/api/metrics-query';
import { ApiError } from '@throughline/contracts/errors';
import type { SqlPart } from './queries/sql-part.ts';
import type { TimeRange } from './time-range.ts';

/** How time is cut: into minutes, hours, days … of a wall clock. */
export interface TimeGrid {
  readonly increment: TimeIncrement;
  /** Minutes as JavaScript's `getTimezoneOffset` has them: local time is UTC minus this. Whole, −1440 … 1440. */
  readonly zoneMinutes: number;
}

/**
 * Points of one answer: a month of minutes. A series longer than that is more than a client can draw, and each point
 * costs some 60 bytes of answer whether there is anything in it or not.
 */
export const POINTS_MAX = 45_000;
const ZONE_MINUTES_MAX = 1_440;

/** @throws ApiError `invalid-time-increment`, `invalid-time-zone` */
export function readGrid(increment: string, zoneMinutes: number): TimeGrid {
  const known = TIME_INCREMENTS.find((name) => name === increment);
  if (known === undefined) throw new ApiError('invalid-time-increment');
  return { increment: known, zoneMinutes: readZone(zoneMinutes) };
}

/** @throws ApiError `invalid-time-zone` */
export function readZone(minutes: number): number {
  if (!Number.isInteger(minutes) || Math.abs(minutes) > ZONE_MINUTES_MAX) throw new ApiError('invalid-time-zone');
  return minutes;
}

/**
 * When each interval that meets the range begins, epoch ms, ascending; the first may begin before it.
 *
 * @throws ApiError `too-many-intervals`
 */
export function bucketStarts({ fromMs, toMs }: TimeRange, { increment, zoneMinutes }: TimeGrid): number[] {
  const shiftMs = zoneMinutes * 60_000;
  const starts: number[] = [];
  for (let local = startOf(fromMs - shiftMs, increment); local + shiftMs <= toMs; local = next(local, increment)) {
    if (starts.length === POINTS_MAX) throw tooManyPoints(increment);
    starts.push(local + shiftMs);
  }
  return starts;
}

export function tooManyPoints(increment: TimeIncrement): ApiError {
  return new ApiError('too-many-intervals', { max: POINTS_MAX, increment });
}

/** When the interval of `requests AS r` begins by the wall clock, in seconds since the epoch: `bucketMs` reads it. */
export function bucketSql({ increment, zoneMinutes }: TimeGrid): SqlPart {
  const local = 'addMinutes(r.ordered_at, {shift:Int32})';
  return {
    sql: `toUnixTimestamp(toDateTime(${START_SQL[increment](local)}, 'UTC'))`,
    params: { shift: -zoneMinutes },
  };
}

/** Seconds of `bucketSql` → the instant at which the interval begins, epoch ms. */
export function bucketMs(localSeconds: number, { zoneMinutes }: TimeGrid): number {
  return (localSeconds + zoneMinutes * 60) * 1000;
}

const START_SQL: Readonly<Record<TimeIncrement, (time: string) => string>> = {
  min: (time) => `toStartOfMinute(${time})`,
  hour: (time) => `toStartOfHour(${time})`,
  day: (time) => `toStartOfDay(${time})`,
  week: (time) => `toMonday(${time})`,
  month: (time) => `toStartOfMonth(${time})`,
  year: (time) => `toStartOfYear(${time})`,
};

const LENGTH_MS = { min: 60_000, hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 } as const;
/** The first Monday: weeks begin with one. */
const MONDAY_MS = Date.UTC(1970, 0, 5);

/** The start of the interval that a time of the wall clock lies in; the wall clock is written as if it were UTC. */
function startOf(local: number, increment: TimeIncrement): number {
  if (increment === 'month' || increment === 'year') {
    const date = new Date(local);
    return Date.UTC(date.getUTCFullYear(), increment === 'month' ? date.getUTCMonth() : 0, 1);
  }
  const origin = increment === 'week' ? MONDAY_MS : 0;
  const length = LENGTH_MS[increment];
  return Math.floor((local - origin) / length) * length + origin;
}

function next(start: number, increment: TimeIncrement): number {
  if (increment !== 'month' && increment !== 'year') return start + LENGTH_MS[increment];
  const date = new Date(start);
  const year = date.getUTCFullYear();
  return increment === 'month' ? Date.UTC(year, date.getUTCMonth() + 1, 1) : Date.UTC(year + 1, 0, 1);
}
