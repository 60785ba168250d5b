import type { Window } from './list-picture.ts';

export interface Interval {
  readonly dbIncrement: 'min' | 'hour' | 'day' | 'week' | 'month';
  readonly every: number;
  /** For titles: "per hour". */
  readonly label: string;
}

/** Bars of a small chart: more are too thin to be dragged over. */
const BARS_MAX = 60;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS: readonly (readonly [lengthMs: number, Interval])[] = [
  [MINUTE, { dbIncrement: 'min', every: 1, label: 'per minute' }],
  [5 * MINUTE, { dbIncrement: 'min', every: 5, label: 'per 5 min' }],
  [15 * MINUTE, { dbIncrement: 'min', every: 15, label: 'per 15 min' }],
  [30 * MINUTE, { dbIncrement: 'min', every: 30, label: 'per 30 min' }],
  [HOUR, { dbIncrement: 'hour', every: 1, label: 'per hour' }],
  [3 * HOUR, { dbIncrement: 'hour', every: 3, label: 'per 3 h' }],
  [6 * HOUR, { dbIncrement: 'hour', every: 6, label: 'per 6 h' }],
  [12 * HOUR, { dbIncrement: 'hour', every: 12, label: 'per 12 h' }],
  [DAY, { dbIncrement: 'day', every: 1, label: 'per day' }],
  [7 * DAY, { dbIncrement: 'week', every: 1, label: 'per week' }],
  [30 * DAY, { dbIncrement: 'month', every: 1, label: 'per month' }],
];

/** The shortest interval of which a window has no more than a small chart shows. */
export function intervalOf({ startTimeUnixMs: from, endTimeUnixMs: to }: Window): Interval {
  const [, interval] = STEPS.find(([lengthMs]) => (to - from) / lengthMs <= BARS_MAX + 1) ?? STEPS.at(-1)!;
  return interval;
}

/** How far the zone of the browser is ahead of UTC, minutes, as the API wants it: days begin at local midnight. */
export function zoneMinutes(nowMs: number): number {
  return 0 - new Date(nowMs).getTimezoneOffset();
}
