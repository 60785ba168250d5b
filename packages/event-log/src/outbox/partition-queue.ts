import { type OutboxRecord, weightOf } from './outbox-record.ts';

/** How far a partition of a folder has been stored in the log. */
export interface AckedPosition {
  /** Offset in the folder and producer number of the last record stored; −1 before the first. */
  readonly offset: number;
  readonly seq: number;
  /** Epoch ms. */
  readonly receivedAt: number;
}

export const NOTHING_ACKED: AckedPosition = { offset: -1, seq: -1, receivedAt: 0 };

/**
 * One partition's way out: a bounded queue and one unresolved batch. A batch is given back unchanged until it is
 * resolved, so nothing later of the partition is ever sent before it.
 */
export class PartitionQueue {
  readonly partition: number;
  acked: AckedPosition;
  /** A request or a `beforeSend` is under way. */
  isBusy = false;
  /** Sent alone until a batch of it has gone through. */
  isIsolated = false;
  /** Failures in a row, and since when; `performance.now`. */
  failures = 0;
  failingSince: number | undefined;
  /** Not tried before; `performance.now`. */
  retryAt = Number.NEGATIVE_INFINITY;
  #records: OutboxRecord[] = [];
  #bytes = 0;
  #batch: readonly OutboxRecord[] | undefined;

  constructor(partition: number, acked: AckedPosition) {
    this.partition = partition;
    this.acked = acked;
  }

  /** Records that wait or are unresolved. */
  get length(): number {
    return this.#records.length + (this.#batch?.length ?? 0);
  }

  /** Waiting, without the batch. */
  get waiting(): readonly OutboxRecord[] {
    return this.#records;
  }

  get waitingBytes(): number {
    return this.#bytes;
  }

  get batch(): readonly OutboxRecord[] | undefined {
    return this.#batch;
  }

  /** The oldest record not stored yet. */
  get oldest(): OutboxRecord | undefined {
    return this.#batch?.[0] ?? this.#records[0];
  }

  push(record: OutboxRecord): void {
    this.#records.push(record);
    this.#bytes += weightOf(record);
  }

  /** What is sent for a waiting record. */
  prepare(record: OutboxRecord, bytes: Uint8Array): void {
    this.#bytes -= weightOf(record);
    record.bytes = bytes;
    record.isPrepared = true;
    this.#bytes += weightOf(record);
  }

  /** The unresolved batch, else a new one of prepared records: within both limits, or a single record beyond them. */
  takeBatch(limit: { readonly eventsMax: number; readonly bytesMax: number }): readonly OutboxRecord[] | undefined {
    if (this.#batch) return this.#batch;
    let bytes = 0;
    let count = 0;
    for (const record of this.#records) {
      if (!record.isPrepared || count >= limit.eventsMax) break;
      bytes += weightOf(record);
      if (bytes > limit.bytesMax && count > 0) break;
      count++;
    }
    if (count === 0) return undefined;
    this.#batch = this.#records.splice(0, count);
    for (const record of this.#batch) this.#bytes -= weightOf(record);
    return this.#batch;
  }

  /** The batch is stored. */
  resolve(): readonly OutboxRecord[] {
    const records = this.#batch ?? [];
    this.#batch = undefined;
    const last = records.findLast(({ offset }) => offset >= 0);
    if (last) this.acked = { offset: last.offset, seq: last.head.producer.seq, receivedAt: last.head.receivedAt };
    this.isIsolated = false;
    this.failures = 0;
    this.failingSince = undefined;
    this.retryAt = Number.NEGATIVE_INFINITY;
    return records;
  }

  fail(now: number, retryAt: number): void {
    this.failures++;
    this.failingSince ??= now;
    this.retryAt = retryAt;
  }

  /** Nothing of the batch was stored, because of one of its records: the first half is tried before the second. */
  halve(): void {
    const batch = this.#batch!;
    const half = Math.ceil(batch.length / 2);
    const rest = batch.slice(half);
    this.#records.unshift(...rest);
    for (const record of rest) this.#bytes += weightOf(record);
    this.#batch = batch.slice(0, half);
  }

  /** Another record in place of the only one in the batch. */
  replace(record: OutboxRecord): void {
    this.#batch = [record];
  }
}
