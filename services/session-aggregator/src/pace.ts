/**
 * When batches start. Partitions that share a pace start theirs together, so that their rows share inserts: one cycle
 * every `cycleMs` while there is work, and at once after idling.
 */
export interface Pace {
  /**
   * @param cycle in which the caller started its last batch; undefined for none.
   * @param events that the batch would have.
   * @returns milliseconds until it may start another one; 0 or less: now.
   */
  waitMs(cycle: number | undefined, events: number): number;
  /** A batch starts. @returns its cycle. */
  start(): number;
}

/** Who has something within this time joins the cycle that has just begun: its inserts still linger or queue. */
const JOIN_MS = 15;

/**
 * @param cycleMs for a batch of so many events; looked at anew whenever it matters.
 * @param now milliseconds of a clock that only goes forward.
 */
export function createPace(cycleMs: (events: number) => number, now: () => number = () => performance.now()): Pace {
  let startedAt = Number.NEGATIVE_INFINITY;
  let cycle = 0;
  return {
    waitMs(last, events) {
      const sinceStart = now() - startedAt;
      return last !== cycle && sinceStart < JOIN_MS ? 0 : cycleMs(events) - sinceStart;
    },
    start() {
      if (now() - startedAt >= JOIN_MS) {
        startedAt = now();
        cycle++;
      }
      return cycle;
    },
  };
}
