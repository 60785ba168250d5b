import { setTimeout as sleep } from 'node:timers/promises';
import type { PartitionReader } from '../event-log.ts';
import type { CompleteConsumerOptions, KafkaPartitionStats } from './consumer-options.ts';
import { type FetchControl, KafkaPartitionReader } from './kafka-partition-reader.ts';
import type { TopicView } from './topic-view.ts';

export interface OwnershipParts {
  readonly partition: number;
  readonly options: CompleteConsumerOptions;
  readonly view: TopicView;
  readonly owner: (reader: PartitionReader) => Promise<void>;
  readonly onError: (partition: number, error: unknown) => void;
  /** The last ownership of this partition in this process: two owners at once would only refuse each other. */
  readonly previous: Promise<void> | undefined;
  /** Another member may have had it until now. */
  readonly mayBeHandedOver: boolean;
}

/** One assignment of a partition to this process, from then until it is taken away: its owner, and its next one after a failure. */
export class PartitionOwnership {
  readonly partition: number;
  /** Epoch ms, for whoever shares the partitions. */
  readonly since = Date.now();
  /** Resolves when it has been revoked and the owner has returned. */
  readonly done: Promise<void>;
  readonly #parts: OwnershipParts;
  readonly #revocation = new AbortController();
  #control: FetchControl | undefined;
  #reader: KafkaPartitionReader | undefined;
  #state: KafkaPartitionStats['state'] = 'waiting';
  #tryAgain: (() => void) | undefined;

  constructor(parts: OwnershipParts, control: FetchControl) {
    this.partition = parts.partition;
    this.#parts = parts;
    this.#control = control;
    this.done = this.#own();
  }

  get reader(): KafkaPartitionReader | undefined {
    return this.#reader;
  }

  get stats(): KafkaPartitionStats {
    return {
      partition: this.partition,
      lag: this.#reader?.lag,
      bufferedBytes: this.#reader?.bufferedBytes ?? 0,
      state: this.#state,
    };
  }

  /** The partition is still this member's after the group has shared anew. One that had stopped is tried again. */
  attach(control: FetchControl): void {
    this.#control = control;
    this.#reader?.attach(control);
    this.#tryAgain?.();
  }

  detach(): void {
    this.#control = undefined;
    this.#reader?.detach();
  }

  revoke(): void {
    this.detach();
    this.#revocation.abort();
    this.#tryAgain?.();
  }

  async #own(): Promise<void> {
    const { partition, options, view, owner, onError, previous, mayBeHandedOver } = this.#parts;
    const { signal } = this.#revocation;
    await previous;
    if (mayBeHandedOver) await sleep(options.handOverMs, undefined, { signal }).catch(() => {});
    for (let isRetry = false; !signal.aborted; isRetry = true) {
      const { bufferBytesMax, logger } = options;
      const reader = new KafkaPartitionReader({ partition, revoked: signal, view, isRetry, bufferBytesMax, logger });
      this.#reader = reader;
      this.#state = 'owned';
      if (this.#control) reader.attach(this.#control);
      try {
        await owner(reader);
        // It is done with the partition; nothing more is fetched for it.
        await this.#untilRevoked(reader);
        return;
      } catch (error) {
        this.#state = 'stopped';
        onError(partition, error);
      } finally {
        reader.release();
        this.#control?.pause(partition);
      }
      await this.#retryTime(options.retryStoppedAfterMs);
    }
  }

  async #untilRevoked(reader: KafkaPartitionReader): Promise<void> {
    reader.release();
    this.#control?.pause(this.partition);
    const { signal } = this.#revocation;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async #retryTime(waitMs: number): Promise<void> {
    if (this.#revocation.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#tryAgain = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#tryAgain = undefined;
  }
}
