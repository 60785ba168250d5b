import { setImmediate as yieldToLoop } from 'node:timers/promises';
import type { LogEntry, PartitionReader } from '@throughline/event-log/event-log';
import type { ByteAccount } from './bodies/byte-budget.ts';
import { inOrder } from './bodies/in-order.ts';
import { createPace, type Pace } from './pace.ts';
import { PartitionStoppedError } from './partition-errors.ts';
import { type PreparedEntry, preparedBytes } from './steps/decode-entries-step.ts';
import { createPrepareEntryStep, type FetchedEntry, type PrepareEntryStep } from './steps/prepare-entry-step.ts';

export interface CollectorConfig {
  /** Most entries of one batch. */
  readonly batchEventsMax: number;
  /** Bytes that one batch holds in memory, decompressed bodies included, and one entry more. As much again is read ahead. */
  readonly batchBytesMax: number;
  /** Least time between the starts of two batches that are not full; a batch after idling starts at once. */
  readonly cycleMs: number;
}

export interface EntryCollector {
  /**
   * Waits for at least one entry; then everything prepared, up to the batch's bounds. Undefined once the partition is
   * revoked or the collector stopped.
   *
   * @throws whatever reading threw; PartitionStoppedError when the log skipped or repeated an offset.
   */
  next(): Promise<PreparedEntry[] | undefined>;
  /** Ends reading; resolves when the reader is free for another use. */
  stop(): Promise<void>;
}

/** Longest run of parsing between two turns of the event loop: timers, queries and signals of this thread wait so long. */
const SLICE_MS = 8;

/** Entries asked of the log at a time. */
const READ_EVENTS = 256;

/** Entries of one partition that are waited for at once, and entries read behind the first of them meanwhile. */
const FETCHES = { pendingMax: 4, aheadMax: 64 };

export interface CollectorOptions {
  /** Shared with the other partitions of a process. Default: one of its own. */
  readonly pace?: Pace;
  /** Repeats a read that may succeed later. */
  readonly retrying?: <T>(read: () => Promise<T>) => Promise<T>;
  /** Left out: for logs whose events have their bodies in them. */
  readonly prepare?: PrepareEntryStep;
  /** What `prepare` takes fetched bodies' bytes from; they are given back when their batch is done. */
  readonly account?: ByteAccount;
}

interface Ready {
  readonly entry: PreparedEntry;
  readonly bytes: number;
  /** Of the account. */
  readonly takenBytes: number;
}

/**
 * Reads ahead of the batch being stored: entries are decoded, parsed and priced while the engine works on the rows of
 * those before them, because none of that depends on what came before. Bodies that entries refer to are fetched then, a
 * few at a time; who asks for the next batch is done with the one before.
 *
 * @param from offset to begin with; the reader stands there.
 */
export function collectEntries(
  reader: PartitionReader,
  from: number,
  config: CollectorConfig,
  options: CollectorOptions = {},
): EntryCollector {
  const { pace = createPace(() => config.cycleMs), retrying = (read) => read(), account } = options;
  const { prepare = createPrepareEntryStep({ partition: reader.partition, fetch: cannotFetch }) } = options;
  const ready: Ready[] = [];
  let takenByBatch = 0;
  let readyBytes = 0;
  let lastCycle: number | undefined;
  let failure: { readonly error: unknown } | undefined;
  let isStopped = false;
  const changes = createSignal();
  const stopping = new AbortController();
  const ending = AbortSignal.any([reader.revoked, stopping.signal]);
  const isEnded = () => isStopped || reader.revoked.aborted;
  reader.revoked.addEventListener('abort', changes.announce);

  const isFull = () => ready.length >= config.batchEventsMax || readyBytes >= config.batchBytesMax;

  async function room(): Promise<void> {
    while (isFull() && !isEnded()) {
      changes.announce();
      await changes.wait();
    }
  }

  // A few kilobytes of log can hold megabytes of compressed bodies, also behind an entry that is waited for.
  const held = {
    weigh: ({ entry, logged }: Taken) => preparedBytes(logged, entry),
    max: config.batchBytesMax,
  };

  async function collect(): Promise<void> {
    const limit = { eventsMax: READ_EVENTS, bytesMax: config.batchBytesMax / 4, waitMs: 1_000 };
    let expected = from;
    while (!isEnded()) {
      const entries = await retrying(() => reader.read(limit));
      let sliceStart = performance.now();
      const prepareNext = (entry: LogEntry): Taken | Promise<Taken> => {
        expected = offsetAfter(entry, expected);
        const prepared = prepare(entry, ending);
        if (!(prepared instanceof Promise)) return { entry: prepared, takenBytes: 0, logged: entry };
        // What is ready must not wait with it: it may be what holds the bytes that this one waits for.
        changes.announce();
        return prepared.then((fetched) => ({ ...fetched, logged: entry }));
      };
      await room();
      if (isEnded()) return;
      for await (const { entry, takenBytes, logged } of inOrder(entries, prepareNext, { ...FETCHES, held })) {
        const bytes = preparedBytes(logged, entry);
        // Bodies come compressed: what they take is known once they are read.
        const more = takenBytes > 0 ? Math.max(0, bytes - takenBytes) : 0;
        account?.add(more);
        ready.push({ entry, bytes, takenBytes: takenBytes + more });
        readyBytes += bytes;
        if (takenBytes > 0) changes.announce();
        if (performance.now() - sliceStart > SLICE_MS) {
          changes.announce();
          await yieldToLoop();
          sliceStart = performance.now();
        }
        // After each entry: a few kilobytes of log can hold megabytes of compressed bodies.
        await room();
        if (isEnded()) return;
      }
      if (entries.length > 0) changes.announce();
    }
  }

  const collecting = collect()
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => {
      reader.revoked.removeEventListener('abort', changes.announce);
      changes.announce();
    });

  return {
    async next() {
      account?.give(takenByBatch);
      takenByBatch = 0;
      while (!isEnded()) {
        // What was prepared before the failure is sound: it is delivered first.
        if (failure && ready.length === 0) throw failure.error;
        const waitMs = pace.waitMs(lastCycle, ready.length);
        if (ready.length > 0 && (waitMs <= 0 || isFull())) break;
        await changes.wait(ready.length > 0 ? waitMs : undefined);
      }
      if (isEnded()) return undefined;
      // One that is full does not wait for the others, and they do not wait for it.
      if (!isFull()) lastCycle = pace.start();
      let count = 0;
      let bytes = 0;
      while (count < ready.length && count < config.batchEventsMax && bytes < config.batchBytesMax) {
        bytes += ready[count++]!.bytes;
      }
      const batch = ready.splice(0, count).map(({ entry, takenBytes }) => {
        takenByBatch += takenBytes;
        return entry;
      });
      readyBytes -= bytes;
      changes.announce();
      return batch;
    },
    async stop() {
      isStopped = true;
      stopping.abort(new Error('the collector was stopped'));
      changes.announce();
      await collecting;
      account?.close();
    },
  };
}

type Taken = FetchedEntry & { readonly logged: LogEntry };

async function cannotFetch(): Promise<never> {
  throw new Error('this log has its bodies in its events');
}

/** Offsets are dense: anything else is a log that was reset, and going on would count twice or not at all. */
function offsetAfter(entry: LogEntry, expected: number): number {
  if (entry.offset !== expected) {
    throw new PartitionStoppedError(`the log delivered offset ${entry.offset} where ${expected} comes next`);
  }
  return (entry.lost ? entry.lost.through : entry.offset) + 1;
}

interface Signal {
  announce(): void;
  /** Until the next announcement, `waitMs` at most. */
  wait(waitMs?: number): Promise<void>;
}

function createSignal(): Signal {
  const waiting = new Set<() => void>();
  return {
    announce() {
      for (const wake of waiting) wake();
    },
    wait(waitMs) {
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = waitMs === undefined ? undefined : setTimeout(wake, waitMs);
        waiting.add(wake);
      });
    },
  };
}
