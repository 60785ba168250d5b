import { duration } from './duration.ts';

/** `just now`, `3 min ago`, `in 5 min`; beyond a week the date. */
export function ago(atMs: number, nowMs: number): string {
  const passed = nowMs - atMs;
  if (Math.abs(passed) < 5_000) return 'just now';
  if (Math.abs(passed) > 7 * 86_400_000) return dayOf(atMs, nowMs);
  const [whole] = duration(Math.abs(passed)).match(/^[\d.]+ \w+/) ?? [''];
  const coarse = whole.replace(/\.\d+/, '');
  return passed > 0 ? `${coarse} ago` : `in ${coarse}`;
}

/** The exact instant in the zone of the browser, to the millisecond. */
export function exactInstant(atMs: number): string {
  return EXACT.format(atMs);
}

/** Date and minute, in the zone of the browser. */
export function minuteOf(atMs: number): string {
  return MINUTE.format(atMs);
}

/** As short as the marks of an axis: the time of day, and the day where it begins. @param everyMs from one mark to the next. */
export function axisTime(atMs: number, everyMs: number): string {
  const isMidnight = new Date(atMs).getHours() === 0 && new Date(atMs).getMinutes() === 0;
  return everyMs >= 86_400_000 || isMidnight ? DAY.format(atMs) : TIME.format(atMs);
}

function dayOf(atMs: number, nowMs: number): string {
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return (sameYear ? DAY : DAY_AND_YEAR).format(atMs);
}

const EXACT = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZoneName: 'short',
});
const MINUTE = new Intl.DateTimeFormat('en-GB', { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { month: 'short', day: 'numeric' });
const DAY_AND_YEAR = new Intl.DateTimeFormat('en-GB', { year: 'numeric', month: 'short', day: 'numeric' });
