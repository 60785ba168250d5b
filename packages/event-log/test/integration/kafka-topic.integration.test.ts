import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import type { Admin, Kafka } from 'kafkajs';
import { createKafka } from '../../src/kafka/kafka-options.ts';
import { changeMeta } from '../../src/kafka/meta-lock.ts';
import { readTopicMeta } from '../../src/kafka/read-topic-meta.ts';
import { openKafkaRebasableLog } from '../../src/kafka/rebasable-log.ts';
import { checkTopic, migrateTopic, PARTITIONS_DEFAULT, type TopicSettings } from '../../src/kafka/topic.ts';
import { FROM_ZERO, META_KEY, metaTopicOf, type TopicMeta } from '../../src/kafka/topic-meta.ts';
import { topicPartitions } from '../../src/kafka/topic-partitions.ts';
import { topicReplicas } from '../../src/kafka/topic-replicas.ts';

jest.setTimeout(180_000);

let server: KafkaServer;
let kafka: Kafka;
let admin: Admin;

beforeAll(async () => {
  server = await startKafka();
  kafka = createKafka({ brokers: server.brokers });
  admin = kafka.admin();
  await admin.connect();
});
afterAll(async () => {
  await admin.disconnect();
  await server.remove();
});

function newSettings(overrides: Partial<TopicSettings> = {}): TopicSettings {
  return {
    topic: `events-${randomUUID()}`,
    partitions: 3,
    replicationFactor: 1,
    minInsyncReplicas: 1,
    retentionMs: 3_600_000,
    messageBytesMax: 2_000_000,
    ...overrides,
  };
}

const UNPLACED = [undefined, undefined, undefined];
const FROM_START = [FROM_ZERO, FROM_ZERO, FROM_ZERO];

/** A topic somebody made by hand, with the settings of the log's except those given. */
async function createByHand(topic: string, partitions: number, config: Record<string, string> = {}): Promise<void> {
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries }] });
}

const FITTING = {
  'cleanup.policy': 'delete',
  'unclean.leader.election.enable': 'false',
  'message.timestamp.type': 'LogAppendTime',
  'max.message.bytes': '2000000',
  'retention.ms': '3600000',
};

async function createMetaTopic(topic: string): Promise<void> {
  await createByHand(metaTopicOf(topic), 1, { 'cleanup.policy': 'compact' });
}

describe('migrating a topic', () => {
  test('makes it once when several do so at once, and all of them get the same log', async () => {
    const settings = newSettings();
    const made = await Promise.all(Array.from({ length: 5 }, () => migrateTopic(kafka, settings)));
    expect(new Set(made.map(({ logId }) => logId)).size).toBe(1);
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    const { logId } = made[0]!;
    expect(await readTopicMeta(kafka, settings.topic)).toMatchObject({ logId, partitions: 3, starts: FROM_START });
    expect(await checkTopic(kafka, settings.topic, { partitions: 3 })).toMatchObject({ logId });
    expect(await migrateTopic(kafka, settings)).toMatchObject({ logId, isNew: false });
  });

  test('gives a topic that is made anew another log, without positions, also when several do so at once', async () => {
    const settings = newSettings();
    const first = await migrateTopic(kafka, settings);
    await admin.deleteTopics({ topics: [settings.topic] });
    const again = await Promise.all([1, 2, 3].map(() => migrateTopic(kafka, settings)));
    expect(new Set(again.map(({ logId }) => logId)).size).toBe(1);
    expect(again[0]!.logId).not.toBe(first.logId);
    expect(again[0]!.starts).toEqual(UNPLACED);
  });

  const leftBehind: readonly [what: string, leave: (topic: string) => Promise<void>, starts: TopicMeta['starts']][] = [
    ['with its meta topic made', createMetaTopic, FROM_START],
    ['with the topic made and nothing written', (topic) => createByHand(topic, 3, FITTING), FROM_START],
    [
      'with the old log declared void',
      async (topic) => {
        await createMetaTopic(topic);
        await changeMeta(kafka, topic, ({ write }) => write('void'));
      },
      UNPLACED,
    ],
    [
      'with the old log declared void and the topic made',
      async (topic) => {
        await createMetaTopic(topic);
        await changeMeta(kafka, topic, ({ write }) => write('void'));
        await createByHand(topic, 3, FITTING);
      },
      UNPLACED,
    ],
  ];

  test.each(leftBehind)('goes on where one before it died %s', async (_what, leave, starts) => {
    const settings = newSettings();
    await leave(settings.topic);
    expect(await readTopicMeta(kafka, settings.topic)).toBeUndefined();
    await expect(checkTopic(kafka, settings.topic)).rejects.toMatchObject({ code: 'mismatch' });
    expect(await migrateTopic(kafka, settings)).toMatchObject({ isNew: true, starts });
    expect(await checkTopic(kafka, settings.topic)).toMatchObject({ starts });
  });

  test('gives no positions to a log whose history only the stores know, or that held events before', async () => {
    const settings = newSettings();
    expect(await migrateTopic(kafka, settings, { hasHistory: async () => true })).toMatchObject({ starts: UNPLACED });
    const used = newSettings();
    await createByHand(used.topic, 3, FITTING);
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: used.topic, messages: [{ value: 'from before' }] });
    await producer.disconnect();
    expect(await migrateTopic(kafka, used)).toMatchObject({ starts: UNPLACED });
  });

  test('refuses a topic that does not fit, names each setting and alters none', async () => {
    const settings = newSettings({ replicationFactor: 1, messageBytesMax: 5_000_000, retentionMs: -1 });
    await createByHand(settings.topic, 2, {
      'cleanup.policy': 'compact',
      'retention.bytes': '1000000',
      'retention.ms': '60000',
      'compression.type': 'lz4',
      'unclean.leader.election.enable': 'true',
    });
    const refused = migrateTopic(kafka, settings);
    await expect(refused).rejects.toMatchObject({ code: 'mismatch', retryable: false });
    await expect(refused).rejects.toThrow(
      [
        `topic ${settings.topic} does not fit: it has 2 partitions, the log has 3`,
        'cleanup.policy is compact, must be delete: compaction removes events',
        'retention.bytes is 1000000, must be -1: a limit of bytes deletes what may not have been read',
        'unclean.leader.election.enable is true, must be false: an unclean election loses acknowledged events',
        'compression.type is lz4, must be producer: readers do not know every way in which a broker compresses anew',
        'message.timestamp.type is CreateTime, must be LogAppendTime: else what an outbox sends late is expired when it arrives',
        'max.message.bytes is 1048588, must be at least 5000000',
        'retention.ms is 60000, must be -1 (for ever)',
      ].join('; '),
    );
    expect(await readTopicMeta(kafka, settings.topic)).toBeUndefined();
    expect((await admin.fetchTopicMetadata({ topics: [settings.topic] })).topics[0]!.partitions).toHaveLength(2);
  });

  test('refuses another number of partitions than the log was made with', async () => {
    const settings = newSettings();
    await migrateTopic(kafka, settings);
    await expect(migrateTopic(kafka, { ...settings, partitions: 4 })).rejects.toThrow(
      'the log has 3 partitions, KAFKA_PARTITIONS is 4, and their number is fixed when the topic is made: set KAFKA_PARTITIONS=3, or',
    );
    await expect(checkTopic(kafka, settings.topic, { partitions: 4 })).rejects.toThrow('set KAFKA_PARTITIONS=3');
    await admin.createPartitions({ topicPartitions: [{ topic: settings.topic, count: 4 }] });
    await expect(checkTopic(kafka, settings.topic)).rejects.toThrow('it has 4 partitions, the log has 3');
  });

  test('takes a topic as it is where no number of partitions was chosen', async () => {
    const made = newSettings({ partitions: undefined });
    expect(await topicPartitions(kafka, made.topic)).toBeUndefined();
    expect(await migrateTopic(kafka, made)).toMatchObject({ partitions: PARTITIONS_DEFAULT, isNew: true });
    expect(await topicPartitions(kafka, made.topic)).toBe(PARTITIONS_DEFAULT);
    const small = newSettings();
    const { logId } = await migrateTopic(kafka, small);
    const any = { ...small, partitions: undefined };
    expect(await migrateTopic(kafka, any)).toMatchObject({ logId, partitions: 3, isNew: false });
    expect(await checkTopic(kafka, small.topic, { partitions: undefined })).toMatchObject({ partitions: 3 });
    const byHand = newSettings({ partitions: undefined });
    await createByHand(byHand.topic, 5, FITTING);
    expect(await migrateTopic(kafka, byHand)).toMatchObject({ partitions: 5, isNew: true });
  });

  test('refuses a meta topic that is not compacted, and a meta record of somebody else', async () => {
    const settings = newSettings();
    await createByHand(metaTopicOf(settings.topic), 1);
    await expect(migrateTopic(kafka, settings)).rejects.toThrow('cleanup.policy is delete, must be compact');

    const other = newSettings();
    await createMetaTopic(other.topic);
    const producer = kafka.producer();
    await producer.connect();
    const messages = [
      { key: 'another key', value: 'is no concern of ours' },
      { key: META_KEY, value: '{"log":1}' },
    ];
    await producer.send({ topic: metaTopicOf(other.topic), messages });
    await producer.disconnect();
    await expect(migrateTopic(kafka, other)).rejects.toMatchObject({ code: 'mismatch', retryable: false });
    await expect(readTopicMeta(kafka, other.topic)).rejects.toThrow('cannot be read: {"log":1}');
  });

  test('says what the cluster says when it cannot make the topic', async () => {
    await expect(migrateTopic(kafka, newSettings({ replicationFactor: 3 }))).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/cannot migrate events-.*replication/i),
    });
  });
});

test('the copies of a topic are counted, and asking for those of one that is not there does not make it', async () => {
  const settings = newSettings();
  expect(await topicReplicas(kafka, settings.topic)).toBeUndefined();
  expect(await admin.listTopics()).not.toContain(settings.topic);
  await migrateTopic(kafka, settings);
  expect(await topicReplicas(kafka, settings.topic)).toBe(1);
});

describe('checking a topic', () => {
  test('tells a log that was never made from brokers that do not answer', async () => {
    await expect(checkTopic(kafka, `never-${randomUUID()}`)).rejects.toMatchObject({
      code: 'mismatch',
      retryable: false,
      message: expect.stringContaining('run `throughline migrate` first'),
    });
    const nowhere = createKafka({ brokers: ['127.0.0.1:1'], connectionTimeoutMs: 500 });
    await expect(checkTopic(nowhere, 'events')).rejects.toMatchObject({ code: 'failed', retryable: true });
  });

  test('tells that the topic of a log is gone', async () => {
    const settings = newSettings();
    await migrateTopic(kafka, settings);
    await admin.deleteTopics({ topics: [settings.topic] });
    await expect(checkTopic(kafka, settings.topic)).rejects.toMatchObject({ code: 'mismatch' });
  });
});

describe('the positions of a log', () => {
  test('are placed partition by partition, by several at once, without one undoing the other', async () => {
    const settings = newSettings();
    const { logId } = await migrateTopic(kafka, settings, { hasHistory: async () => true });
    const logs = [0, 1, 2].map(() => openKafkaRebasableLog(kafka, settings.topic));
    await Promise.all(logs.map((log, partition) => log.place(new Map([[partition, 100 + partition]]))));
    expect(await logs[0]!.look()).toEqual(
      new Map(
        [0, 1, 2].map((partition) => {
          const position = 100 + partition;
          return [partition, { logId: `${logId}@0=${position}`, low: position, high: position }];
        }),
      ),
    );
    await Promise.all(logs.map((log) => log.close()));
  });
});
