import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeEvent } from '@throughline/contracts/event-codec';
import type { LogEvent } from '@throughline/contracts/request-event';
import { body, requestEvent } from './contract-events.ts';
import type { Appended, EventAppender, EventLogConsumer, LogEntry, PartitionReader } from './event-log.ts';

/** One log under test, as its adapter's own test makes it. Everything opened is closed by `destroy`. */
export interface EventLogHarness {
  openAppender(options?: { readonly eventBytesMax?: number }): Promise<EventAppender>;
  /** Sees the same log as the appenders. */
  openConsumer(): Promise<EventLogConsumer>;
  /** The appender's process dies: nothing more is written, nothing is said goodbye to. */
  crash(): Promise<void>;
  /** Damages the newest bytes stored; called between a crash and the next open. */
  damageTail(): Promise<void>;
  /** Nothing more fits from now on; the returned function makes room again. */
  fill(): Promise<() => Promise<void>>;
  /** What is appended from now on is not made durable; the returned function lets it. */
  holdSync(): Promise<() => Promise<void>>;
  destroy(): Promise<void>;
}

export interface SkippedCheck {
  readonly test: string;
  readonly reason: string;
}

/** An event read back, with where it lay. */
interface Read {
  readonly partition: number;
  readonly offset: number;
  readonly event: LogEvent;
}

/** What any adapter of the event log does. Each adapter's contract test calls it with its own `make`. */
export function eventLogContract(
  name: string,
  make: () => Promise<EventLogHarness>,
  options: { readonly skip?: readonly SkippedCheck[] } = {},
): void {
  const skipped = new Map((options.skip ?? []).map((entry) => [entry.test, entry.reason]));
  const check = (title: string, run: () => Promise<void>) => {
    const reason = skipped.get(title);
    skipped.delete(title);
    if (reason === undefined) test(title, run);
    else test.skip(`${title} (${reason})`, run);
  };

  describe(`event log: ${name}`, () => {
    let log: EventLogHarness;
    beforeEach(async () => {
      log = await make();
    });
    afterEach(() => log.destroy());

    check('delivers events as they were appended, with the stamp that append returned', async () => {
      const appender = await log.openAppender();
      const event = requestEvent();
      const appended = await appender.append(event);
      const [read] = await readEvents(log, 1);
      expect(read!.offset).toBe(appended.offset);
      expect(read!.event).toEqual({ ...event, ...appended.stamp });
      expect(appended.stamp).toMatchObject({ partition: appended.partition, producer: { id: appender.producerId } });
    });

    check('keeps the order of a session when many callers append at once', async () => {
      const appender = await log.openAppender();
      const sessions = ['a', 'b', 'c', 'd'];
      const callers = Array.from({ length: 200 }, async (_, index) => {
        if (index % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
        return appender.append(ofSession(sessions[index % sessions.length]!, index));
      });
      const appended = await Promise.all(callers);
      const read = await readEvents(log, appended.length);
      for (const [index, { partition, offset, stamp }] of appended.entries()) {
        const found = read.find((entry) => entry.partition === partition && entry.offset === offset);
        expect(found?.event).toMatchObject({ user_id: String(index), producer: stamp.producer });
      }
      for (const session of sessions) expect(new Set(partitionsOf(read, session)).size).toBe(1);
    });

    check('gives dense offsets and dense producer numbers per partition', async () => {
      const appender = await log.openAppender();
      await appendMany(appender, 100);
      const read = await readEvents(log, 100);
      for (const entries of byPartition(read)) {
        expect(entries.map(({ offset }) => offset)).toEqual(entries.map((_, index) => index));
        expect(entries.map(({ event }) => event.producer.seq)).toEqual(entries.map((_, index) => index));
      }
      expect(Math.max(...appender.stats.lastSeq)).toBe(Math.max(...read.map(({ event }) => event.producer.seq)));
    });

    check('goes on with the offsets, under a new producer, after the appender was closed', async () => {
      const first = await log.openAppender();
      await appendMany(first, 3);
      await first.close();
      const second = await log.openAppender();
      await appendMany(second, 3);
      const read = (await readEvents(log, 7)).filter(({ event }) => event.kind === 'request');
      expect(new Set(read.map(({ event }) => event.producer.id))).toEqual(
        new Set([first.producerId, second.producerId]),
      );
      expect(first.producerId).not.toBe(second.producerId);
    });

    check('says goodbye when it is closed, with its last number and without taking one', async () => {
      const appender = await log.openAppender();
      const appended = await appendMany(appender, 3);
      const pending = appender.append(ofSession('s', 3));
      await appender.close();
      await pending;
      await expect(appender.append(requestEvent())).rejects.toMatchObject({ code: 'closed' });
      await log.openAppender();
      const read = await readEvents(log, 5);
      const closed = read.filter(({ event }) => event.kind === 'closed');
      expect(closed).toHaveLength(1);
      expect(closed[0]!.event).toMatchObject({ last_seq: appended.length, producer: { seq: -1 } });
    });

    check('redelivers from a position sought, and forward from there', async () => {
      const appender = await log.openAppender();
      await appendMany(appender, 20);
      await withReader(log, async (reader) => {
        await readUntil(reader, 20);
        await reader.seek(5);
        const again = await readUntil(reader, 15);
        expect(again.map(({ offset }) => offset)).toEqual(Array.from({ length: 15 }, (_, index) => index + 5));
        await reader.seek(20);
        expect(await reader.read({ eventsMax: 10, bytesMax: 1e6, waitMs: 0 })).toEqual([]);
      });
    });

    check('refuses a position that it does not hold', async () => {
      const appender = await log.openAppender();
      await appendMany(appender, 3);
      await withReader(log, async (reader) => {
        expect(await reader.bounds()).toMatchObject({ low: 0, high: 3 });
        await expect(reader.seek(4)).rejects.toMatchObject({ code: 'out-of-range' });
        await expect(reader.seek(-1)).rejects.toMatchObject({ code: 'out-of-range' });
        await expect(reader.seek(1.5)).rejects.toMatchObject({ code: 'out-of-range' });
      });
    });

    check('returns at most as many events as asked for, and about as many bytes, but always one', async () => {
      const appender = await log.openAppender();
      await appendMany(appender, 10);
      await withReader(log, async (reader) => {
        expect(await reader.read({ eventsMax: 4, bytesMax: 1e6, waitMs: 5_000 })).toHaveLength(4);
        expect(await reader.read({ eventsMax: 4, bytesMax: 1, waitMs: 5_000 })).toHaveLength(1);
      });
    });

    check('wakes a waiting reader when an event comes', async () => {
      const appender = await log.openAppender();
      await withReader(log, async (reader) => {
        expect(await reader.read({ eventsMax: 1, bytesMax: 1e6, waitMs: 10 })).toEqual([]);
        const waiting = reader.read({ eventsMax: 1, bytesMax: 1e6, waitMs: 60_000 });
        await appender.append(ofSession('s', 1));
        expect(await waiting).toHaveLength(1);
      });
    });

    check('delivers nothing that is not durable yet', async () => {
      const appender = await log.openAppender();
      await appender.append(ofSession('s', 0));
      await readEvents(log, 1);
      const release = await log.holdSync();
      const append = appender.append(ofSession('s', 1));
      await withReader(log, async (reader) => {
        await reader.seek(1);
        expect(await reader.read({ eventsMax: 10, bytesMax: 1e6, waitMs: 200 })).toEqual([]);
        await release();
        await append;
        expect(await readUntil(reader, 1)).toHaveLength(1);
      });
    });

    check('takes events of many megabytes between small ones', async () => {
      const appender = await log.openAppender();
      const large = Buffer.alloc(12 * 1024 * 1024, 'large ');
      const events = [
        ofSession('s', 0),
        { ...ofSession('s', 1), response_body: body(large) },
        { ...ofSession('s', 2), request_body: body(large), response_body: body(large) },
        ofSession('s', 3),
      ];
      await Promise.all(events.map((event) => appender.append(event)));
      const read = await readEvents(log, 4);
      for (const [index, event] of events.entries()) expect(isSame(read[index]!.event, event)).toBe(true);
    });

    check('refuses an event that is too large, names it, and goes on', async () => {
      const appender = await log.openAppender({ eventBytesMax: 4096 });
      const large = { ...ofSession('s', 0), request_body: body(Buffer.alloc(5000)) };
      const results = await Promise.allSettled([appender.append(large), appender.append(ofSession('s', 1))]);
      expect(results).toMatchObject([{ status: 'rejected', reason: { code: 'too-large' } }, { status: 'fulfilled' }]);
      expect(appender.writable).toBe(true);
      const events = (await readEvents(log, 2)).map(({ event }) => event);
      expect(events.find(({ kind }) => kind === 'refused')).toMatchObject({ reason: 'too-large', count: 1 });
      expect(events.map(({ producer }) => producer.seq)).toEqual([0, 1]);
    });

    check('stores the shorter event in place of one that is too large, and refuses nothing', async () => {
      const appender = await log.openAppender({ eventBytesMax: 4096 });
      // The bodies alone are too large; only with all that is around them; and nothing is.
      const sizes = [5000, 4090, 100];
      const appends = sizes.map((bytes, index) => {
        const event = ofSession('s', index);
        const short = { ...event, request_body: body(Buffer.from('short')) };
        return appender.append({ ...event, request_body: body(Buffer.alloc(bytes, 'long ')) }, () => short);
      });
      await Promise.all(appends);
      const events = (await readEvents(log, 3)).map(({ event }) => event);
      const stored = events.map((event) => event.kind === 'request' && event.request_body.bytes.length);
      expect(stored).toEqual([5, 5, 100]);
      expect(events.map(({ producer }) => producer.seq)).toEqual([0, 1, 2]);
      expect(appender.stats).toMatchObject({ appended: 3, refused: 0 });
    });

    check('refuses once what is too large even when it is shorter', async () => {
      const appender = await log.openAppender({ eventBytesMax: 4096 });
      const large = { ...ofSession('s', 0), request_body: body(Buffer.alloc(5000)) };
      const short = { ...large, request_body: body(Buffer.alloc(4090)) };
      await expect(appender.append(large, () => short)).rejects.toMatchObject({ code: 'too-large' });
      const [refused] = await readEvents(log, 1);
      expect(refused!.event).toMatchObject({ kind: 'refused', reason: 'too-large', count: 1 });
      expect(appender.stats).toMatchObject({ refused: 1 });
    });

    check('keeps fields that this version does not know', async () => {
      const appender = await log.openAppender();
      const unknown = { from_the_future: { nested: [1, 'two', null, Buffer.from([0, 255])] } };
      await appender.append({ ...requestEvent(), ...unknown });
      const [read] = await readEvents(log, 1);
      expect(read!.event).toMatchObject({ from_the_future: { nested: [1, 'two', null, expect.any(Uint8Array)] } });
    });

    check('refuses and counts while nothing fits, and says so before the next event', async () => {
      const appender = await log.openAppender();
      await appender.append(ofSession('s', 0));
      const free = await log.fill();
      const refused = await Promise.allSettled([1, 2, 3].map((index) => appender.append(ofSession('s', index))));
      expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      expect(refused[0]).toMatchObject({ reason: { code: 'full', retryable: true } });
      expect(appender.writable).toBe(false);
      await free();
      while (!appender.writable) await new Promise((resolve) => setTimeout(resolve, 10));
      await appender.append(ofSession('s', 4));
      const events = (await readEvents(log, 3)).map(({ event }) => event);
      expect(events).toMatchObject([
        { kind: 'request', user_id: '0', producer: { seq: 0 } },
        { kind: 'refused', count: 3, reason: 'full', producer: { seq: 1 } },
        { kind: 'request', user_id: '4', producer: { seq: 2 } },
      ]);
      expect(appender.stats).toMatchObject({ appended: 2, refused: 3, lastSeq: [2] });
    });

    check('delivers everything acknowledged before the process died', async () => {
      const appender = await log.openAppender();
      await appendMany(appender, 50);
      await log.crash();
      const next = await log.openAppender();
      await appendMany(next, 5);
      const read = await readRequests(log, 55);
      const seqsOf = ({ producerId }: EventAppender) =>
        read.filter(({ event }) => event.producer.id === producerId).map(({ event }) => event.producer.seq);
      expect(seqsOf(appender)).toEqual(Array.from({ length: 50 }, (_, seq) => seq));
      expect(seqsOf(next)).toEqual(Array.from({ length: 5 }, (_, seq) => seq));
    });

    check('goes on behind a damaged tail, and names what it lost', async () => {
      const appender = await log.openAppender();
      await appendMany(appender, 50);
      await readEvents(log, 50);
      await log.crash();
      await log.damageTail();
      const next = await log.openAppender();
      const appended = await appendMany(next, 5);
      await withReader(log, async (reader) => {
        const entries: LogEntry[] = [];
        while (entries.at(-1)?.offset !== appended.at(-1)!.offset) {
          entries.push(...(await reader.read({ eventsMax: 100, bytesMax: 1e6, waitMs: 5_000 })));
        }
        const lost = entries.filter((entry) => entry.lost !== undefined);
        expect(lost).toHaveLength(1);
        expect(lost[0]!.lost!.reason).not.toBe('');
        expect(coveredOffsets(entries)).toEqual(Array.from({ length: 55 }, (_, index) => index));
      });
    });

    check('revokes its partitions when the consumer is closed, and waits for their owners', async () => {
      await log.openAppender();
      const consumer = await log.openConsumer();
      let isDone = false;
      const started = Promise.withResolvers<void>();
      const run = consumer.run(
        async (reader) => {
          started.resolve();
          while (!reader.revoked.aborted) {
            expect(await reader.read({ eventsMax: 1, bytesMax: 1e6, waitMs: 60_000 })).toEqual([]);
          }
          await new Promise((resolve) => setTimeout(resolve, 20));
          isDone = true;
        },
        (_partition, error) => started.reject(error),
      );
      await started.promise;
      await consumer.close();
      expect(isDone).toBe(true);
      await run;
    });

    check('reports an owner that failed', async () => {
      await log.openAppender();
      const consumer = await log.openConsumer();
      const failed = Promise.withResolvers<unknown>();
      const run = consumer.run(
        () => Promise.reject(new Error('cannot go on')),
        (_partition, error) => failed.resolve(error),
      );
      expect(await failed.promise).toMatchObject({ message: 'cannot go on' });
      await consumer.close();
      await run;
    });

    if (skipped.size > 0) throw new Error(`no such checks to skip: ${[...skipped.keys()].join('; ')}`);
  });
}

function ofSession(session: string, index: number) {
  return requestEvent({
    session: { id: session, name: '', path: '', rule: 'helicone-session-id' },
    user_id: String(index),
  });
}

/** All of one session, one after the other, so that they lie in one partition. */
async function appendMany(appender: EventAppender, count: number): Promise<Appended[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => appender.append(ofSession('s', index))));
}

/** Reads from the beginning of every partition until `count` events have come. */
async function readEvents(log: EventLogHarness, count: number): Promise<Read[]> {
  return readWhile(log, (read) => read.length < count);
}

/** Like `readEvents`, of requests only, and each of them once: what is sent again after a crash carries its old number. */
async function readRequests(log: EventLogHarness, count: number): Promise<Read[]> {
  const firstOfEach = (read: readonly Read[]) => {
    const requests = read.filter(({ event }) => event.kind === 'request');
    return [...new Map(requests.toReversed().map((item) => [numberOf(item), item])).values()].toReversed();
  };
  return firstOfEach(await readWhile(log, (read) => firstOfEach(read).length < count));
}

function numberOf({ event }: Read): string {
  return `${event.producer.id} ${event.producer.seq}`;
}

async function readWhile(log: EventLogHarness, isMissing: (read: readonly Read[]) => boolean): Promise<Read[]> {
  const read: Read[] = [];
  const consumer = await log.openConsumer();
  const done = Promise.withResolvers<void>();
  const run = consumer.run(
    async (reader) => {
      await reader.seek((await reader.bounds()).low);
      while (!reader.revoked.aborted && isMissing(read)) {
        const entries = await reader.read({ eventsMax: 64, bytesMax: 1e6, waitMs: 1_000 });
        read.push(...entries.map((entry) => ({ partition: reader.partition, ...decoded(entry) })));
      }
      if (!isMissing(read)) done.resolve();
    },
    (_partition, error) => done.reject(error),
  );
  await done.promise;
  await consumer.close();
  await run;
  return read;
}

/** Runs `use` as the owner of the partition that has events (the only one that `appendMany` writes to). */
async function withReader(log: EventLogHarness, use: (reader: PartitionReader) => Promise<void>): Promise<void> {
  const consumer = await log.openConsumer();
  const done = Promise.withResolvers<void>();
  const run = consumer.run(
    async (reader) => {
      await reader.seek((await reader.bounds()).low);
      await use(reader);
      done.resolve();
    },
    (_partition, error) => done.reject(error),
  );
  await done.promise;
  await consumer.close();
  await run;
}

async function readUntil(reader: PartitionReader, count: number): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  while (entries.length < count) {
    entries.push(...(await reader.read({ eventsMax: 7, bytesMax: 1e6, waitMs: 1_000 })));
  }
  return entries;
}

function decoded(entry: LogEntry): { offset: number; event: LogEvent } {
  if (entry.lost) throw new Error(`lost ${entry.offset}–${entry.lost.through}: ${entry.lost.reason}`);
  const result = decodeEvent(entry.bytes);
  if (result.outcome !== 'event') throw new Error(`offset ${entry.offset} does not decode: ${result.outcome}`);
  return { offset: entry.offset, event: result.event };
}

function coveredOffsets(entries: readonly LogEntry[]): number[] {
  return entries.flatMap((entry) => {
    const through = entry.lost?.through ?? entry.offset;
    return Array.from({ length: through - entry.offset + 1 }, (_, index) => entry.offset + index);
  });
}

function byPartition(read: readonly Read[]): Read[][] {
  return [...Map.groupBy(read, ({ partition }) => partition).values()];
}

function partitionsOf(read: readonly Read[], session: string): number[] {
  return read
    .filter(({ event }) => event.kind === 'request' && event.session?.id === session)
    .map(({ partition }) => partition);
}

// `toEqual` on megabytes of bytes takes seconds.
function isSame(event: LogEvent, appended: ReturnType<typeof requestEvent>): boolean {
  return (
    event.kind === 'request' &&
    event.user_id === appended.user_id &&
    Buffer.compare(event.request_body.bytes, appended.request_body.bytes) === 0 &&
    Buffer.compare(event.response_body.bytes, appended.response_body.bytes) === 0
  );
}
