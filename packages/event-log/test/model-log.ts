import { decodeEvent } from '@throughline/contracts/event-codec';
import type { LogEvent } from '@throughline/contracts/request-event';
import { type OutboxBatch, OutboxSendError, type OutboxTarget } from '../src/outbox/outbox-target.ts';
import { appliedFrom } from './applied-events.ts';

/** What becomes of one request. */
export type Fate =
  | 'stored'
  /** Nothing is stored, and the sender hears so at once. */
  | 'failed'
  /** Stored, but the sender hears of a failure. */
  | 'unknown'
  /** The sender hears of a failure; it is stored when the next request comes. */
  | 'late'
  /** Only the first half of the batches is stored, and the sender hears of a failure. */
  | 'partly'
  /** The whole way is blocked. */
  | 'unreachable';

/** A log in memory that tests can make trouble with; several senders may share it. */
export class ModelLog {
  logId = 'log-1';
  partitions: number;
  exists = true;
  isReachable = true;
  batchBytesMax = 1024 * 1024;
  /** Of what is asked next; `stored` when it says nothing. */
  fate: (batches: readonly OutboxBatch[], isolated: boolean) => Fate = () => 'stored';
  /** Records of these partitions are not taken. */
  readonly stuck = new Set<number>();
  /** Records whose event id is in it are refused for good. */
  readonly rejected = new Set<string>();
  /** A record larger than this is refused. */
  recordBytesMax = Number.POSITIVE_INFINITY;
  laneOf: (partition: number) => number = () => 0;
  readonly requests: { readonly batches: readonly OutboxBatch[]; readonly isolated: boolean }[] = [];
  readonly #stored: LogEvent[][] = [];
  #late: OutboxBatch[] = [];

  constructor(partitions: number) {
    this.partitions = partitions;
  }

  /** Events of a partition in the order of the log. */
  stored(partition: number): readonly LogEvent[] {
    return this.#stored[partition] ?? [];
  }

  get all(): LogEvent[] {
    return this.#stored.flat();
  }

  /** A sender's view, which ends with the sender's process. */
  connect(): OutboxTarget & { die(): void } {
    const log = this;
    let isDead = false;
    return {
      get batchBytesMax() {
        return log.batchBytesMax;
      },
      async describe() {
        if (isDead) return never();
        if (!log.isReachable) throw new Error('no broker answers');
        return log.exists ? { logId: log.logId, partitions: log.partitions } : undefined;
      },
      laneOf: (partition) => log.laneOf(partition),
      async send(batches, { logId, isolated }) {
        if (isDead) return never();
        await new Promise((resolve) => setImmediate(resolve));
        log.#send(batches, logId, isolated);
        // Stored, and then the sender is gone before it hears of it.
        if (isDead) return never();
      },
      async close() {},
      die() {
        isDead = true;
      },
    };
  }

  #send(batches: readonly OutboxBatch[], logId: string, isolated: boolean): void {
    this.requests.push({ batches, isolated });
    const late = this.#late;
    this.#late = [];
    if (!this.exists) throw new OutboxSendError('no-such-log', 'no such topic');
    if (!this.isReachable) throw new OutboxSendError('unreachable', 'no broker answers');
    if (logId !== this.logId) throw new Error(`sent to ${logId}, which this is not`);
    for (const { partition, records } of batches) {
      for (const { head, bytes } of records) {
        if (this.rejected.has(head.eventId) && bytes.length > 400) throw new OutboxSendError('rejected', 'invalid');
        if (bytes.length > this.recordBytesMax) throw new OutboxSendError('too-large', 'larger than the limit');
        if (head.partition !== partition) throw new Error('a record in a batch of another partition');
      }
    }
    const fate = this.fate(batches, isolated);
    const stuck = batches.some(({ partition }) => this.stuck.has(partition));
    const taken = batches.filter(({ partition }) => !this.stuck.has(partition));
    if (fate === 'stored' || fate === 'unknown') this.#store(taken);
    if (fate === 'partly') this.#store(taken.slice(0, Math.floor(taken.length / 2)));
    if (fate === 'late') this.#late = [...taken];
    this.#store(late.filter(({ partition }) => !this.stuck.has(partition)));
    if (fate === 'unreachable') throw new OutboxSendError('unreachable', 'connection closed');
    if (fate !== 'stored' || stuck) throw new OutboxSendError('unavailable', `not enough replicas (${fate})`);
  }

  #store(batches: readonly OutboxBatch[]): void {
    for (const { partition, records } of batches) {
      this.#stored[partition] ??= [];
      for (const { bytes } of records) {
        const decoded = decodeEvent(Buffer.from(bytes));
        if (decoded.outcome !== 'event') throw new Error(`stored what is ${decoded.outcome}`);
        this.#stored[partition].push(decoded.event);
      }
    }
  }
}

/** What a dead process waits for. */
function never(): Promise<never> {
  return new Promise(() => {});
}

/** What a reader makes of the log. @see appliedFrom */
export function appliedEvents(log: ModelLog): { readonly events: LogEvent[]; readonly resent: number } {
  return appliedFrom(Array.from({ length: log.partitions }, (_, partition) => log.stored(partition)));
}
