/** Where the keyboard is on a chart over time. Times are those at which intervals begin, epoch ms. */
export interface ChartCursor {
  readonly atMs: number;
  /** The other end of what is selected; null: nothing is. */
  readonly anchorMs: number | null;
}

/**
 * Where a key leads to; undefined: it leads nowhere, and is somebody else's.
 *
 * @param cursor null: on the latest interval.
 * @param isExtending whether the selection grows with it.
 * @param times ascending.
 */
export function cursorAfter(
  cursor: ChartCursor | null,
  key: string,
  isExtending: boolean,
  times: readonly number[],
): ChartCursor | undefined {
  if (times.length === 0) return undefined;
  const before = cursor ?? { atMs: times.at(-1)!, anchorMs: null };
  const from = indexOf(before.atMs, times);
  const to = placeOf(key, from, times.length - 1);
  if (to === undefined) return undefined;
  return { atMs: times[to]!, anchorMs: isExtending ? (before.anchorMs ?? times[from]!) : null };
}

/** The interval of a time: the last that does not begin after it. Before the first, the first. */
export function indexOf(ms: number, times: readonly number[]): number {
  return Math.max(
    0,
    times.findLastIndex((begin) => begin <= ms),
  );
}

/** The first and the last interval that are selected, by index; undefined: none is. */
export function selectedOf(
  { atMs, anchorMs }: ChartCursor,
  times: readonly number[],
): readonly [first: number, last: number] | undefined {
  if (anchorMs === null || times.length === 0) return undefined;
  return [indexOf(Math.min(atMs, anchorMs), times), indexOf(Math.max(atMs, anchorMs), times)];
}

/** When an interval ends, epoch ms. The last is as long as the one before. */
export function endOf(index: number, times: readonly number[]): number {
  const next = times[index + 1];
  if (next !== undefined) return next;
  const begin = times[index]!;
  return begin + (index > 0 ? begin - times[index - 1]! : ALONE_MS);
}

/** An interval that is the only one. */
const ALONE_MS = 60_000;

function placeOf(key: string, from: number, last: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, from - 1);
    case 'ArrowRight':
      return Math.min(last, from + 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
