import { setTimeout as sleep } from 'node:timers/promises';
import { EventLogError, type LogEntry, type PartitionReader } from '../src/event-log.ts';

/** How far a partition was applied, in which log, and by which owner. */
export interface TestFence {
  readonly logId: string;
  readonly offset: number;
  readonly epoch: number;
}

/** What owners share: fences, compared when they change, as session totals have them. */
export interface FenceStore {
  /** Raise the epoch. */
  take(partition: number, logId: string): Promise<TestFence>;
  /** @returns undefined: another owner has taken the partition. */
  commit(partition: number, fence: TestFence, values: readonly string[]): Promise<TestFence | undefined>;
}

/** The store itself, in memory. */
export class FencedStore implements FenceStore {
  readonly #fences = new Map<number, TestFence>();
  readonly #applied = new Map<number, string[]>();
  /** Commits of owners that had lost their partition. */
  refused = 0;
  /** How often each partition was taken. */
  readonly takes = new Map<number, number>();

  async take(partition: number, logId: string): Promise<TestFence> {
    const stored = this.#fences.get(partition) ?? { logId, offset: -1, epoch: 0 };
    if (stored.logId !== logId) {
      throw new EventLogError('mismatch', `applied from log ${stored.logId}, this one is ${logId}`);
    }
    const fence = { ...stored, epoch: stored.epoch + 1 };
    this.#fences.set(partition, fence);
    this.takes.set(partition, (this.takes.get(partition) ?? 0) + 1);
    return fence;
  }

  async commit(partition: number, fence: TestFence, values: readonly string[]): Promise<TestFence | undefined> {
    const stored = this.#fences.get(partition);
    if (stored?.epoch !== fence.epoch || stored.offset !== fence.offset) {
      this.refused++;
      return undefined;
    }
    const next = { ...fence, offset: fence.offset + values.length };
    this.#fences.set(partition, next);
    this.#applied.set(partition, [...this.applied(partition), ...values]);
    return next;
  }

  applied(partition: number): string[] {
    return this.#applied.get(partition) ?? [];
  }

  fence(partition: number): TestFence | undefined {
    return this.#fences.get(partition);
  }

  /** As an operator's rebase leaves it. */
  set(partition: number, fence: TestFence): void {
    this.#fences.set(partition, fence);
  }
}

/** An owner that moves what it reads into the store, batch after batch, until it is revoked. `beforeCommit` slows it down. */
export function fencedOwner(
  store: FenceStore,
  beforeCommit: (partition: number) => Promise<unknown> | undefined = () => undefined,
): (reader: PartitionReader) => Promise<void> {
  return async (reader) => {
    const { partition, revoked } = reader;
    while (!revoked.aborted) {
      const log = await untilAnswered(reader, () => reader.bounds());
      if (!log) return;
      let fence: TestFence | undefined = await store.take(partition, log.logId);
      const next = fence.offset + 1;
      // Asked once more after the fence: until then, the owner before may have gone on behind the first answer.
      const bounds = await untilAnswered(reader, () => reader.bounds());
      if (!bounds) return;
      if (next < bounds.low || next > bounds.high) {
        throw new EventLogError('out-of-range', `${next} comes next, the log holds ${bounds.low} to ${bounds.high}`);
      }
      // It asks for the bounds once more, and the group may be gone by then.
      await untilAnswered(reader, () => reader.seek(next));
      while (fence && !revoked.aborted) {
        const entries = await reader.read({ eventsMax: 200, bytesMax: 4 * 1024 * 1024, waitMs: 1_000 });
        if (entries.length === 0) continue;
        const values = valuesOf(entries, fence.offset + 1);
        await beforeCommit(partition);
        fence = await store.commit(partition, fence, values);
        if (fence) reader.committed(fence.offset);
      }
    }
  };
}

async function untilAnswered<T>(reader: PartitionReader, ask: () => Promise<T>): Promise<T | undefined> {
  while (!reader.revoked.aborted) {
    try {
      return await ask();
    } catch (error) {
      if (!(error as EventLogError).retryable) throw error;
      await sleep(50);
    }
  }
  return undefined;
}

/** One per offset, so that the number of values is the number of offsets. */
function valuesOf(entries: readonly LogEntry[], expected: number): string[] {
  const values: string[] = [];
  for (const entry of entries) {
    if (entry.offset !== expected + values.length) {
      throw new Error(`delivered ${entry.offset} where ${expected + values.length} comes next`);
    }
    if (!entry.lost) values.push(Buffer.from(entry.bytes).toString());
    else for (let offset = entry.offset; offset <= entry.lost.through; offset++) values.push('lost');
  }
  return values;
}
