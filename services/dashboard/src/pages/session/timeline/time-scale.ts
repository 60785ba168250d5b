/** Idle time that was taken out of the picture. */
export interface FoldedGap {
  /** Epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Time as it is drawn: idle stretches are shorter than they were. Both ways are monotonic. */
export interface TimeScale {
  /** Epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Length as drawn, ms. */
  readonly length: number;
  readonly gaps: readonly FoldedGap[];
  /** Epoch ms to ms as drawn, from 0 on. */
  readonly drawn: (atMs: number) => number;
  /** Back again. */
  readonly instant: (drawnMs: number) => number;
}

/** An idle stretch is folded where it is longer than this share of the time in which something ran, and than this, ms. */
const FOLD_SHARE = 0.05;
const FOLD_MS_MIN = 1_000;
/** What all folded gaps take together at most, as a share of the rest. */
const FOLDED_SHARE_MAX = 0.25;

/**
 * @param starts epoch ms, ascending. @param latencies ms. @param isFolding false: every idle stretch has its true length.
 */
export function timeScale(starts: readonly number[], latencies: readonly number[], isFolding: boolean): TimeScale {
  const busy: { fromMs: number; toMs: number }[] = [];
  for (let i = 0; i < starts.length; i++) {
    const fromMs = starts[i]!;
    const toMs = fromMs + Math.max(0, latencies[i]!);
    const last = busy.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else busy.push({ fromMs, toMs });
  }
  if (busy.length === 0) busy.push({ fromMs: 0, toMs: 1 });
  const busyMs = busy.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const longest = Math.max(FOLD_MS_MIN, busyMs * FOLD_SHARE);
  const idle = busy.slice(1).map(({ fromMs }, index) => ({ fromMs: busy[index]!.toMs, toMs: fromMs }));
  const gaps = isFolding ? idle.filter(({ fromMs, toMs }) => toMs - fromMs > longest) : [];
  const first = busy[0]!.fromMs;
  const last = Math.max(busy.at(-1)!.toMs, first + 1);
  const rest = last - first - gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const gapLength = gaps.length === 0 ? 0 : Math.min(longest, (Math.max(rest, 1) * FOLDED_SHARE_MAX) / gaps.length);
  // Where the slope changes: instant and drawn, in step.
  const instants = [first];
  const drawns = [0];
  const go = (toMs: number, length: number) => {
    instants.push(toMs);
    drawns.push(drawns.at(-1)! + length);
  };
  for (const { fromMs, toMs } of gaps) {
    go(fromMs, fromMs - instants.at(-1)!);
    go(toMs, gapLength);
  }
  go(last, last - instants.at(-1)!);
  return {
    fromMs: first,
    toMs: last,
    length: drawns.at(-1)!,
    gaps,
    drawn: (atMs) => between(atMs, instants, drawns),
    instant: (drawnMs) => between(drawnMs, drawns, instants),
  };
}

/** Linear between two neighbours; what lies outside is put to the end. */
function between(value: number, from: readonly number[], to: readonly number[]): number {
  let low = 0;
  let high = from.length - 1;
  if (value <= from[low]!) return to[low]!;
  if (value >= from[high]!) return to[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle]! <= value) low = middle;
    else high = middle;
  }
  const width = from[high]! - from[low]!;
  const share = width === 0 ? 0 : (value - from[low]!) / width;
  return to[low]! + share * (to[high]! - to[low]!);
}
