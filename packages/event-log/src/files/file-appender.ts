import { EventLogError } from '../event-log.ts';
import { type FileAppenderOptions, type FileEventAppender, withDefaults } from './file-appender-options.ts';
import { acquireFolderLock } from './folder-lock.ts';
import { openLogMeta } from './log-meta.ts';
import { LogWriter } from './log-writer.ts';
import { recoverLog } from './recover-log.ts';
import { segmentFile } from './segment-files.ts';
import { SegmentWriter } from './segment-writer.ts';
import { SharedLogState } from './shared-log.ts';
import { NO_SYNCED_END, SyncedEndFile } from './synced-end-file.ts';

/**
 * Opens a log folder for writing: takes its lock, repairs what the last writer's end left behind, makes a new producer
 * id. The folder is made when there is none. One partition, 0.
 *
 * **When it is full** (`logBytesMax` reached and retention cannot delete anything, or the disk is full) new events are
 * refused and old ones stay: what is stored was promised. The refused ones are counted, `writable` says so, and the first
 * thing written once there is room is how many were refused. Blocked by bytes, the log accepts again when retention has
 * deleted a segment; blocked by the disk, when a small probe file could be written.
 *
 * @throws EventLogError `locked`: another process has the folder. `mismatch`: it is not the log expected, or not one of
 *   this format. `failed`: it cannot be read or written.
 */
export function openFileAppender(given: FileAppenderOptions): FileEventAppender {
  const options = withDefaults(given);
  const lock = acquireFolderLock(options.dir);
  const opened: (() => void)[] = [() => lock.release()];
  try {
    const meta = openLogMeta(options.dir, options.clock());
    if (options.expectedLogId !== undefined && options.expectedLogId !== meta.logId) {
      throw new EventLogError('mismatch', `${options.dir} holds log ${meta.logId}, expected ${options.expectedLogId}`);
    }
    const syncedEndFile = options.outbox ? NO_SYNCED_END : new SyncedEndFile(options.dir, meta.mark);
    opened.push(() => syncedEndFile.close());
    const nextOffsetMin = Math.max(syncedEndFile.stored, options.minNextOffset);
    const recovered = recoverLog(options.dir, meta, {
      nextOffsetMin,
      syncedEnd: syncedEndFile.stored,
      onWarn: options.onWarn,
      crashPoint: options.crashPoint,
    });
    const nextOffset = Math.max(recovered.end, nextOffsetMin);
    const { segments } = recovered;
    if (segments.length > 0 && nextOffset > recovered.end) {
      options.onError(
        `the log ends at ${recovered.end} though offsets up to ${nextOffset - 1} were given before: it goes on above them, and those whose rows are not stored are lost`,
      );
    }
    if (!recovered.canContinue) {
      segments.push({ ...segmentFile(options.dir, nextOffset), bytes: 0, firstAtMs: undefined });
    }
    const segmentWriter = new SegmentWriter({
      dir: options.dir,
      files: options.files,
      newest: segments.at(-1)!,
      crashPoint: options.crashPoint,
    });
    opened.push(() => segmentWriter.close());

    const shared = { logId: meta.logId, memory: SharedLogState.allocate() };
    const state = new SharedLogState(shared.memory);
    state.low = segments[0]!.base;
    state.end = nextOffset;
    // Recovery has synced all that is kept; what is skipped is as certain to be gone.
    syncedEndFile.store(nextOffset);
    state.syncedEnd = nextOffset;
    return new LogWriter({ options, meta, segments, segmentWriter, syncedEndFile, shared, state, nextOffset, lock });
  } catch (error) {
    for (const close of opened.reverse()) close();
    if (error instanceof EventLogError) throw error;
    throw new EventLogError('failed', `cannot open the log in ${options.dir}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
