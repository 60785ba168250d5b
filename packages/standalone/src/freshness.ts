import type { ProgressCells } from './progress-cells.ts';

/** Up to which instant answers reflect every call recorded, epoch ms: `Throughline-As-Of`. */
export interface Freshness {
  totalsAsOf(): number;
  snapshotsAsOf(): number;
}

/**
 * In one process everything is known: when all that the log holds has been applied, answers are as of now; otherwise
 * as of the commit that they reflect.
 *
 * @param logEnd offset that the next event gets.
 */
export function standaloneFreshness(cells: ProgressCells, logEnd: () => number, now: () => number): Freshness {
  return {
    totalsAsOf: () => {
      const { totalsOffset, totalsAtMs } = cells.read();
      return totalsOffset + 1 >= logEnd() ? now() : totalsAtMs;
    },
    snapshotsAsOf: () => {
      const { snapshotsOffset, snapshotsAtMs } = cells.read();
      return snapshotsOffset + 1 >= logEnd() ? now() : snapshotsAtMs;
    },
  };
}
