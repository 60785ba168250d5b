import type { EventLogConsumer, PartitionReader } from '@throughline/event-log/event-log';
import type { Progress } from '@throughline/session-aggregator/aggregator-deps';
import type { ProgressBoard } from '@throughline/session-totals/progress-board';
import type { Fence } from '@throughline/session-totals/session-totals';

/** Tells the board, for as long as this process owns a partition, how far its stores reflect the log. */
export interface ProgressReporter extends Progress {
  /** The same consumer; whoever reads through it is watched. */
  watch(consumer: EventLogConsumer): EventLogConsumer;
  close(): Promise<void>;
}

/** Readers of the board look as often. */
const PUBLISH_EVERY_MS = 250;

interface Reflected {
  offset: number;
  asOf: number;
}

interface PartitionWatch {
  /** Last offset handed to the owner. */
  delivered: number;
  /** When the log was last found to hold nothing beyond `drained.offset`. */
  drained: Reflected;
  totals: Reflected;
  snapshots: Reflected;
}

/** @param now epoch ms. */
export function createProgressReporter(
  board: ProgressBoard,
  options: { readonly now: () => number; readonly onError: (error: unknown) => void },
): ProgressReporter {
  const owned = new Map<number, PartitionWatch>();
  let publishing: Promise<void> | undefined;

  const publish = () => {
    publishing ??= board
      .publish(
        new Map(
          [...owned].map(([partition, watch]) => [
            partition,
            {
              totalsAsOf: asOf(watch.totals, watch),
              snapshotsAsOf: asOf(watch.snapshots, watch),
              totalsOffset: watch.totals.offset,
              snapshotsOffset: watch.snapshots.offset,
            },
          ]),
        ),
      )
      .catch(options.onError)
      .finally(() => {
        publishing = undefined;
      });
  };
  const timer = setInterval(publish, PUBLISH_EVERY_MS).unref();

  const watchOf = (partition: number): PartitionWatch => {
    const known = owned.get(partition);
    if (known) return known;
    const nothing = () => ({ offset: -1, asOf: 0 });
    const made = { delivered: -1, drained: nothing(), totals: nothing(), snapshots: nothing() };
    owned.set(partition, made);
    return made;
  };
  const reflect = (which: 'totals' | 'snapshots') => (partition: number, fence: Fence, atMs: number) => {
    watchOf(partition)[which] = { offset: fence.offset, asOf: atMs };
  };

  return {
    totals: reflect('totals'),
    snapshots: reflect('snapshots'),
    watch: (consumer) => ({
      run: (owner, onError) =>
        consumer.run(async (reader) => {
          try {
            await owner(watched(reader, watchOf(reader.partition), options.now));
          } finally {
            // The next owner speaks for it.
            owned.delete(reader.partition);
          }
        }, onError),
      close: () => consumer.close(),
    }),
    async close() {
      clearInterval(timer);
      await publishing;
      await board.close();
    },
  };
}

/** When everything delivered is reflected, the stores are as the log was when it was found empty. */
function asOf(reflected: Reflected, { drained }: PartitionWatch): number {
  return reflected.offset >= drained.offset ? Math.max(reflected.asOf, drained.asOf) : reflected.asOf;
}

function watched(reader: PartitionReader, watch: PartitionWatch, now: () => number): PartitionReader {
  return {
    partition: reader.partition,
    revoked: reader.revoked,
    bounds: () => reader.bounds(),
    committed: (offset) => reader.committed(offset),
    async seek(offset) {
      await reader.seek(offset);
      watch.delivered = offset - 1;
    },
    async read(limit) {
      const begun = now();
      const entries = await reader.read(limit);
      const last = entries.at(-1);
      if (last) watch.delivered = last.lost ? last.lost.through : last.offset;
      else if (limit.waitMs > 0 && !reader.revoked.aborted) watch.drained = { offset: watch.delivered, asOf: begun };
      return entries;
    },
  };
}
