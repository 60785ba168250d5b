import { encodeEvent } from '@throughline/contracts/event-codec';
import type { AppendStamp, NewEvent } from '@throughline/contracts/request-event';
import { type Appended, EventLogError } from '../event-log.ts';
import { FRAME_HEADER_BYTES, sealFrame } from './frame.ts';

/** The only partition of a local log. */
export const LOCAL_PARTITION = 0;
/** Bytes and frames of one `writev`: beyond this a larger group saves nothing, and it is held in memory twice. */
export const GROUP_BYTES_MAX = 8 * 1024 * 1024;
const GROUP_FRAMES_MAX = 512;

/** An event on its way into the log, and whom to tell. */
export interface PendingEvent {
  readonly event: NewEvent;
  /** About what it will weigh. */
  readonly bytes: number;
  /** The log's own control event: not counted, and as large as it is. */
  readonly isOwn: boolean;
  resolve(appended: Appended): void;
  reject(error: EventLogError): void;
}

export interface FramedEvent {
  readonly pending: PendingEvent;
  readonly frame: Buffer;
  readonly appended: Appended;
}

/** Where the next event goes and which numbers it gets. */
export interface NextNumbers {
  readonly producerId: string;
  readonly mark: Buffer;
  /** Read when a group is made: it moves on as groups are written. */
  offset(): number;
  lastSeq(): number;
}

/**
 * Stamps and encodes events as groups for one write each, lazily: a group gets its numbers when it is asked for, that is
 * after the group before it was written, so that a failed write leaves no hole in them.
 *
 * @param onUnfit called for an event that cannot be encoded or is larger than `eventBytesMax`; it takes no number.
 */
export function* frameGroups(
  events: readonly PendingEvent[],
  next: NextNumbers,
  options: { readonly clock: () => number; readonly eventBytesMax: number },
  onUnfit: (pending: PendingEvent, error: EventLogError) => void,
): Generator<FramedEvent[]> {
  for (let index = 0; index < events.length; ) {
    const group: FramedEvent[] = [];
    let bytes = 0;
    let seq = next.lastSeq();
    const receivedAt = options.clock();
    while (index < events.length && bytes < GROUP_BYTES_MAX && group.length < GROUP_FRAMES_MAX) {
      const pending = events[index++]!;
      const isNumbered = pending.event.kind !== 'closed';
      const offset = next.offset() + group.length;
      const stamp: AppendStamp = {
        producer: { id: next.producerId, seq: isNumbered ? seq + 1 : -1 },
        partition: LOCAL_PARTITION,
        received_at: receivedAt,
      };
      const frame = encode(pending, stamp, options.eventBytesMax);
      if (frame instanceof EventLogError) {
        onUnfit(pending, frame);
        continue;
      }
      sealFrame(frame, next.mark, offset, receivedAt);
      if (isNumbered) seq++;
      bytes += frame.length;
      group.push({ pending, frame, appended: { partition: LOCAL_PARTITION, offset, stamp } });
    }
    if (group.length > 0) yield group;
  }
}

export function tooLarge(bytes: number, bytesMax: number): EventLogError {
  return new EventLogError('too-large', `an event of ${bytes} bytes; at most ${bytesMax} are taken`);
}

function encode(pending: PendingEvent, stamp: AppendStamp, bytesMax: number): Buffer | EventLogError {
  let frame: Buffer;
  try {
    frame = encodeEvent({ ...pending.event, ...stamp }, FRAME_HEADER_BYTES);
  } catch (cause) {
    return new EventLogError('failed', 'the event cannot be encoded', { cause });
  }
  const bytes = frame.length - FRAME_HEADER_BYTES;
  return bytes > bytesMax && !pending.isOwn ? tooLarge(bytes, bytesMax) : frame;
}
