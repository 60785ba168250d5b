import type { NewEvent, NewRequestEvent } from '@throughline/contracts/request-event';
import { type Appended, type EventAppender, EventLogError } from '@throughline/event-log/event-log';

/** The port's appender, in memory, with knobs for what can go wrong and a gate for what must wait. */
export class MemoryAppender implements EventAppender {
  readonly producerId = 'test';
  readonly partitions: number = 1;
  readonly events: NewEvent[] = [];
  writable = true;
  /** What the next appends reject with. */
  failure: EventLogError | undefined;
  /** Takes what it can be given in fewer bytes in fewer bytes only. */
  isTooSmall = false;
  /** Appends wait for it. */
  gate: Promise<void> | undefined;

  get requests(): NewRequestEvent[] {
    return this.events.filter((event) => event.kind === 'request');
  }

  get stats() {
    return { appended: this.events.length, refused: 0, bytes: 0, lastSeq: [this.events.length - 1] };
  }

  async append(event: NewEvent, shorter?: () => NewEvent): Promise<Appended> {
    await this.gate;
    if (this.failure) throw this.failure;
    this.events.push(this.isTooSmall && shorter ? shorter() : event);
    const offset = this.events.length - 1;
    return { partition: 0, offset, stamp: { producer: { id: 'test', seq: offset }, partition: 0, received_at: 0 } };
  }

  async close(): Promise<void> {}

  refuseWith(code: 'full' | 'failed' | undefined): void {
    this.failure = code && new EventLogError(code, code);
    this.writable = code === undefined;
  }
}
