import { DOMINANT } from './request-rows-sql.ts';
import { DAY_MS, ENDS_AT } from './size.ts';

/** The last so many days before the end of the data, bounds excluded, epoch ms. */
export interface Window {
  readonly days: number;
  readonly startMs: number;
  readonly endMs: number;
}

export function lastDays(days: number): Window {
  return { days, startMs: ENDS_AT - days * DAY_MS, endMs: ENDS_AT };
}

/** The condition on `requests` that a row is the dominant tenant's and lies in the window. */
export function inWindow({ startMs, endMs }: Window): string {
  return `tenant_id = '${DOMINANT}' AND ${timeInWindow({ startMs, endMs })}`;
}

export function timeInWindow({ startMs, endMs }: Pick<Window, 'startMs' | 'endMs'>): string {
  return `ordered_at > fromUnixTimestamp64Milli(${startMs}, 'UTC') AND ordered_at < fromUnixTimestamp64Milli(${endMs}, 'UTC')`;
}
