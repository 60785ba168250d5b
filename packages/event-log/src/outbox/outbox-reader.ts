import { type EventHead, readEventHead } from '@throughline/contracts/event-head';
import type { LogEntry } from '../event-log.ts';
import { SegmentCursor } from '../files/segment-cursor.ts';
import type { OutboxRecord } from './outbox-record.ts';
import type { PartitionQueue } from './partition-queue.ts';

/** Bytes read from the segments at a time. */
const READ_BYTES = 1024 * 1024;
const READ_EVENTS = 4096;
/** Places in the folder that are read from at once: one follows the writer, the others catch up. */
const CURSORS_MAX = 4;
/** Records that wait in one partition's queue, whatever they weigh. */
const QUEUED_EVENTS_MAX = 1_000;
/** Smaller events are copied, so that one of them does not keep all the bytes that were read with it. */
const COPIED_BELOW_BYTES = 512 * 1024;

export interface OutboxReaderOptions {
  readonly dir: string;
  readonly mark: Buffer;
  /** What the folder holds at the moment. */
  readonly bounds: () => { readonly low: number; readonly end: number };
  /** Offset to begin at. */
  readonly low: number;
  readonly queues: readonly PartitionQueue[];
  /** Bytes that wait in one partition's queue; a larger event waits there alone. */
  readonly queueBytesMax: number;
  /** A queue that is full and failing for so long no longer holds up the partitions behind it. */
  readonly detachAfterMs: number;
  /** The event as it is sent, when it is not sent as it lies there; undefined: it cannot be sent. */
  readonly restamp?: Restamp | undefined;
  readonly onLost: (count: number) => void;
  /** The event at this offset is nobody's; called once, in ascending order. */
  readonly onNobodys: (offset: number) => void;
  readonly onError: (message: string) => void;
}

/** Gives events a new partition and number. Called once per event, in order within each new partition. */
export interface Restamp {
  /** @returns undefined when the event cannot be read; `nobodys` when it is left out: it takes no number. */
  partitionOf(bytes: Uint8Array): number | 'nobodys' | undefined;
  stamp(bytes: Uint8Array, partition: number): { readonly head: EventHead; readonly bytes: Uint8Array };
  /** So many events, of whatever partition, are lost at this place: each partition behind it skips as many numbers. */
  skip(partition: number, count: number): void;
}

const NEW = { isOwn: false, isPrepared: false, attempts: 0 };

/** A place in the folder, and what was read there and not passed on yet. */
interface Cursor {
  readonly segments: SegmentCursor;
  entries: readonly LogEntry[];
  index: number;
  /** The queue that it waits for. */
  blockedOn: Route | undefined;
}

/** A partition as the reader sees it. */
interface Route {
  readonly queue: PartitionQueue;
  /** Where its records come from; undefined: none of them is read at the moment. */
  cursor: Cursor | undefined;
  /** Records up to this offset have been queued, or were stored before. */
  through: number;
  /** Time of the record that it was left at, epoch ms. */
  leftAt: number | undefined;
}

/**
 * Reads a folder in order into the queues of its partitions, as far as they have room: what waits in memory is bounded,
 * however much lies in the folder.
 *
 * All partitions are read together. One whose queue stays full because the log does not take it is left behind, so that
 * the others go on; once it moves again it is read from where it was left, by a second cursor, until that has caught up.
 */
export class OutboxReader {
  readonly #options: OutboxReaderOptions;
  readonly #routes: readonly Route[];
  /** Ascending by position; the last one follows the writer. */
  readonly #cursors: Cursor[];
  #lostThrough = -1;
  #nobodysThrough = -1;

  constructor(options: OutboxReaderOptions) {
    this.#options = options;
    const main = this.#cursorAt(options.low);
    this.#cursors = [main];
    this.#routes = options.queues.map((queue) => {
      return { queue, cursor: main, through: queue.acked.offset, leftAt: undefined };
    });
  }

  /** Everything in the folder has been queued. */
  get isAtEnd(): boolean {
    const { end } = this.#options.bounds();
    return this.#routes.every(({ cursor }) => cursor !== undefined && nextOf(cursor) >= end);
  }

  /** Everything below it has been queued. */
  get low(): number {
    let low = nextOf(this.#cursors[0]!);
    for (const { cursor, through } of this.#routes) if (cursor === undefined) low = Math.min(low, through + 1);
    return low;
  }

  /** When the oldest event that waits on disk, and is known, was received; epoch ms. */
  get oldestAt(): number | undefined {
    let oldest: number | undefined;
    for (const { leftAt } of this.#routes) if (leftAt !== undefined) oldest = Math.min(oldest ?? leftAt, leftAt);
    return oldest;
  }

  /**
   * Reads on.
   *
   * @param recordsMax so that the caller's thread is not held for long.
   * @returns true when there is more and room for it.
   */
  fill(recordsMax: number): boolean {
    this.#attach();
    let left = recordsMax;
    let isMerged = false;
    for (const cursor of [...this.#cursors]) {
      left = this.#advance(cursor, left);
      if (this.#merge(cursor)) isMerged = true;
    }
    return left <= 0 || isMerged;
  }

  close(): void {
    for (const { segments } of this.#cursors) segments.release();
  }

  #cursorAt(position: number): Cursor {
    const { dir, mark, bounds, onError } = this.#options;
    const segments = new SegmentCursor({ dir, mark, position, bounds, onError });
    return { segments, entries: [], index: 0, blockedOn: undefined };
  }

  #advance(cursor: Cursor, recordsMax: number): number {
    let left = recordsMax;
    if (cursor.blockedOn && this.#mustWaitFor(cursor.blockedOn, cursor)) return left;
    cursor.blockedOn = undefined;
    while (left > 0) {
      if (cursor.index >= cursor.entries.length && !this.#read(cursor)) break;
      left--;
      if (!this.#pass(cursor, cursor.entries[cursor.index]!)) break;
      cursor.index++;
    }
    return left;
  }

  #read(cursor: Cursor): boolean {
    const { end } = this.#options.bounds();
    cursor.entries = [];
    cursor.index = 0;
    if (cursor.segments.position >= end) return false;
    cursor.entries = cursor.segments.take(end, { eventsMax: READ_EVENTS, bytesMax: READ_BYTES });
    return true;
  }

  /** @returns false when the entry has to wait for room. */
  #pass(cursor: Cursor, entry: LogEntry): boolean {
    if (entry.lost) {
      this.#lose(cursor, entry.offset, entry.lost.through);
      return true;
    }
    const { restamp } = this.#options;
    const head = restamp ? undefined : readEventHead(entry.bytes);
    const partition = restamp ? restamp.partitionOf(entry.bytes) : head?.partition;
    if (partition === 'nobodys') {
      this.#leaveOut(entry.offset);
      return true;
    }
    const route = this.#routes[partition ?? -1];
    if (route === undefined) {
      this.#options.onError(`offset ${entry.offset} of ${this.#options.dir} holds no event that could be sent`);
      this.#lose(cursor, entry.offset, entry.offset);
      return true;
    }
    if (route.cursor !== cursor || entry.offset <= route.through) return true;
    if (this.#isFull(route)) {
      cursor.blockedOn = route;
      if (this.#mustWaitFor(route, cursor)) return false;
      cursor.blockedOn = undefined;
      route.cursor = undefined;
      route.leftAt = (head ?? readEventHead(entry.bytes))?.receivedAt;
      return true;
    }
    route.queue.push(this.#recordOf(entry.offset, entry.bytes, head, route.queue.partition));
    route.through = entry.offset;
    return true;
  }

  #recordOf(offset: number, stored: Uint8Array, head: EventHead | undefined, partition: number): OutboxRecord {
    if (head === undefined) {
      return { offset, ...this.#options.restamp!.stamp(stored, partition), ...NEW };
    }
    const bytes = stored.length < COPIED_BELOW_BYTES ? Buffer.from(stored) : stored;
    return { offset, head, bytes, ...NEW };
  }

  #isFull({ queue }: Route): boolean {
    return queue.waiting.length >= QUEUED_EVENTS_MAX || queue.waitingBytes >= this.#options.queueBytesMax;
  }

  /** A queue that empties, however slowly, is waited for; one that has been stuck for a while is left behind. */
  #mustWaitFor(route: Route, cursor: Cursor): boolean {
    if (route.cursor !== cursor || !this.#isFull(route)) return false;
    const { failingSince } = route.queue;
    if (failingSince === undefined || performance.now() - failingSince < this.#options.detachAfterMs) return true;
    // When nothing gets through there is nobody to make way for.
    return this.#routes.every(({ queue }) => queue.failingSince !== undefined);
  }

  /** Partitions left behind that move again are read on from where they were left. */
  #attach(): void {
    for (const route of this.#routes) {
      if (route.cursor !== undefined || route.queue.failingSince !== undefined || route.queue.length > 0) continue;
      const from = route.through + 1;
      let cursor = this.#cursors.findLast((candidate) => nextOf(candidate) <= from);
      if (cursor === undefined) {
        if (this.#cursors.length >= CURSORS_MAX) continue;
        cursor = this.#cursorAt(from);
        this.#cursors.push(cursor);
        this.#cursors.sort((a, b) => nextOf(a) - nextOf(b));
      }
      route.cursor = cursor;
      route.leftAt = undefined;
    }
  }

  /** A cursor that has come to where another one reads is done; one that nobody needs is too. */
  #merge(cursor: Cursor): boolean {
    const index = this.#cursors.indexOf(cursor);
    const next = this.#cursors[index + 1];
    if (next === undefined) return false;
    const members = this.#routes.filter((route) => route.cursor === cursor);
    if (members.length > 0 && nextOf(cursor) < nextOf(next)) return false;
    for (const route of members) route.cursor = next;
    cursor.segments.release();
    this.#cursors.splice(index, 1);
    return true;
  }

  #leaveOut(offset: number): void {
    // Another cursor may come by here again.
    if (offset <= this.#nobodysThrough) return;
    this.#nobodysThrough = offset;
    this.#options.onNobodys(offset);
  }

  #lose(cursor: Cursor, from: number, through: number): void {
    // Another cursor may come by here again.
    const isNew = through > this.#lostThrough;
    if (isNew) this.#options.onLost(through - Math.max(from - 1, this.#lostThrough));
    this.#lostThrough = Math.max(this.#lostThrough, through);
    for (const route of this.#routes) {
      if (route.cursor !== cursor || through <= route.through) continue;
      this.#options.restamp?.skip(route.queue.partition, through - from + 1);
      route.through = through;
    }
  }
}

/** Offset of the next entry that it passes on. */
function nextOf({ segments, entries, index }: Cursor): number {
  return entries[index]?.offset ?? segments.position;
}
