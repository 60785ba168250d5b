export interface Lanes {
  /** Of each request, from 0 on. */
  readonly lanes: Uint32Array;
  readonly count: number;
}

/**
 * Requests that ran at the same time lie in different lanes, each in the topmost that is free when it begins.
 *
 * @param starts ascending. @param latencies of the same unit.
 */
export function layLanes(starts: readonly number[], latencies: readonly number[]): Lanes {
  const lanes = new Uint32Array(starts.length);
  const freeAt: number[] = [];
  for (let i = 0; i < starts.length; i++) {
    let lane = freeAt.findIndex((at) => at <= starts[i]!);
    if (lane === -1) lane = freeAt.length;
    // What took no time is drawn all the same.
    freeAt[lane] = starts[i]! + Math.max(1, latencies[i]!);
    lanes[i] = lane;
  }
  return { lanes, count: freeAt.length };
}
