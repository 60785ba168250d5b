import type { NewEvent } from '@throughline/contracts/request-event';
import type { CrashPointHook } from '../crash-points.ts';
import type { EventAppender, EventLogErrorCode } from '../event-log.ts';
import { type LogFileSystem, nodeFileSystem } from './log-file-system.ts';
import type { SharedLog } from './shared-log.ts';

/** How a log folder is written. Bytes and milliseconds; whatever is left out has the default named. */
export interface FileAppenderOptions {
  readonly dir: string;
  /**
   * `process` (default): an append is done when the system has the bytes, which survive the death of the process;
   * `fdatasync` follows. `disk`: an append is done when its group has been synced, and survives a power cut.
   */
  readonly durability?: 'process' | 'disk';
  /**
   * A segment is closed when the next write would make it larger. 16 MiB: opening and seeking walk one segment, 10–25 ms
   * for this size, and the limit of bytes is some 640 files.
   */
  readonly segmentBytesMax?: number;
  /** Of all segments together (`OUTBOX_BYTES_MAX`). 10 GiB. */
  readonly logBytesMax?: number;
  /** Of one encoded event. 40 MiB: two bodies of the largest captured size (16 MiB) and their headers. */
  readonly eventBytesMax?: number;
  /** Longest time that something written stays unsynced while the disk answers at once. 20 ms. */
  readonly syncIntervalMs?: number;
  /** After a failed write or sync: how often it is tried whether the disk takes data again. 250 ms. */
  readonly probeIntervalMs?: number;
  readonly retention?: Partial<RetentionPolicy>;
  /** Partitions that events are numbered in; more than one in an outbox only. 1. */
  readonly partitions?: number;
  /** What an outbox adds; absent in a log that is read where it is written. */
  readonly outbox?: OutboxHooks;
  /** One above the highest offset that any store knows of this log: a log that lost its tail goes on there. 0. */
  readonly minNextOffset?: number;
  /** Refuse to open another log than this one. */
  readonly expectedLogId?: string;
  /** Epoch ms; stamps `received_at` and ages segments. `Date.now`. */
  readonly clock?: () => number;
  /** Something odd happened, nothing is lost. */
  readonly onWarn?: (message: string) => void;
  /** Events are being lost, or a person is needed. Once per incident. */
  readonly onError?: (message: string) => void;
  readonly crashPoint?: CrashPointHook;
  readonly files?: LogFileSystem;
}

/** What the outbox in front of another log wants of the log that it keeps its events in. */
export interface OutboxHooks {
  /** Given to this producer, so that whoever empties the folder later knows whose it was. */
  readonly producerId: string;
  /** Something has been written that can be read; called once per write. */
  readonly onWritten: () => void;
  /** Bytes of other folders that count towards `logBytesMax`. */
  readonly otherBytes: () => number;
  /** Why nothing more is taken whatever room there is; undefined while it is. */
  readonly whyClosed: () => string | undefined;
  /** Counts and names the events that this log refuses in its place. */
  readonly onRefused?: ((event: NewEvent, code: EventLogErrorCode) => void) | undefined;
}

/** When a segment may be deleted: all of its events are behind the fence, and it is old enough in both senses. */
export interface RetentionPolicy {
  /**
   * Log time (`received_at`) behind the fence that is always kept, however full the log is: the owner re-inserts rows
   * from it when the analytics store has lost some. Ten minutes.
   */
  readonly marginMs: number;
  /** Age by the clock. 24 h. Not waited for once the log is at 80 % of its bytes. */
  readonly keepMs: number;
}

/** An appender on a local folder. */
export interface FileEventAppender extends EventAppender {
  readonly logId: string;
  /** To be handed to `openFileConsumer`, in this thread or another one of this process. */
  readonly shared: SharedLog;
  /** Why appends are refused at the moment: `full` or `failed`; undefined when they are not. */
  readonly refusing: EventLogErrorCode | undefined;
  /**
   * Delete the segments that the policy allows. The log does so itself every minute and whenever it begins a segment.
   *
   * @param policy `behindFence`: the last offset that is in all stores; what the reader committed, when left out.
   * @returns how many segments were deleted.
   */
  retain(policy?: Partial<RetentionPolicy> & { readonly behindFence?: number }): number;
}

export type CompleteOptions = Required<
  Omit<FileAppenderOptions, 'expectedLogId' | 'crashPoint' | 'retention' | 'outbox'>
> &
  Pick<FileAppenderOptions, 'expectedLogId' | 'crashPoint' | 'outbox'> & { readonly retention: RetentionPolicy };

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;

export function withDefaults(given: FileAppenderOptions): CompleteOptions {
  return {
    dir: given.dir,
    durability: given.durability ?? 'process',
    segmentBytesMax: given.segmentBytesMax ?? 16 * MIB,
    logBytesMax: given.logBytesMax ?? 10 * 1024 * MIB,
    eventBytesMax: given.eventBytesMax ?? 40 * MIB,
    syncIntervalMs: given.syncIntervalMs ?? 20,
    probeIntervalMs: given.probeIntervalMs ?? 250,
    retention: {
      marginMs: given.retention?.marginMs ?? 10 * MINUTE_MS,
      keepMs: given.retention?.keepMs ?? 24 * 60 * MINUTE_MS,
    },
    partitions: given.partitions ?? 1,
    outbox: given.outbox,
    minNextOffset: given.minNextOffset ?? 0,
    expectedLogId: given.expectedLogId,
    clock: given.clock ?? Date.now,
    onWarn: given.onWarn ?? (() => {}),
    onError: given.onError ?? (() => {}),
    crashPoint: given.crashPoint,
    files: given.files ?? nodeFileSystem,
  };
}
