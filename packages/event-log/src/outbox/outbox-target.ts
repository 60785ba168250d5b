import type { OutboxRecord } from './outbox-record.ts';

/** What a log says of itself. */
export interface LogIdentity {
  /** Minted with the log: one created anew under the same name has another. */
  readonly logId: string;
  readonly partitions: number;
}

/** Records of one partition, in the order of their numbers; none of them is empty. */
export interface OutboxBatch {
  readonly partition: number;
  readonly records: readonly OutboxRecord[];
}

/** The log that an outbox is emptied into, as far as the outbox knows it. */
export interface OutboxTarget {
  /** Largest batch that the log takes, bytes; a record beyond it is tried alone, should it fit when compressed. */
  readonly batchBytesMax: number;
  /**
   * @returns undefined: there is no such log (yet).
   * @throws when it cannot be asked at the moment.
   */
  describe(): Promise<LogIdentity | undefined>;
  /** Partitions of the same lane may share a request; what holds up one lane does not hold up another. A hint. */
  laneOf(partition: number): number;
  /**
   * Store batches, each in its place, durably.
   *
   * @param options.isolated the partition made trouble: the request must not share anything that others wait for.
   * @throws OutboxSendError for the whole request; batches of it may have been stored all the same, unless it says not.
   */
  send(batches: readonly OutboxBatch[], options: { readonly logId: string; readonly isolated: boolean }): Promise<void>;
  close(): Promise<void>;
}

export type OutboxSendErrorCode =
  /** The way to the log is blocked, for whatever goes that way: a broker that does not answer. Tried again. */
  | 'unreachable'
  /** This partition does not take it at the moment. Tried again. */
  | 'unavailable'
  /** A record, or the batch, is larger than the log takes. Nothing was stored. */
  | 'too-large'
  /** The log will never take this record as it is. Nothing was stored. */
  | 'rejected'
  /** There is no such log any more: it has to be looked at before anything more is sent. */
  | 'no-such-log';

export class OutboxSendError extends Error {
  readonly code: OutboxSendErrorCode;

  constructor(code: OutboxSendErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'OutboxSendError';
    this.code = code;
  }
}
