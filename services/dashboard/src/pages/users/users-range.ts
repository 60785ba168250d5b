import { parseRange, rangeBounds } from '../../search/range.ts';

/** People come back after days: the range that these pages begin with. */
export const USERS_RANGE = '30d';

/** As endpoints about users take it: whole seconds, both included. */
export function secondsRange(range: string): {
  readonly startTimeUnixSeconds: number;
  readonly endTimeUnixSeconds: number;
} {
  const { fromMs, toMs } = rangeBounds(parseRange(range), Date.now());
  return { startTimeUnixSeconds: Math.floor(fromMs / 1_000), endTimeUnixSeconds: Math.ceil(toMs / 1_000) };
}
