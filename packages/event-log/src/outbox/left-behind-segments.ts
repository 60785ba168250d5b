import fs from 'node:fs';
import { readLogMeta } from '../files/log-meta.ts';
import { recoverLog } from '../files/recover-log.ts';
import { segmentFile } from '../files/segment-files.ts';
import type { FolderSegments } from './folder-drain.ts';

/**
 * The segments of a log folder whose writer is gone, with its unfinished tail cut off. The caller holds the lock.
 *
 * @returns undefined when there are none: the writer went before it wrote anything.
 * @throws EventLogError when the folder cannot be read.
 */
export function openLeftBehindSegments(dir: string, onWarn: (message: string) => void): FolderSegments | undefined {
  if (!fs.existsSync(dir)) return undefined;
  const meta = readLogMeta(dir);
  if (meta === undefined) return undefined;
  const { segments, end } = recoverLog(dir, meta, { nextOffsetMin: 0, syncedEnd: 0, onWarn });
  return {
    mark: meta.mark,
    isLive: false,
    bounds: () => ({ low: segments[0]?.base ?? end, end }),
    get bytes() {
      return segments.reduce((sum, { bytes }) => sum + bytes, 0);
    },
    get firstAt() {
      return segments.find(({ firstAtMs }) => firstAtMs !== undefined)?.firstAtMs;
    },
    deleteBelow(low) {
      // Here the newest segment may go too: nothing is appended behind it.
      while (segments.length > 0 && (segments[1]?.base ?? end) <= low) {
        const { base } = segments[0]!;
        try {
          fs.rmSync(segmentFile(dir, base).path, { force: true });
        } catch (error) {
          onWarn(`cannot delete segment ${base} of ${dir}: ${(error as Error).message}`);
          return;
        }
        segments.shift();
      }
    },
  };
}
