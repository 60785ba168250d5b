import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import { startTcpProxy } from '@throughline/testkit/faults/tcp-proxy';
import { livingChildren } from '@throughline/testkit/process/child-guard';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import { Kafka, logLevel } from 'kafkajs';

describeWithServers(['kafka'], 'Kafka', () => {
  let kafka: KafkaServer;
  let topic: string;
  let topics = 0;

  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterEach(() => expect(livingChildren()).toHaveLength(1));
  afterAll(async () => {
    await kafka.remove();
    expect(existsSync(kafka.dir)).toBe(false);
    expect(livingChildren()).toEqual([]);
  });

  test('keeps topics and messages over a stop, on the same port', async () => {
    await createTopic();
    await produce('before');
    await kafka.stop();
    expect(kafka.pid).toBeUndefined();
    await kafka.restart();
    await produce('after');
    expect(await consume(2)).toEqual(['before', 'after']);
  });

  test('keeps what it acknowledged over a kill', async () => {
    await createTopic();
    await produce('before');
    await kafka.kill();
    await kafka.restart();
    await produce('after');
    expect(await consume(2)).toEqual(['before', 'after']);
  });

  test('answers nothing while it is paused, and then goes on', async () => {
    await createTopic();
    await produce('before');
    kafka.pause();
    let answered = false;
    const answer = produce('meanwhile').finally(() => {
      answered = true;
    });
    // The system accepts connections for a paused process: only an answer shows that it runs.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answered).toBe(false);
    kafka.resume();
    await answer;
    expect(await consume(2)).toEqual(['before', 'meanwhile']);
  });

  test('keeps the folder of each partition where it says', async () => {
    await createTopic();
    await produce('one');
    expect(existsSync(`${kafka.dataDir}/${topic}-0`)).toBe(true);
  });

  test('does not create topics by use', async () => {
    const producer = client(kafka.brokers, 1).producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const send = producer.send({ topic: 'never-created', messages: [{ value: 'one' }] });
    await expect(send).rejects.toThrow(/does not host this topic-partition/);
    await producer.disconnect();
  });

  test('takes properties and a folder of the caller, which it keeps', async () => {
    await using dir = await createTempDir('kafka-kept');
    const properties = { 'message.max.bytes': '2000000' };
    await using second = await startKafka({ dir: dir.path, properties });
    const admin = client(second.brokers).admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      resources: [{ type: 4, name: '1', configNames: ['message.max.bytes'] }],
      includeSynonyms: false,
    });
    expect(resources[0]!.configEntries[0]!.configValue).toBe('2000000');
    await admin.disconnect();
    await second.remove();
    expect(existsSync(second.dataDir)).toBe(true);
  });

  test('serves a client through a proxy and another past it, and the broker itself past it as well', async () => {
    const proxyPort = await findFreePort();
    await using second = await startKafka({ proxyPorts: [proxyPort] });
    await using proxy = await startTcpProxy({ port: proxyPort, target: second.proxyTargets[0]! });
    expect(await namedPort([proxy.address])).toBe(proxyPort);
    expect(await namedPort(second.brokers)).toBe(second.port);
    await createTopic(second.brokers);
    await produce('through', [proxy.address]);
    proxy.stall();
    proxy.refuse();
    await produce('past', second.brokers);
    expect(await consume(2, second.brokers)).toEqual(['through', 'past']);
  });

  test('says what it wrote when it cannot start', async () => {
    await expect(startKafka({ properties: { 'log.cleaner.threads': 'many' } })).rejects.toThrow(
      /log\.cleaner\.threads/,
    );
  });

  test('a port that was asked for and is taken is an error', async () => {
    await expect(startKafka({ port: kafka.port })).rejects.toThrow(/found its port \d+ taken/);
  });

  function client(brokers: string[], retries = 10): Kafka {
    const retry = { retries, initialRetryTime: 100, maxRetryTime: 1_000 };
    return new Kafka({ clientId: 'test', brokers, logLevel: logLevel.NOTHING, requestTimeout: 30_000, retry });
  }

  async function createTopic(brokers = kafka.brokers): Promise<void> {
    topic = `topic-${++topics}`;
    const admin = client(brokers).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    await admin.disconnect();
  }

  async function produce(value: string, brokers = kafka.brokers): Promise<void> {
    const producer = client(brokers).producer({ allowAutoTopicCreation: false });
    await producer.connect();
    try {
      await producer.send({ topic, messages: [{ value }], acks: -1 });
    } finally {
      await producer.disconnect();
    }
  }

  async function consume(count: number, brokers = kafka.brokers): Promise<string[]> {
    const consumer = client(brokers).consumer({ groupId: `group-of-${topic}`, maxWaitTimeInMs: 100 });
    const seen: string[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) });
    await waitFor(() => seen.length >= count, { timeoutMs: 30_000, what: `${count} messages` });
    await consumer.disconnect();
    return seen;
  }

  async function namedPort(brokers: string[]): Promise<number | undefined> {
    const admin = client(brokers).admin();
    await admin.connect();
    const { brokers: named } = await admin.describeCluster();
    await admin.disconnect();
    return named[0]?.port;
  }
});
