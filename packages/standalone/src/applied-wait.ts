import { setTimeout as sleep } from 'node:timers/promises';
import type { AppliedWait } from '@throughline/query/annotate/annotation-ports';
import type { ProgressCells } from './progress-cells.ts';

/** Reading a cell costs nothing; nobody waits noticeably longer. */
const LOOK_EVERY_MS = 3;

/** In one process: snapshots are published last, so when they reflect the event's offset, everything does. */
export function waitForCells(cells: Pick<ProgressCells, 'read'>): AppliedWait {
  return {
    async until({ offset }, _annotation, signal) {
      while (cells.read().snapshotsOffset < offset) {
        if (signal.aborted) return false;
        await sleep(LOOK_EVERY_MS);
      }
      return true;
    },
  };
}
