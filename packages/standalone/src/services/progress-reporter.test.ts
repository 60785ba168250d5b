import { expect, test } from '@jest/globals';
import type { EventLogConsumer, LogEntry, PartitionReader } from '@throughline/event-log/event-log';
import type { PartitionProgress, ProgressBoard } from '@throughline/session-totals/progress-board';
import { waitFor } from '@throughline/testkit/wait-for';
import { createProgressReporter } from './progress-reporter.ts';

const fence = (offset: number) => ({ logId: 'log', offset, epoch: 1 });

function rig(reads: readonly (readonly number[])[]) {
  const published: ReadonlyMap<number, PartitionProgress>[] = [];
  const board: ProgressBoard = {
    publish: async (progress) => void published.push(progress),
    read: async () => new Map(),
    close: async () => {},
  };
  let clock = 1_000;
  const reporter = createProgressReporter(board, {
    now: () => clock,
    onError: (error) => {
      throw error;
    },
  });
  const queue = reads.map((offsets) => offsets.map((offset): LogEntry => ({ offset, bytes: Buffer.alloc(0) })));
  const reader: PartitionReader = {
    partition: 3,
    revoked: new AbortController().signal,
    bounds: async () => ({ logId: 'log', low: 0, high: 9 }),
    seek: async () => {},
    read: async () => queue.shift() ?? [],
    committed: () => {},
  };
  const consumer: EventLogConsumer = { run: (owner) => owner(reader), close: async () => {} };
  return {
    reporter,
    consumer: reporter.watch(consumer),
    setClock: (ms: number) => {
      clock = ms;
    },
    /** What is published from now on. */
    next: async () => {
      const { length } = published;
      return waitFor(() => published.length > length && published.at(-1)!.get(3));
    },
  };
}

const limit = { eventsMax: 10, bytesMax: 1_000, waitMs: 1 };

test('an empty log is as of the moment it was found empty, once all that came before is in the stores', async () => {
  const { reporter, consumer, setClock, next } = rig([[0, 1], []]);
  await consumer.run(
    async (reader) => {
      await reader.read(limit);
      reporter.totals(3, fence(-1), 10);
      reporter.snapshots(3, fence(-1), 10);
      setClock(5_000);
      await reader.read(limit);
      expect(await next()).toEqual({ totalsAsOf: 10, snapshotsAsOf: 10, totalsOffset: -1, snapshotsOffset: -1 });
      reporter.totals(3, fence(1), 40);
      expect(await next()).toMatchObject({
        totalsAsOf: 5_000,
        snapshotsAsOf: 10,
        totalsOffset: 1,
        snapshotsOffset: -1,
      });
      reporter.snapshots(3, fence(1), 40);
      expect(await next()).toMatchObject({ totalsAsOf: 5_000, snapshotsAsOf: 5_000, snapshotsOffset: 1 });
    },
    () => {},
  );
  await reporter.close();
});

test('a backlog is as of what was applied last', async () => {
  const { reporter, consumer, next } = rig([[0], [1]]);
  await consumer.run(
    async (reader) => {
      await reader.read(limit);
      await reader.read(limit);
      reporter.totals(3, fence(0), 70);
      reporter.snapshots(3, fence(0), 70);
      expect(await next()).toEqual({ totalsAsOf: 70, snapshotsAsOf: 70, totalsOffset: 0, snapshotsOffset: 0 });
    },
    () => {},
  );
  await reporter.close();
});
