import type { Fence } from '@throughline/session-totals/session-totals';

/**
 * How far totals and snapshots reflect the log, shared between the thread that applies it and the thread that answers
 * queries: four doubles, written and read whole.
 */
export interface ProgressCells {
  readonly buffer: SharedArrayBuffer;
  /** Of the one partition there is. */
  totals(partition: number, fence: Fence, atMs: number): void;
  snapshots(partition: number, fence: Fence, atMs: number): void;
  /** Last offset reflected and until when the log is, epoch ms; −1 and 0 before the first. */
  read(): { totalsOffset: number; totalsAtMs: number; snapshotsOffset: number; snapshotsAtMs: number };
}

/** @param buffer of another thread's cells; a new one when absent. */
export function progressCells(buffer?: SharedArrayBuffer): ProgressCells {
  const cells = new BigInt64Array(buffer ?? new SharedArrayBuffer(4 * 8));
  const set = (at: number, value: number) => Atomics.store(cells, at, BigInt(Math.trunc(value)));
  const get = (at: number) => Number(Atomics.load(cells, at));
  if (!buffer) {
    set(0, -1);
    set(2, -1);
  }
  return {
    buffer: cells.buffer as SharedArrayBuffer,
    totals(_partition, fence, atMs) {
      set(0, fence.offset);
      set(1, atMs);
    },
    snapshots(_partition, fence, atMs) {
      set(2, fence.offset);
      set(3, atMs);
    },
    read: () => ({ totalsOffset: get(0), totalsAtMs: get(1), snapshotsOffset: get(2), snapshotsAtMs: get(3) }),
  };
}
