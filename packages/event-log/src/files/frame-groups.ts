import { EventEncoder } from '@throughline/contracts/event-encoder';
import { partitionOf } from '@throughline/contracts/partition';
import type { AppendStamp, NewEvent } from '@throughline/contracts/request-event';
import { type Appended, EventLogError } from '../event-log.ts';
import { FRAME_HEADER_BYTES, sealFrame } from './frame.ts';

/** The only partition of a log that is read where it is written. */
export const LOCAL_PARTITION = 0;
/** Bytes of one write, about: beyond this a larger group saves nothing, and small bodies are held in memory twice. */
export const GROUP_BYTES_MAX = 1024 * 1024;

/** An event on its way into the log, and whom to tell. */
export interface PendingEvent {
  readonly event: NewEvent;
  /** Makes what is stored in its place when it is larger than `eventBytesMax`. */
  readonly shorter?: (() => NewEvent) | undefined;
  /** About what it will weigh. */
  readonly bytes: number;
  /** The log's own control event: not counted, and as large as it is. */
  readonly isOwn: boolean;
  resolve(appended: Appended): void;
  reject(error: EventLogError): void;
}

/** Frames that are written together. */
export interface FrameGroup {
  readonly events: readonly { readonly pending: PendingEvent; readonly appended: Appended }[];
  /** All frames behind one another. Valid until the next group is asked for. */
  readonly parts: readonly Buffer[];
  /** Where each event's frame ends in them. */
  readonly ends: readonly number[];
}

/** Where the next event goes and which numbers it gets. */
export interface NextNumbers {
  readonly producerId: string;
  readonly mark: Buffer;
  /** Read when a group is made: they move on as groups are written. */
  offset(): number;
  /** Highest number given in the partition, −1 before the first. */
  lastSeq(partition: number): number;
}

/**
 * Stamps and encodes events as groups for one write each, lazily: a group gets its numbers when it is asked for, that is
 * after the group before it was written, so that a failed write leaves no hole in them.
 */
export class FrameGroups {
  readonly #next: NextNumbers;
  readonly #clock: () => number;
  readonly #eventBytesMax: number;
  readonly #partitions: number;
  readonly #encoder = new EventEncoder();

  constructor(
    next: NextNumbers,
    options: { readonly clock: () => number; readonly eventBytesMax: number; readonly partitions: number },
  ) {
    this.#next = next;
    this.#partitions = options.partitions;
    this.#clock = options.clock;
    this.#eventBytesMax = options.eventBytesMax;
  }

  /** @param onUnfit called for an event that cannot be encoded or is larger than `eventBytesMax`; it takes no number. */
  *of(
    pending: readonly PendingEvent[],
    onUnfit: (pending: PendingEvent, error: EventLogError) => void,
  ): Generator<FrameGroup> {
    for (let index = 0; index < pending.length; ) {
      this.#encoder.clear();
      const events: { pending: PendingEvent; appended: Appended }[] = [];
      const ends: number[] = [];
      const receivedAt = this.#clock();
      const offset = this.#next.offset();
      const given = new Map<number, number>();
      while (index < pending.length && this.#encoder.length < GROUP_BYTES_MAX) {
        const one = pending[index++]!;
        const isNumbered = one.event.kind !== 'closed';
        const partition = partitionOf(one.event, this.#partitions);
        const seq = isNumbered ? (given.get(partition) ?? this.#next.lastSeq(partition)) + 1 : -1;
        const stamp: AppendStamp = {
          producer: { id: this.#next.producerId, seq },
          partition,
          received_at: receivedAt,
        };
        const appended = { partition, offset: offset + events.length, stamp };
        const error = this.#frame(one, appended);
        if (error) {
          onUnfit(one, error);
          continue;
        }
        if (isNumbered) given.set(partition, seq);
        events.push({ pending: one, appended });
        ends.push(this.#encoder.length);
      }
      if (events.length > 0) yield { events, parts: this.#encoder.parts(), ends };
    }
    this.#encoder.clear();
  }

  #frame({ event, shorter, isOwn }: PendingEvent, appended: Appended): EventLogError | undefined {
    const bytesMax = isOwn ? Number.POSITIVE_INFINITY : this.#eventBytesMax;
    const error = this.#frameOne(event, appended, bytesMax);
    if (error?.code !== 'too-large' || shorter === undefined) return error;
    return this.#frameOne(shorter(), appended, bytesMax);
  }

  #frameOne(event: NewEvent, { offset, stamp }: Appended, bytesMax: number): EventLogError | undefined {
    const start = this.#encoder.mark();
    try {
      this.#encoder.skip(FRAME_HEADER_BYTES);
      this.#encoder.write(event, stamp);
    } catch (cause) {
      this.#encoder.rewind(start);
      return new EventLogError('failed', 'the event cannot be encoded', { cause });
    }
    const bytes = this.#encoder.length - start.length - FRAME_HEADER_BYTES;
    if (bytes > bytesMax) {
      this.#encoder.rewind(start);
      return tooLarge(bytes, bytesMax);
    }
    sealFrame(this.#encoder.parts(start), this.#next.mark, offset, stamp.received_at);
    return undefined;
  }
}

export function tooLarge(bytes: number, bytesMax: number): EventLogError {
  return new EventLogError('too-large', `an event of ${bytes} bytes; at most ${bytesMax} are taken`);
}
