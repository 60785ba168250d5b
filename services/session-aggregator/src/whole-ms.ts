/** Furthest instant that JavaScript names, both ways from 1970. */
const TIME_MS_MAX = 8.64e15;

/** A time of someone else's clock as the columns hold it: whole epoch milliseconds. @param time finite. */
export function wholeMs(time: number): number {
  return Math.min(Math.max(Math.trunc(time), -TIME_MS_MAX), TIME_MS_MAX);
}
