import type { NewEvent } from '@throughline/contracts/request-event';
import type { EventAppender, EventLogErrorCode } from '../event-log.ts';
import { openFileAppender } from '../files/file-appender.ts';
import type { FileEventAppender } from '../files/file-appender-options.ts';
import { readLogMeta } from '../files/log-meta.ts';
import { SharedLogState } from '../files/shared-log.ts';
import { FolderDrain, type FolderSegments } from './folder-drain.ts';
import { openLeftBehindSegments } from './left-behind-segments.ts';
import { createOutboxFolder } from './outbox-folder.ts';
import type { CompleteOutboxOptions } from './outbox-options.ts';

/** The folder that this process appends to, and its way into the log. */
export interface LiveFolder {
  readonly appender: EventAppender;
  readonly drain: FolderDrain;
  /** No more appends: what has been accepted is written and synced, what was refused is named if that is possible. */
  seal(): Promise<void>;
}

/** What the folder must know of the others. */
export interface LiveFolderHooks {
  readonly otherBytes: () => number;
  /** Why nothing more is taken, whatever room there is. */
  readonly whyClosed: () => string | undefined;
  readonly onLogMissing: (message: string) => void;
  /** Counts and names what this folder refuses, in its place. */
  readonly onRefused?: (event: NewEvent, code: EventLogErrorCode) => void;
}

/**
 * Makes a folder for a new producer.
 *
 * @param kind.isParked for events whose keys cannot be looked up yet.
 * @throws EventLogError `failed`: it cannot be made or written.
 */
export function openLiveFolder(
  options: CompleteOutboxOptions,
  kind: { readonly partitions: number; readonly isParked: boolean },
  hooks: LiveFolderHooks,
): LiveFolder {
  const { partitions, isParked } = kind;
  const { root, targetName, crashPoint, clock } = options;
  crashPoint?.('outbox:before-folder');
  const folder = createOutboxFolder(root, { target: targetName, partitions, isParked }, clock());
  crashPoint?.('outbox:after-folder');
  let drain: FolderDrain | undefined;
  let firstAt: number | undefined;
  let appender: FileEventAppender;
  try {
    appender = openFileAppender({
      dir: folder.logDir,
      durability: options.durability,
      segmentBytesMax: options.segmentBytesMax,
      logBytesMax: options.bytesMax,
      eventBytesMax: options.eventBytesMax,
      syncIntervalMs: options.syncIntervalMs,
      probeIntervalMs: options.probeIntervalMs,
      partitions,
      outbox: {
        producerId: folder.meta.producerId,
        onWritten: () => {
          firstAt ??= clock();
          drain?.notify();
        },
        otherBytes: hooks.otherBytes,
        whyClosed: hooks.whyClosed,
        onRefused: hooks.onRefused,
      },
      clock,
      onWarn: options.onWarn,
      onError: options.onError,
      ...(options.files ? { files: options.files } : {}),
    });
  } catch (error) {
    folder.release();
    throw error;
  }
  const state = new SharedLogState(appender.shared.memory);
  let sealed: FolderSegments | undefined;
  const segments: FolderSegments = {
    mark: readLogMeta(folder.logDir)!.mark,
    get isLive() {
      return sealed === undefined;
    },
    bounds: () => sealed?.bounds() ?? state,
    get bytes() {
      return sealed?.bytes ?? appender.stats.bytes;
    },
    get firstAt() {
      return firstAt;
    },
    deleteBelow(low) {
      if (sealed) sealed.deleteBelow(low);
      else appender.retain({ behindFence: low - 1, ...KEEP_NOTHING });
    },
  };
  const opened = new FolderDrain(folder, segments, options, hooks.onLogMissing);
  drain = opened;
  return {
    appender,
    drain: opened,
    async seal() {
      await appender.close();
      try {
        sealed = openLeftBehindSegments(folder.logDir, options.onWarn);
      } catch (error) {
        // They stay until the folder goes as a whole.
        options.onWarn(`cannot look through ${folder.logDir}: ${(error as Error).message}`);
      }
    },
  };
}

/** What is stored in the log is of no more use here, however young it is. */
const KEEP_NOTHING = { marginMs: Number.NEGATIVE_INFINITY, keepMs: Number.NEGATIVE_INFINITY };
