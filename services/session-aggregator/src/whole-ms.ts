// What the columns hold: 1900-01-01 and the last millisecond of 2299.
const TIME_MS_MIN = -2_208_988_800_000;
const TIME_MS_MAX = 10_413_791_999_999;

/** A time of someone else's clock as the columns hold it: whole epoch milliseconds. @param time finite. */
export function wholeMs(time: number): number {
  return Math.min(Math.max(Math.trunc(time), TIME_MS_MIN), TIME_MS_MAX);
}
