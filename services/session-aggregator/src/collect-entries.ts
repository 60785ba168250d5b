import { setTimeout as sleep, setImmediate as yieldToLoop } from 'node:timers/promises';
import type { PartitionReader } from '@throughline/event-log/event-log';
import { decodeEntriesStep, entryBytes, type PreparedEntry } from './steps/decode-entries-step.ts';

export interface CollectorConfig {
  /** Most entries of one batch. */
  readonly batchEventsMax: number;
  /** Log bytes of one batch, about. As much again may be waiting prepared. */
  readonly batchBytesMax: number;
  /** Least time between the starts of two batches while there is work; a batch after idling starts at once. */
  readonly cycleMs: number;
}

export interface EntryCollector {
  /** Waits for at least one entry; then everything prepared, up to the batch's bounds. Undefined once the partition is revoked. */
  next(): Promise<PreparedEntry[] | undefined>;
  /** The collector's own failure, thrown by the pending `next()` too. */
  stop(): Promise<void>;
}

/** Longest run of parsing between two turns of the event loop: timers, queries and signals of this thread wait so long. */
const SLICE_MS = 8;

/**
 * Reads ahead of the batch being stored: entries are decoded, parsed and priced while the engine works on the rows of
 * those before them, because none of that depends on what came before.
 */
export function collectEntries(reader: PartitionReader, config: CollectorConfig): EntryCollector {
  const ready: { entry: PreparedEntry; bytes: number }[] = [];
  let readyBytes = 0;
  let lastStart = 0;
  let failure: unknown;
  let wake: () => void = () => {};
  let changed = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const stopping = new AbortController();
  const ended = AbortSignal.any([reader.revoked, stopping.signal]);
  const announce = () => {
    wake();
    changed = new Promise<void>((resolve) => {
      wake = resolve;
    });
  };
  ended.addEventListener('abort', announce, { once: true });

  const isFull = () => ready.length >= 2 * config.batchEventsMax || readyBytes >= 2 * config.batchBytesMax;
  const isBatchFull = () => ready.length >= config.batchEventsMax || readyBytes >= config.batchBytesMax;

  async function collect(): Promise<void> {
    while (!ended.aborted) {
      if (isFull()) {
        await changed;
        continue;
      }
      const entries = await reader.read({ eventsMax: 256, bytesMax: config.batchBytesMax / 4, waitMs: 1_000 });
      let sliceStart = performance.now();
      for (const entry of entries) {
        const bytes = entryBytes(entry);
        ready.push({ entry: decodeEntriesStep(entry), bytes });
        readyBytes += bytes;
        if (performance.now() - sliceStart > SLICE_MS) {
          await yieldToLoop();
          sliceStart = performance.now();
        }
      }
      if (entries.length > 0) announce();
    }
  }

  const collecting = collect().catch((error: unknown) => {
    failure = error;
    announce();
  });

  return {
    async next() {
      while (!ended.aborted && failure === undefined) {
        const waitMs = lastStart + config.cycleMs - performance.now();
        if (ready.length > 0 && (waitMs <= 0 || isBatchFull())) break;
        await (ready.length > 0
          ? Promise.race([changed, sleep(waitMs, undefined, { signal: ended }).catch(() => undefined)])
          : changed);
      }
      if (failure !== undefined) throw failure;
      if (ended.aborted) return undefined;
      lastStart = performance.now();
      const batch: PreparedEntry[] = [];
      let bytes = 0;
      while (ready.length > batch.length && batch.length < config.batchEventsMax && bytes < config.batchBytesMax) {
        const { entry, bytes: size } = ready[batch.length]!;
        batch.push(entry);
        bytes += size;
      }
      ready.splice(0, batch.length);
      readyBytes -= bytes;
      announce();
      return batch;
    },
    async stop() {
      stopping.abort();
      await collecting;
    },
  };
}
