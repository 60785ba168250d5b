import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { guardChild } from '@throughline/testkit/process/child-guard';
import { waitFor } from '@throughline/testkit/wait-for';
import type { Admin, IHeaders, Kafka, Producer } from 'kafkajs';
import { openKafkaConsumer } from '../src/kafka/consumer.ts';
import type { KafkaConsumer, KafkaConsumerOptions } from '../src/kafka/consumer-options.ts';
import { createKafka } from '../src/kafka/kafka-options.ts';
import { migrateTopic, type TopicSettings } from '../src/kafka/topic.ts';
import { LOG_ID_HEADER, type TopicMeta } from '../src/kafka/topic-meta.ts';
import { type FencedStore, type FenceStore, fencedOwner } from './fenced-owner.ts';

/** Short, so that a test of a dead member takes seconds; the broker of the tests allows it. */
export const SESSION_TIMEOUT_MS = 3_000;

const MEMBER_PROCESS = fileURLToPath(new URL('./group-member-process.ts', import.meta.url));
const LONG_MS = 60_000;

interface SendOptions {
  readonly headers?: IHeaders;
  /** Of each record, about; as few as it takes when left out. */
  readonly bytes?: number;
}

type BeforeCommit = (partition: number) => Promise<unknown> | undefined;

/** What a member in a process of its own is told. */
export interface MemberTask {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly groupId: string;
}

/** A member of the group in this process. */
export interface Member {
  readonly consumer: KafkaConsumer;
  /** Errors of its owners, in order. */
  readonly errors: { readonly partition: number; readonly error: unknown }[];
  /** Undefined when `run` has ended in order. */
  readonly ended: Promise<unknown>;
  partitions(): number[];
  close(): Promise<void>;
}

/**
 * A topic of its own, a store of fences beside it, and members that move numbered records from the one into the other: as
 * aggregators do, without anything else that they do.
 */
export class GroupWorld {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly groupId: string;
  readonly settings: TopicSettings;
  readonly store: FencedStore;
  readonly admin: Admin;
  meta!: TopicMeta & { readonly isNew: boolean };
  readonly #brokers: readonly string[];
  readonly #producer: Producer;
  readonly #members: Member[] = [];
  readonly #children = new Set<ChildProcess>();
  readonly #sent: number[];
  #load: { stop: () => void; done: Promise<void> } | undefined;

  private constructor(brokers: readonly string[], partitions: number, store: FencedStore) {
    this.#brokers = brokers;
    this.kafka = createKafka({ brokers });
    this.topic = `events-${randomUUID()}`;
    this.groupId = `group-${this.topic}`;
    this.store = store;
    this.settings = {
      topic: this.topic,
      partitions,
      replicationFactor: 1,
      minInsyncReplicas: 1,
      retentionMs: 24 * 3_600_000,
      messageBytesMax: 8 * 1024 * 1024,
    };
    this.#sent = Array<number>(partitions).fill(0);
    this.admin = this.kafka.admin();
    this.#producer = this.kafka.producer({ allowAutoTopicCreation: false });
  }

  static async create(brokers: readonly string[], partitions: number, store: FencedStore): Promise<GroupWorld> {
    const world = new GroupWorld(brokers, partitions, store);
    world.meta = await migrateTopic(world.kafka, world.settings);
    await world.admin.connect();
    await world.#producer.connect();
    return world;
  }

  /** So many more numbered records in one partition, sent at once. */
  async send(partition: number, count: number, { headers = this.headers, bytes = 0 }: SendOptions = {}): Promise<void> {
    const from = this.#sent[partition]!;
    this.#sent[partition]! += count;
    const messages = Array.from({ length: count }, (_, index) => ({
      partition,
      value: `${partition}:${from + index}`.padEnd(bytes),
      headers,
    }));
    await this.#producer.send({ topic: this.topic, messages, acks: -1 });
  }

  async sendRaw(message: { partition: number; value: Buffer | null; headers?: IHeaders }): Promise<void> {
    this.#sent[message.partition]!++;
    await this.#producer.send({ topic: this.topic, messages: [message], acks: -1 });
  }

  get headers(): IHeaders {
    return { [LOG_ID_HEADER]: this.meta.logId };
  }

  /** Sends to all partitions in turn until it is stopped; what an outage keeps from the broker is sent after it. */
  startLoad(): void {
    let isStopped = false;
    const run = async () => {
      while (!isStopped) {
        for (let partition = 0; partition < this.#sent.length; partition++) {
          await this.#sendWhenPossible(partition, 5);
        }
        await sleep(10);
      }
    };
    this.#load = {
      stop: () => {
        isStopped = true;
      },
      done: run(),
    };
  }

  async stopLoad(): Promise<void> {
    this.#load?.stop();
    await this.#load?.done;
    this.#load = undefined;
  }

  /** A member in this process. */
  join(options: Partial<KafkaConsumerOptions> & { readonly beforeCommit?: BeforeCommit } = {}): Member {
    const { beforeCommit, ...more } = options;
    const consumer = openKafkaConsumer({
      kafka: createKafka({ brokers: this.#brokers }),
      topic: this.topic,
      groupId: this.groupId,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      heartbeatIntervalMs: 300,
      lookIntervalMs: 300,
      hintIntervalMs: 100,
      handOverMs: 200,
      ...more,
    });
    const errors: Member['errors'] = [];
    const ended = consumer
      .run(fencedOwner(this.store, beforeCommit), (partition, error) => errors.push({ partition, error }))
      .then(
        () => undefined,
        (error: unknown) => error ?? new Error('rejected with nothing'),
      );
    const member: Member = {
      consumer,
      errors,
      ended,
      partitions: () => consumer.stats.partitions.map(({ partition }) => partition).sort((a, b) => a - b),
      close: async () => {
        await consumer.close();
        await ended;
      },
    };
    this.#members.push(member);
    return member;
  }

  /** A member in a process of its own, whose commits go to the store in this one. */
  async joinAsProcess(): Promise<ChildProcess> {
    const child = fork(MEMBER_PROCESS, { serialization: 'advanced', execArgv: [] });
    guardChild(child);
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
    child.on('message', (call: StoreCall) => void this.#answer(child, call));
    const task: MemberTask = { brokers: this.#brokers, topic: this.topic, groupId: this.groupId };
    child.send(task);
    return child;
  }

  /** Until the members have all partitions between them, each one of them, and no owner waits. */
  async settled(members: readonly Member[]): Promise<void> {
    await waitFor(
      () => {
        const held = members.flatMap((member) => member.consumer.stats.partitions);
        const isEach = members.every(({ consumer }) => consumer.stats.isJoined);
        return isEach && held.length === this.#sent.length && held.every(({ state }) => state === 'owned');
      },
      { timeoutMs: LONG_MS, what: 'the group to share its partitions' },
    );
  }

  /** Until everything in the topic is in the store. */
  async caughtUp(): Promise<void> {
    const ends = await this.ends();
    const missing = () => ends.filter((end, partition) => (this.store.fence(partition)?.offset ?? -1) + 1 < end).length;
    await waitFor(() => missing() === 0, { timeoutMs: LONG_MS, what: 'everything in the topic to be applied' });
  }

  /** One above the last Kafka offset of each partition. */
  async ends(): Promise<number[]> {
    const offsets = await waitFor(() => this.admin.fetchTopicOffsets(this.topic), {
      timeoutMs: LONG_MS,
      intervalMs: 100,
      what: 'the broker to answer',
    });
    const ends = offsets.map(({ partition, high }) => [partition, Number(high)] as const);
    return ends.sort(([a], [b]) => a - b).map(([, end]) => end);
  }

  /** Deletes the oldest records, as retention does. */
  async truncate(partition: number, below: number): Promise<void> {
    // kafkajs deletes where it knows the leader, and asks only for other things.
    await this.ends();
    await this.admin.deleteTopicRecords({ topic: this.topic, partitions: [{ partition, offset: String(below) }] });
  }

  /** What the topic holds of each partition, read without anything of ours. */
  async contents(): Promise<string[][]> {
    const ends = await this.ends();
    const contents = ends.map((): string[] => []);
    const consumer = this.kafka.consumer({ groupId: randomUUID(), allowAutoTopicCreation: false, maxWaitTimeInMs: 50 });
    const done = Promise.withResolvers<void>();
    await consumer.connect();
    await consumer.subscribe({ topic: this.topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        contents[partition]!.push(message.value?.toString() ?? '');
        if (contents.every((values, index) => values.length >= ends[index]!)) done.resolve();
      },
    });
    if (ends.some((end) => end > 0)) await done.promise;
    await consumer.disconnect();
    return contents;
  }

  /** What was applied of each partition, in order. */
  applied(): string[][] {
    return this.#sent.map((_, partition) => this.store.applied(partition));
  }

  async destroy(): Promise<void> {
    await this.stopLoad();
    await Promise.all(this.#members.map((member) => member.close()));
    for (const child of this.#children) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    await this.#producer.disconnect();
    await this.admin.disconnect();
  }

  async #sendWhenPossible(partition: number, count: number): Promise<void> {
    for (;;) {
      try {
        return await this.send(partition, count);
      } catch {
        // Whether it was stored is not known, and does not matter: the topic itself is what is compared with.
        await sleep(100);
      }
    }
  }

  async #answer(child: ChildProcess, { id, method, args }: StoreCall): Promise<void> {
    const answer = await (this.store[method] as (...given: unknown[]) => unknown)(...args);
    if (child.connected) child.send({ id, answer });
  }
}

/** A call of the store from a member in another process. */
export interface StoreCall {
  readonly id: number;
  readonly method: keyof FenceStore;
  readonly args: unknown[];
}
