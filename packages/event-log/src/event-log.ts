import type { AppendStamp, NewEvent } from '@throughline/contracts/request-event';

/** Where an event lies in the log. Offsets are dense per partition, from 0. */
export interface Position {
  readonly partition: number;
  readonly offset: number;
}

/** An accepted event and what was stamped on it: producer and number name it for ever. */
export interface Appended {
  readonly partition: number;
  readonly stamp: AppendStamp;
  /** Where it lies: in the log, or in the outbox in front of it (the log then gives it an offset of its own, later). */
  readonly offset: number;
}

/** The writing side. One per process; makes its own random producer id when opened. */
export interface EventAppender {
  readonly producerId: string;
  /** How many partitions events are spread over, by `partitionFor`; whoever makes an event's id names it in there. */
  readonly partitions: number;
  /**
   * Store one event. The log picks the partition, numbers the event for this producer and stamps `received_at`.
   *
   * @param shorter makes what is stored in place of an event that is too large: the same call (tenant, session, id) in
   *   fewer bytes. Called once at most; what is too large even so is refused, once.
   * @returns resolves when the event survives the death of the process (`DURABILITY=process`) or a power cut (`disk`),
   *   not before; appends of one turn of the event loop share one write.
   * @throws EventLogError (as rejection) `full` | `failed`: the event is not in the log and never will be; the log
   *   counts it and writes a `refused` event once it can write again. `too-large`: larger than `eventBytesMax`.
   */
  append(event: NewEvent, shorter?: () => NewEvent): Promise<Appended>;
  /** False while appends are being refused: lets a gateway say so in the headers, before the body. */
  readonly writable: boolean;
  readonly stats: AppenderStats;
  /** Writes what is pending, appends `closed`, syncs. Further appends reject. */
  close(): Promise<void>;
}

/** Counters since open; bytes are of the log as it is now. */
export interface AppenderStats {
  readonly appended: number;
  readonly refused: number;
  readonly bytes: number;
  /** Highest number given per partition, −1 before the first. */
  readonly lastSeq: readonly number[];
}

/** One entry read: an event's bytes as they were appended, or a range of offsets that the log lost. */
export type LogEntry =
  | { readonly offset: number; readonly bytes: Uint8Array; readonly lost?: undefined }
  | { readonly offset: number; readonly lost: { readonly through: number; readonly reason: string } };

export interface LogBounds {
  readonly logId: string;
  /** Offset of the oldest event kept. */
  readonly low: number;
  /** Offset that the next event gets; everything below it that a reader may see is synced. */
  readonly high: number;
}

/**
 * One partition that this process owns, as a position that moves forward. Never delivers what a power cut could take
 * back (embedded: only what is synced).
 */
export interface PartitionReader {
  readonly partition: number;
  /** Aborted when the partition is taken away: whoever reads it stops and commits nothing more. */
  readonly revoked: AbortSignal;
  /**
   * @throws EventLogError retryable: they cannot be asked for at the moment. `mismatch`: another log has taken this one's
   *   place.
   */
  bounds(): Promise<LogBounds>;
  /**
   * @throws EventLogError `out-of-range` when the offset is below `low` or above `high`: never a silent reset. `failed`,
   *   retryable: the bounds cannot be asked for at the moment.
   */
  seek(offset: number): Promise<void>;
  /**
   * The next entries in order, at most `eventsMax` and about `bytesMax` (always at least one entry when there is one).
   * Waits up to `waitMs` for the first; `[]` when none came. The first entry's offset is the position sought.
   *
   * @throws EventLogError `out-of-range`, `mismatch`: the log has lost this position, or another one has taken its place.
   */
  read(limit: { eventsMax: number; bytesMax: number; waitMs: number }): Promise<LogEntry[]>;
  /** Everything up to `offset` is in the stores: a hint for retention (embedded) or the group's offset (Kafka). */
  committed(offset: number): void;
}

/** The reading side. */
export interface EventLogConsumer {
  /**
   * Take part in consuming: `owner` is called once per partition assigned and should run until the reader is revoked.
   * A rejection of `owner` stops that partition, is reported to `onError`, and does not touch the others.
   */
  run(
    owner: (reader: PartitionReader) => Promise<void>,
    onError: (partition: number, error: unknown) => void,
  ): Promise<void>;
  /** Revokes every partition, waits for the owners to return. */
  close(): Promise<void>;
}

/**
 * A log whose positions an operator can mend, where the events are lost and their positions are not: rows end with them,
 * so that none is ever given twice.
 */
export interface RebasableLog {
  /** Of every partition. Undefined: it has no positions yet, because the log has taken the place of another one. */
  look(): Promise<ReadonlyMap<number, LogBounds | undefined>>;
  /**
   * From now on the oldest event of each of these partitions has the position given, which is above every one that any
   * store knows. Their `logId` is another one afterwards, so that nobody goes on with the positions before.
   *
   * @throws EventLogError `failed`, retryable: nothing was changed, or all of it.
   */
  place(positions: ReadonlyMap<number, number>): Promise<void>;
  close(): Promise<void>;
}

export type EventLogErrorCode =
  /** No room: bytes or age limit reached, or the disk is full. */
  | 'full'
  /** The write failed for another reason. */
  | 'failed'
  | 'too-large'
  | 'out-of-range'
  | 'closed'
  /** Another process holds the folder. */
  | 'locked'
  /** The log is not the one expected: another log id or partition count. */
  | 'mismatch';

export class EventLogError extends Error {
  readonly code: EventLogErrorCode;
  readonly retryable: boolean;

  constructor(code: EventLogErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'EventLogError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
