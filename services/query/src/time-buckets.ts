import { TIME_INCREMENTS, type TimeIncrement } from '@throughline/contracts/api/metrics-query';
import { ApiError } from '@throughline/contracts/errors';
import type { SqlPart } from './queries/sql-part.ts';
import type { TimeRange } from './time-range.ts';

/** How time is cut: into minutes, hours, days … of a wall clock. */
export interface TimeGrid {
  readonly increment: TimeIncrement;
  /** Minutes as JavaScript's `getTimezoneOffset` has them: local time is UTC minus this. Whole, −1440 … 1440. */
  readonly zoneMinutes: number;
  /** How many increments an interval is long, 1 when left out. */
  readonly every?: number;
}

/**
 * Points of one answer: a month of minutes. A series longer than that is more than a client can draw, and each point
 * costs some 60 bytes of answer whether there is anything in it or not.
 */
export const POINTS_MAX = 45_000;
const ZONE_MINUTES_MAX = 1_440;
/** Increments of one interval: two years of days. */
const EVERY_MAX = 731;

/** @throws ApiError `invalid-time-increment`, `invalid-time-zone` */
export function readGrid(increment: string, zoneMinutes: number): TimeGrid {
  const known = TIME_INCREMENTS.find((name) => name === increment);
  if (known === undefined) throw new ApiError('invalid-time-increment');
  return { increment: known, zoneMinutes: readZone(zoneMinutes) };
}

/**
 * A grid whose intervals are several increments long. Months and years are not all equally long: one at a time.
 *
 * @throws ApiError as `readGrid`.
 */
export function readGridOf(every: number, increment: string, zoneMinutes: number): TimeGrid {
  const grid = readGrid(increment, zoneMinutes);
  const most = increment === 'month' || increment === 'year' ? 1 : EVERY_MAX;
  if (!Number.isInteger(every) || every < 1 || every > most) throw new ApiError('invalid-time-increment');
  return { ...grid, every };
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
export function bucketStarts({ fromMs, toMs }: TimeRange, grid: TimeGrid): number[] {
  const shiftMs = grid.zoneMinutes * 60_000;
  const starts: number[] = [];
  for (let local = startOf(fromMs - shiftMs, grid); local + shiftMs <= toMs; local = next(local, grid)) {
    if (starts.length === POINTS_MAX) throw tooManyPoints(grid.increment);
    starts.push(local + shiftMs);
  }
  return starts;
}

export function tooManyPoints(increment: TimeIncrement): ApiError {
  return new ApiError('too-many-intervals', { max: POINTS_MAX, increment });
}

/**
 * When the interval that a time lies in begins by the wall clock, in seconds since the epoch: `bucketMs` reads it.
 *
 * @param time SQL of the time, of `requests AS r` unless given.
 */
export function bucketSql({ increment, zoneMinutes, every = 1 }: TimeGrid, time = 'r.ordered_at'): SqlPart {
  const local = `addMinutes(${time}, {shift:Int32})`;
  const shift = -zoneMinutes;
  if (every === 1) {
    return { sql: `toUnixTimestamp(toDateTime(${START_SQL[increment](local)}, 'UTC'))`, params: { shift } };
  }
  const seconds = `toUnixTimestamp64Second(${local})`;
  return {
    sql: `(${seconds} - positiveModulo(${seconds} - {origin:Int64}, {length:Int64}))`,
    params: { shift, origin: originOf(increment) / 1000, length: lengthOf({ increment, every }) / 1000 },
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

/** Milliseconds; NaN of months and years, which differ. */
function lengthOf({ increment, every = 1 }: Pick<TimeGrid, 'increment' | 'every'>): number {
  return increment === 'month' || increment === 'year' ? Number.NaN : LENGTH_MS[increment] * every;
}

function originOf(increment: TimeIncrement): number {
  return increment === 'week' ? MONDAY_MS : 0;
}

/** The start of the interval that a time of the wall clock lies in; the wall clock is written as if it were UTC. */
function startOf(local: number, grid: TimeGrid): number {
  const { increment } = grid;
  if (increment === 'month' || increment === 'year') {
    const date = new Date(local);
    return Date.UTC(date.getUTCFullYear(), increment === 'month' ? date.getUTCMonth() : 0, 1);
  }
  const origin = originOf(increment);
  const length = lengthOf(grid);
  return Math.floor((local - origin) / length) * length + origin;
}

function next(start: number, grid: TimeGrid): number {
  const { increment } = grid;
  if (increment !== 'month' && increment !== 'year') return start + lengthOf(grid);
  const date = new Date(start);
  const year = date.getUTCFullYear();
  return increment === 'month' ? Date.UTC(year, date.getUTCMonth() + 1, 1) : Date.UTC(year + 1, 0, 1);
}
