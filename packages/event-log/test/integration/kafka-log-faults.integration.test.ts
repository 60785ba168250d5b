import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import { waitFor } from '@throughline/testkit/wait-for';
import kafkajs from 'kafkajs';
import type { LogEntry, PartitionReader } from '../../src/event-log.ts';
import { openKafkaConsumer } from '../../src/kafka/consumer.ts';
import { openKafkaRebasableLog } from '../../src/kafka/rebasable-log.ts';
import { migrateTopic } from '../../src/kafka/topic.ts';
import { LOG_ID_HEADER } from '../../src/kafka/topic-meta.ts';
import { FencedStore } from '../fenced-owner.ts';
import { GroupWorld, type Member } from '../group-world.ts';

jest.setTimeout(180_000);

let kafka: KafkaServer;
const worlds: GroupWorld[] = [];

beforeAll(async () => {
  kafka = await startKafka();
});
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.destroy();
});
afterAll(() => kafka.remove());

async function createWorld(partitions: number): Promise<GroupWorld> {
  const world = await GroupWorld.create(kafka.brokers, partitions, new FencedStore());
  worlds.push(world);
  return world;
}

const errorsOf = (member: Member) => member.errors.map(({ partition, error }) => [partition, (error as Error).message]);

async function untilStopped(member: Member, partition: number): Promise<string> {
  return await waitFor(
    () => {
      const found = member.errors.find((item) => item.partition === partition);
      return found && (found.error as Error).message;
    },
    { timeoutMs: 60_000, what: `partition ${partition} to stop` },
  );
}

/** One reader of the only partition, in the hands of a test. */
async function withReader(world: GroupWorld, use: (reader: PartitionReader) => Promise<void>): Promise<void> {
  const consumer = openKafkaConsumer({ kafka: world.kafka, topic: world.topic, groupId: `${world.groupId}-reader` });
  const done = Promise.withResolvers<void>();
  const run = consumer.run(
    async (reader) => {
      await use(reader);
      done.resolve();
    },
    (_partition, error) => done.reject(error),
  );
  await done.promise.finally(() => consumer.close());
  await run;
}

async function readUntil(reader: PartitionReader, end: number): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let next = 0; next < end; ) {
    const read = await reader.read({ eventsMax: 100, bytesMax: 1e7, waitMs: 10_000 });
    entries.push(...read);
    const last = read.at(-1);
    if (last) next = (last.lost?.through ?? last.offset) + 1;
  }
  return entries;
}

function bytesOf(entry: LogEntry): Buffer {
  if (entry.lost) throw new Error(`offset ${entry.offset} is lost`);
  return Buffer.from(entry.bytes);
}

/** Framed as Java's library does it, in one literal: the broker looks into what it is sent. */
function snappy(bytes: Buffer): Buffer {
  const length = Buffer.from([(bytes.length & 127) | 128, bytes.length >> 7]);
  const literal = Buffer.from([61 << 2, (bytes.length - 1) & 255, (bytes.length - 1) >> 8]);
  const block = Buffer.concat([length, literal, bytes]);
  const head = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]);
  head.writeInt32BE(block.length, 16);
  return Buffer.concat([head, block]);
}

describe('a log that lost what comes next', () => {
  test('stops that partition and no other, and says why, when records were deleted before they were read', async () => {
    const world = await createWorld(2);
    const busy = Promise.withResolvers<void>();
    const beforeCommit = (partition: number) => (partition === 0 ? busy.promise : undefined);
    const member = world.join({ beforeCommit, bufferBytesMax: 1_000 });
    // More comes than is fetched ahead of the owner.
    for (let i = 0; i < 10; i++) await world.send(0, 1_000, { bytes: 1_000 });
    await waitFor(() => world.store.takes.has(0), { timeoutMs: 30_000 });
    await world.truncate(0, 9_990);
    busy.resolve();
    expect(await untilStopped(member, 0)).toMatch(/comes next, but the log begins at 9990/);
    await world.send(1, 10);
    await waitFor(() => world.store.applied(1).length === 10, { timeoutMs: 30_000, what: 'the other one to go on' });
    expect(world.store.fence(0)!.offset).toBeLessThan(9_990);
  });

  test('stops a partition also when nothing comes behind what was deleted', async () => {
    const world = await createWorld(1);
    const busy = Promise.withResolvers<void>();
    const member = world.join({ beforeCommit: () => busy.promise, bufferBytesMax: 1_000 });
    for (let i = 0; i < 10; i++) await world.send(0, 300, { bytes: 1_000 });
    await waitFor(() => (member.consumer.stats.partitions[0]?.bufferedBytes ?? 0) > 0, { timeoutMs: 30_000 });
    await world.truncate(0, 3_000);
    busy.resolve();
    expect(await untilStopped(member, 0)).toMatch(/the log begins at 3000/);
  });

  test('stops every partition when the topic is created anew, and goes on by itself once it has positions', async () => {
    const world = await createWorld(2);
    const member = world.join({ retryStoppedAfterMs: 500 });
    for (const partition of [0, 1]) await world.send(partition, 500);
    await world.caughtUp();
    await world.admin.deleteTopics({ topics: [world.topic] });
    world.meta = await waitFor(() => migrateTopic(world.kafka, world.settings), {
      timeoutMs: 60_000,
      what: 'the topic to be created anew',
    });
    expect(world.meta.isNew).toBe(true);
    for (const partition of [0, 1]) {
      await world.send(partition, 20);
      expect(await untilStopped(member, partition)).toMatch(
        /it is shorter than it was|the topic holds log|has taken the place of another one/,
      );
    }

    const log = openKafkaRebasableLog(world.kafka, world.topic);
    expect(await log.look()).toEqual(
      new Map([
        [0, undefined],
        [1, undefined],
      ]),
    );
    await log.place(
      new Map([
        [0, 501],
        [1, 600],
      ]),
    );
    const placed = await log.look();
    expect(placed.get(0)).toEqual({ logId: `${world.meta.logId}@0=501`, low: 501, high: 521 });
    expect(placed.get(1)).toEqual({ logId: `${world.meta.logId}@0=600`, low: 600, high: 620 });
    for (const [partition, bounds] of placed) {
      world.store.set(partition, { logId: bounds!.logId, offset: bounds!.low - 1, epoch: 1_000 });
    }
    await waitFor(() => [0, 1].every((partition) => world.store.applied(partition).length === 520), {
      timeoutMs: 60_000,
      what: 'both to go on',
    });
    expect(world.store.fence(1)).toMatchObject({ offset: 619 });
    await log.close();
  });

  test('is told from a log that only a producer has not heard of', async () => {
    const world = await createWorld(1);
    const warnings: string[] = [];
    const note = (_fields: object, message: string) => void warnings.push(message);
    const member = world.join({ logger: { debug() {}, info() {}, warn: note, error: note } });
    await world.send(0, 5);
    await world.send(0, 5, { headers: { [LOG_ID_HEADER]: 'the log before' } });
    await world.send(0, 5, { headers: {} });
    await world.send(0, 5);
    await world.caughtUp();
    expect(world.applied()).toEqual(await world.contents());
    expect(warnings.filter((message) => message.includes('another log'))).toHaveLength(1);
    expect(errorsOf(member)).toEqual([]);
  });
});

describe('what somebody else wrote to the topic', () => {
  test('is delivered as it is: whoever decodes it decides', async () => {
    const world = await createWorld(1);
    const large = Buffer.alloc(5 * 1024 * 1024, 'large ');
    await world.sendRaw({ partition: 0, value: null });
    await world.sendRaw({ partition: 0, value: Buffer.from([0xc1, 0xff]), headers: { [LOG_ID_HEADER]: ['a', 'b'] } });
    await world.sendRaw({ partition: 0, value: large, headers: world.headers });
    await world.sendRaw({ partition: 0, value: Buffer.alloc(0), headers: world.headers });
    await withReader(world, async (reader) => {
      const entries = await readUntil(reader, 4);
      expect(entries.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
      const bytes = entries.map(bytesOf);
      expect(bytes.map(({ length }) => length)).toEqual([0, 2, large.length, 0]);
      expect(bytes[2]!.equals(large)).toBe(true);
    });
  });

  test('compressed in any way that is known is read', async () => {
    const world = await createWorld(1);
    const producer = world.kafka.producer();
    await producer.connect();
    const { GZIP, ZSTD, None } = kafkajs.CompressionTypes;
    const messages = Array.from({ length: 50 }, (_, index) => ({ value: `value ${index}`, headers: world.headers }));
    for (const compression of [GZIP, ZSTD, None]) await producer.send({ topic: world.topic, messages, compression });
    await producer.disconnect();
    await withReader(world, async (reader) => {
      // From within a batch too, which the broker sends whole.
      await reader.seek(70);
      const entries = await readUntil(reader, 150);
      expect(entries.map(({ offset }) => offset)).toEqual(Array.from({ length: 80 }, (_, index) => index + 70));
      expect(bytesOf(entries[0]!).toString()).toBe('value 20');
    });
  });

  test('compressed in a way that nobody here knows is passed by and named', async () => {
    const world = await createWorld(1);
    await world.send(0, 5);
    const { Snappy } = kafkajs.CompressionTypes;
    const known = kafkajs.CompressionCodecs[Snappy];
    kafkajs.CompressionCodecs[Snappy] = () => ({ compress: async ({ buffer }: { buffer: Buffer }) => snappy(buffer) });
    const producer = world.kafka.producer();
    try {
      await producer.connect();
      const messages = Array.from({ length: 300 }, () => ({ value: 'unreadable', partition: 0 }));
      await producer.send({ topic: world.topic, messages, compression: Snappy });
    } finally {
      kafkajs.CompressionCodecs[Snappy] = known;
      await producer.disconnect();
    }
    await world.send(0, 5);
    await withReader(world, async (reader) => {
      const entries = await readUntil(reader, 310);
      const places = entries.map(({ offset, lost }) => (lost ? `${offset} to ${lost.through} lost` : offset));
      expect(places).toEqual([0, 1, 2, 3, 4, '5 to 304 lost', 305, 306, 307, 308, 309]);
    });
  });

  test('in a transaction leaves offsets without records, which are named', async () => {
    const world = await createWorld(1);
    await world.send(0, 5);
    const producer = world.kafka.producer({ transactionalId: `${world.topic}-foreign`, maxInFlightRequests: 1 });
    await producer.connect();
    for (const end of ['commit', 'abort'] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: world.topic, messages: [{ value: end, partition: 0 }] });
      await transaction[end]();
    }
    await producer.disconnect();
    // The marks at their ends are written after the producer was answered.
    await waitFor(async () => (await world.ends())[0] === 9, { what: 'the transactions to end' });
    await world.send(0, 5);
    await withReader(world, async (reader) => {
      const entries = await readUntil(reader, 14);
      const places = entries.map(({ offset, lost }) => (lost ? `${offset} to ${lost.through} lost` : offset));
      expect(places).toEqual([0, 1, 2, 3, 4, 5, '6 to 8 lost', 9, 10, 11, 12, 13]);
      expect(entries[6]!.lost!.reason).toBe('the topic holds no record at these offsets');
    });
  });
});

describe('many partitions on one member', () => {
  test('are all read to their ends, though little is kept in memory', async () => {
    const world = await createWorld(48);
    for (let partition = 0; partition < 48; partition++) await world.send(partition, 400);
    const member = world.join({ bufferBytesMax: 8 * 1024 });
    let highest = 0;
    const look = setInterval(() => {
      for (const { bufferedBytes } of member.consumer.stats.partitions) highest = Math.max(highest, bufferedBytes);
    }, 5);
    await world.caughtUp();
    clearInterval(look);
    expect(world.applied()).toEqual(await world.contents());
    // One batch of the producer more than the limit.
    expect(highest).toBeLessThan(8 * 1024 + 400 * 300);
    await waitFor(() => member.consumer.stats.partitions.every(({ lag }) => lag === 0), { what: 'no lag' });
  });

  test('one slow owner does not hold up the others, and its lag is seen', async () => {
    const world = await createWorld(3);
    const slow = Promise.withResolvers<void>();
    const beforeCommit = (partition: number) => (partition === 1 ? slow.promise : undefined);
    const member = world.join({ beforeCommit, bufferBytesMax: 2_000 });
    await world.send(1, 1_000);
    for (let round = 0; round < 20; round++) {
      await world.send(0, 100);
      await world.send(2, 100);
    }
    await waitFor(() => [0, 2].every((partition) => world.store.applied(partition).length === 2_000), {
      timeoutMs: 30_000,
      what: 'the others to be read',
    });
    expect(world.store.applied(1)).toEqual([]);
    const lag = await waitFor(() => member.consumer.stats.partitions.find(({ partition }) => partition === 1)?.lag);
    expect(lag).toBe(1_000);
    slow.resolve();
    await world.caughtUp();
  });
});
