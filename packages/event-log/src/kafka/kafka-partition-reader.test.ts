import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogEntry } from '../event-log.ts';
import { type FetchControl, type FetchedRecord, KafkaPartitionReader } from './kafka-partition-reader.ts';
import { FROM_ZERO, LOG_ID_HEADER, type PartitionStart, type TopicMeta } from './topic-meta.ts';
import type { TopicView, Watermarks } from './topic-view.ts';

const LOG_ID = 'the log';

/** A partition as its broker and the group's client would show it, of which a test decides what is delivered and when. */
class Scene {
  readonly control: FetchControl & { sought: number | undefined; isPaused: boolean; seeks: number };
  readonly reader: KafkaPartitionReader;
  readonly revocation = new AbortController();
  marks: Watermarks;
  meta: TopicMeta;
  looks = 0;

  constructor(high: number, { low = 0, start = FROM_ZERO as PartitionStart, bufferBytesMax = 1_000_000 } = {}) {
    this.marks = { low, high };
    this.meta = { logId: LOG_ID, partitions: 1, createdAt: 0, starts: [start] };
    const control = {
      sought: undefined as number | undefined,
      isPaused: true,
      seeks: 0,
      seek(_partition: number, offset: number) {
        control.sought = offset;
        control.seeks++;
      },
      pause() {
        control.isPaused = true;
      },
      resume() {
        control.isPaused = false;
      },
    };
    this.control = control;
    const view: Pick<TopicView, 'watermarks' | 'meta' | 'freshMeta'> = {
      watermarks: async () => {
        this.looks++;
        return new Map([[0, this.marks]]);
      },
      meta: async () => this.meta,
      freshMeta: async () => this.meta,
    };
    this.reader = new KafkaPartitionReader({
      partition: 0,
      revoked: this.revocation.signal,
      view: view as TopicView,
      isRetry: false,
      bufferBytesMax,
      logger: undefined,
    });
    this.reader.attach(control);
  }

  deliver(from: number, end: number, logId: string | undefined = LOG_ID, asked = from): number | undefined {
    const records = Array.from({ length: end - from }, (_, index) => recordAt(from + index, logId));
    return this.reader.receive({ records, high: this.marks.high, asked });
  }

  async read(eventsMax = 1_000): Promise<LogEntry[]> {
    return await this.reader.read({ eventsMax, bytesMax: 1_000_000, waitMs: 0 });
  }

  /** Until what the reader examines is settled. */
  async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  }
}

function recordAt(offset: number, logId: string | undefined): FetchedRecord {
  const headers = logId === undefined ? {} : { [LOG_ID_HEADER]: Buffer.from(logId) };
  return { offset: String(offset), value: Buffer.from(`record ${offset}`), headers };
}

const placesOf = (entries: readonly LogEntry[]) =>
  entries.map(({ offset, lost }) => (lost ? `${offset} to ${lost.through}` : offset));

describe('a partition of the topic', () => {
  test('is delivered once and in order, whatever the client delivers of it and when', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('deliver' as const),
        from: fc.nat({ max: 40 }),
        count: fc.integer({ min: 1, max: 15 }),
      }),
      fc.record({ kind: fc.constantFrom('obey' as const, 'read' as const, 'rejoin' as const, 'settle' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.nat({ max: 40 }), async (steps, from) => {
        const end = 40;
        const scene = new Scene(end);
        await scene.reader.seek(from);
        const read: LogEntry[] = [];
        for (const item of steps) {
          if (item.kind === 'deliver') scene.deliver(item.from, Math.min(end, item.from + item.count));
          else if (item.kind === 'read') read.push(...(await scene.read(7)));
          else if (item.kind === 'settle') await scene.settle();
          else if (item.kind === 'obey') scene.deliver(scene.control.sought!, Math.min(end, scene.control.sought! + 5));
          else {
            scene.reader.detach();
            scene.reader.attach(scene.control);
          }
        }
        // In the end the client does what it was told last.
        for (let next = from; next < end; next = from + read.length) {
          await scene.settle();
          scene.deliver(scene.reader.wanted!, end);
          await scene.settle();
          read.push(...(await scene.read()));
        }
        expect(placesOf(read)).toEqual(Array.from({ length: end - from }, (_, index) => from + index));
      }),
      { numRuns: 200 },
    );
  });

  test('has its bounds and entries in positions, wherever these begin', async () => {
    const scene = new Scene(50, { low: 10, start: { kafkaOffset: 20, position: 1_000 } });
    expect(await scene.reader.bounds()).toEqual({ logId: 'the log@20=1000', low: 1_000, high: 1_030 });
    await expect(scene.reader.seek(999)).rejects.toMatchObject({ code: 'out-of-range' });
    await scene.reader.seek(1_005);
    expect(scene.control.sought).toBe(25);
    scene.deliver(25, 27);
    expect(placesOf(await scene.read())).toEqual([1_005, 1_006]);
    scene.reader.committed(1_006);
    expect(scene.reader.hint).toBe(27);
    expect(scene.reader.lag).toBe(23);
    scene.marks = { low: 60, high: 70 };
    expect(await scene.reader.bounds()).toMatchObject({ low: 1_040, high: 1_050 });
  });

  test('has no positions while its log was not given any', async () => {
    const scene = new Scene(5);
    scene.meta = { ...scene.meta, starts: [undefined] };
    await expect(scene.reader.bounds()).rejects.toMatchObject({ code: 'mismatch', retryable: false });
    await expect(scene.read()).rejects.toThrow('run `throughline rebase`');
  });

  test('asks again for records missing between others, and calls them lost when they stay away', async () => {
    const scene = new Scene(10);
    await scene.reader.seek(0);
    scene.deliver(0, 3);
    expect(placesOf(await scene.read())).toEqual([0, 1, 2]);
    // Fetched for another position, however often: that says nothing.
    for (let i = 0; i < 10; i++) {
      scene.deliver(6, 10);
      await scene.settle();
      expect(scene.control.sought).toBe(3);
    }
    for (let i = 0; i < 3; i++) {
      expect(await scene.read()).toEqual([]);
      scene.deliver(6, 10, LOG_ID, 3);
      await scene.settle();
    }
    expect(scene.control.sought).toBe(6);
    scene.deliver(6, 10);
    expect(placesOf(await scene.read())).toEqual(['3 to 5', 6, 7, 8, 9]);
  });

  test('ends where the records that come next were deleted, after what was fetched before', async () => {
    const scene = new Scene(20);
    await scene.reader.seek(0);
    scene.deliver(0, 2);
    scene.marks = { low: 10, high: 20 };
    scene.deliver(10, 12);
    await scene.settle();
    expect(placesOf(await scene.read())).toEqual([0, 1]);
    await expect(scene.read()).rejects.toMatchObject({ code: 'out-of-range', retryable: false });
    expect(scene.control.isPaused).toBe(true);
    expect(scene.deliver(12, 14)).toBeUndefined();
  });

  test('ends where its end was seen twice before the position, and not where that was one answer of a new leader', async () => {
    const scene = new Scene(20);
    await scene.reader.seek(20);
    const look = (high: number) => scene.reader.observe(scene.reader.wanted, { low: 0, high });
    look(20);
    look(15);
    look(20);
    look(15);
    expect(await scene.read()).toEqual([]);
    look(15);
    await expect(scene.read()).rejects.toThrow('it is shorter than it was');
  });

  test('does not end because records came while the broker was asked', async () => {
    const scene = new Scene(20);
    await scene.reader.seek(0);
    const wanted = scene.reader.wanted;
    scene.deliver(0, 20);
    scene.reader.observe(wanted, { low: 10, high: 20 });
    expect(placesOf(await scene.read())).toHaveLength(20);
    expect(await scene.read()).toEqual([]);
  });

  test('ends when its records turn out to be those of another log', async () => {
    const scene = new Scene(20);
    await scene.reader.seek(0);
    scene.deliver(0, 2);
    scene.meta = { ...scene.meta, logId: 'another log' };
    scene.deliver(2, 4, 'another log');
    await scene.settle();
    expect(placesOf(await scene.read())).toEqual([0, 1]);
    await expect(scene.read()).rejects.toMatchObject({ code: 'mismatch' });
  });

  test('takes a record that was meant for another log, and one that says nothing', async () => {
    const scene = new Scene(20);
    await scene.reader.seek(0);
    scene.deliver(0, 1);
    scene.deliver(1, 3, 'the log before');
    await scene.settle();
    expect(scene.control).toMatchObject({ sought: 1, isPaused: false });
    scene.deliver(1, 3, 'the log before');
    scene.deliver(3, 5, undefined);
    expect(placesOf(await scene.read())).toEqual([0, 1, 2, 3, 4]);
  });

  test('is paused while enough of it waits, and goes on once half of that was read', async () => {
    const scene = new Scene(100, { bufferBytesMax: 10 * 300 });
    await scene.reader.seek(0);
    expect(scene.control.isPaused).toBe(false);
    scene.deliver(0, 20);
    expect(scene.control.isPaused).toBe(true);
    await scene.read(5);
    expect(scene.control.isPaused).toBe(true);
    await scene.read(11);
    expect(scene.control.isPaused).toBe(false);
    expect(scene.reader.bufferedBytes).toBeLessThan(5 * 300);
  });

  test('cannot be taken over by who is not in the group, but what it has fetched can be read', async () => {
    const scene = new Scene(20);
    await scene.reader.seek(0);
    scene.deliver(0, 3);
    scene.reader.detach();
    await expect(scene.reader.bounds()).rejects.toMatchObject({ retryable: true });
    expect(placesOf(await scene.read())).toEqual([0, 1, 2]);
    scene.reader.attach(scene.control);
    expect(scene.control.sought).toBe(3);
    scene.revocation.abort();
    await expect(scene.reader.bounds()).rejects.toMatchObject({ code: 'closed', retryable: true });
    expect(await scene.read()).toEqual([]);
  });

  test('that was taken away wakes whoever waits for it', async () => {
    const scene = new Scene(0);
    await scene.reader.seek(0);
    const waiting = scene.reader.read({ eventsMax: 1, bytesMax: 1, waitMs: 600_000 });
    scene.revocation.abort();
    expect(await waiting).toEqual([]);
  });
});
