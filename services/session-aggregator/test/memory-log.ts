import { encodeEvent } from '@throughline/contracts/event-codec';
import type { LogEvent, NewEvent } from '@throughline/contracts/request-event';
import { EventLogError, type LogEntry, type PartitionReader } from '@throughline/event-log/event-log';

/**
 * A log of one partition in memory, of which a test decides every byte: events with any producer number, garbage, ranges
 * that are lost.
 */
export class MemoryLog {
  logId: string;
  readonly partition: number;
  low = 0;
  readonly #entries: LogEntry[] = [];
  readonly #starts: number[] = [];
  #end = 0;
  #wake: (() => void)[] = [];
  #seqs = new Map<string, number>();
  /** Latest offset that a reader said is stored. */
  committed = -1;

  constructor(partition: number, logId = 'log') {
    this.partition = partition;
    this.logId = logId;
  }

  get high(): number {
    return this.#end;
  }

  /** Appends as a producer does, with its next number, or with the number given. */
  append(event: NewEvent, producer = 'producer', number?: number, receivedAt = Date.now()): number {
    const next = (this.#seqs.get(producer) ?? -1) + 1;
    const seq = event.kind === 'closed' ? -1 : (number ?? next);
    if (seq >= next) this.#seqs.set(producer, seq);
    const stamped = { ...event, producer: { id: producer, seq }, partition: 0, received_at: receivedAt } as LogEvent;
    return this.appendBytes(encodeEvent(stamped));
  }

  appendBytes(bytes: Uint8Array): number {
    const offset = this.#end;
    this.#push({ offset, bytes }, offset + 1);
    return offset;
  }

  /** The next so many offsets will never be delivered; their producer gave numbers to them. */
  lose(count: number, reason = 'cut off', producer = 'producer'): void {
    const offset = this.#end;
    this.#seqs.set(producer, (this.#seqs.get(producer) ?? -1) + count);
    this.#push({ offset, lost: { through: offset + count - 1, reason } }, offset + count);
  }

  /** What was delivered before is gone from now on. */
  loseFrom(from: number, through: number, reason = 'damaged bytes'): void {
    const first = this.#indexOf(from);
    let last = first;
    while (last < this.#starts.length && this.#starts[last]! <= through) last++;
    this.#entries.splice(first, last - first, { offset: from, lost: { through, reason } });
    this.#starts.splice(first, last - first, from);
  }

  /** The event at `offset` reads otherwise from now on. */
  replace(offset: number, bytes: Uint8Array): void {
    this.#entries[this.#indexOf(offset)] = { offset, bytes };
  }

  /** The oldest so many are deleted. */
  expire(count: number): void {
    const kept = this.#indexOf(this.low + count);
    this.#entries.splice(0, kept);
    this.#starts.splice(0, kept);
    this.low += count;
  }

  /** Its oldest event has the position given from now on, under another id. */
  moveTo(position: number, logId: string): void {
    const by = position - this.low;
    for (const [index, entry] of this.#entries.entries()) {
      const lost = entry.lost && { ...entry.lost, through: entry.lost.through + by };
      this.#entries[index] = { ...entry, offset: entry.offset + by, ...(lost ? { lost } : {}) } as LogEntry;
      this.#starts[index]! += by;
    }
    this.low += by;
    this.#end += by;
    this.logId = logId;
  }

  reader(revoked: AbortSignal, readMax = Number.POSITIVE_INFINITY): PartitionReader {
    let position = this.low;
    return {
      partition: this.partition,
      revoked,
      bounds: async () => ({ logId: this.logId, low: this.low, high: this.#end }),
      seek: async (offset) => {
        if (offset < this.low || offset > this.#end) throw new EventLogError('out-of-range', `offset ${offset}`);
        position = offset;
      },
      read: async ({ eventsMax, bytesMax, waitMs }) => {
        if (position >= this.#end && waitMs > 0) await this.#change(revoked, waitMs);
        const entries: LogEntry[] = [];
        let bytes = 0;
        for (let i = this.#indexOf(position); i < this.#entries.length; i++) {
          if (revoked.aborted || entries.length >= Math.min(eventsMax, readMax) || bytes >= bytesMax) break;
          const entry = this.#entries[i]!;
          entries.push(entry);
          bytes += entry.lost ? 0 : entry.bytes.length;
          position = (entry.lost ? entry.lost.through : entry.offset) + 1;
        }
        return entries;
      },
      committed: (offset) => {
        this.committed = offset;
      },
    };
  }

  #push(entry: LogEntry, end: number): void {
    this.#entries.push(entry);
    this.#starts.push(entry.offset);
    this.#end = end;
    for (const wake of this.#wake.splice(0)) wake();
  }

  #indexOf(offset: number): number {
    const index = this.#starts.findIndex((start) => start >= offset);
    return index < 0 ? this.#starts.length : index;
  }

  async #change(revoked: AbortSignal, waitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#wake.push(wake);
      revoked.addEventListener('abort', wake, { once: true });
    });
  }
}
