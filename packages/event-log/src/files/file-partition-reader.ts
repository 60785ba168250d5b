import type { LogBounds, LogEntry, PartitionReader } from '../event-log.ts';
import { LOCAL_PARTITION } from './frame-groups.ts';
import { outOfRange, SegmentCursor } from './segment-cursor.ts';
import type { SharedLogState } from './shared-log.ts';

/** A log folder's one partition, up to what is synced. Lost ranges are delivered in their place; see `SegmentCursor`. */
export class FilePartitionReader implements PartitionReader {
  readonly partition = LOCAL_PARTITION;
  readonly revoked: AbortSignal;
  readonly #logId: string;
  readonly #state: SharedLogState;
  readonly #cursor: SegmentCursor;

  constructor(options: {
    dir: string;
    logId: string;
    mark: Buffer;
    state: SharedLogState;
    revoked: AbortSignal;
    onError: (message: string) => void;
  }) {
    const { dir, mark, state, onError } = options;
    this.#logId = options.logId;
    this.#state = state;
    this.revoked = options.revoked;
    this.#cursor = new SegmentCursor({ dir, mark, onError, position: state.low, bounds: () => state });
    this.revoked.addEventListener('abort', () => this.#state.wakeUp());
  }

  async bounds(): Promise<LogBounds> {
    return { logId: this.#logId, low: this.#state.low, high: this.#state.end };
  }

  async seek(offset: number): Promise<void> {
    const { low, end } = this.#state;
    if (!Number.isSafeInteger(offset) || offset < low || offset > end) throw outOfRange(offset, low, end);
    this.#cursor.moveTo(offset);
  }

  async read(limit: { eventsMax: number; bytesMax: number; waitMs: number }): Promise<LogEntry[]> {
    const deadlineMs = performance.now() + limit.waitMs;
    const isReady = () => this.revoked.aborted || this.#state.syncedEnd > this.#cursor.position;
    for (;;) {
      if (this.revoked.aborted) return [];
      // Read before the bytes are: everything below it is in the files by now.
      const syncedEnd = this.#state.syncedEnd;
      if (this.#cursor.position < syncedEnd) return this.#cursor.take(syncedEnd, limit);
      const waitMs = deadlineMs - performance.now();
      if (waitMs <= 0) return [];
      await this.#state.change(isReady, waitMs);
    }
  }

  committed(offset: number): void {
    if (offset > this.#state.committed) this.#state.committed = offset;
  }

  /** Closes the file it reads. */
  release(): void {
    this.#cursor.release();
  }
}
