import type { Kafka, Producer } from 'kafkajs';
import {
  type OutboxBatch,
  OutboxSendError,
  type OutboxSendErrorCode,
  type OutboxTarget,
} from '../outbox/outbox-target.ts';
import { disconnect } from './disconnect.ts';
import { isOfType, isRefused, toEventLogError } from './kafka-errors.ts';
import { toMessage } from './message.ts';
import { readTopicMeta } from './read-topic-meta.ts';
import { compressionType, type KafkaCompression } from './zstd-codec.ts';

export interface KafkaTargetOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly compression: KafkaCompression;
  /** What the topic takes at most in one batch (`max.message.bytes`), bytes. */
  readonly messageBytesMax: number;
  /** Until a request has to be answered, whatever kafkajs does about it in the meantime. 30 s. */
  readonly sendTimeoutMs?: number;
}

/** Brokers answer once every copy that is in step has a batch, or say that they could not, within so long. */
const ACKNOWLEDGE_MS_MAX = 10_000;
/** All copies that are in step. */
const ACKS_ALL = -1;
const SEND_TIMEOUT_MS = 30_000;
/** Leaders are asked for again after a failure, but not more often. */
const LEARN_INTERVAL_MS = 1_000;
/** How long the last answers of a connection that is given up are waited for. */
const GOODBYE_MS = 2_000;
const ISOLATED = 'isolated';

/**
 * A topic as the target of an outbox. Plain producers without retries of their own: what is repeated, and when, is the
 * outbox's affair, and who reads tells a repetition by its number. So it does not matter that a request which timed out
 * may still arrive later.
 *
 * There is a producer, and so a connection, per leader: a broker that does not answer holds up its own partitions only.
 * Partitions that made trouble have one of their own, because a broker takes one request of a connection after the other.
 */
export function createKafkaTarget(options: KafkaTargetOptions): OutboxTarget {
  const { kafka, topic, messageBytesMax, sendTimeoutMs = SEND_TIMEOUT_MS } = options;
  const compression = compressionType(options.compression);
  const leaders = new Map<number, number>();
  const producers = new Map<string, Promise<Producer>>();
  let learnedAt = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  const laneOf = (partition: number): number => leaders.get(partition) ?? UNKNOWN_LEADER;

  function producerOf(name: string): Promise<Producer> {
    const known = producers.get(name);
    if (known) return known;
    const producer = kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
    const made = producer.connect().then(() => producer);
    producers.set(name, made);
    return made;
  }

  /** The next request makes a new connection: kafkajs would go on with one whose other end is gone. */
  function giveUp(name: string): void {
    const producer = producers.get(name);
    producers.delete(name);
    producer?.then(disconnect).catch(() => {});
  }

  async function learnLeaders(): Promise<void> {
    const now = performance.now();
    if (now - learnedAt < LEARN_INTERVAL_MS || isClosed) return;
    learnedAt = now;
    const admin = kafka.admin();
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      for (const { partitionId, leader } of topics[0]?.partitions ?? []) leaders.set(partitionId, leader);
    } catch {
      // It is only about who shares a request.
    } finally {
      await disconnect(admin);
    }
  }

  return {
    batchBytesMax: messageBytesMax,
    laneOf,
    async describe() {
      const meta = await readTopicMeta(kafka, topic);
      if (!meta) return undefined;
      await learnLeaders();
      return { logId: meta.logId, partitions: meta.partitions };
    },
    async send(batches, { logId, isolated }) {
      const name = isolated ? ISOLATED : String(laneOf(batches[0]!.partition));
      const messages = batches.flatMap((batch) => batch.records.map((record) => toMessage(record, logId)));
      try {
        const sent = producerOf(name).then((producer) =>
          producer.send({ topic, messages, acks: ACKS_ALL, timeout: ACKNOWLEDGE_MS_MAX, compression }),
        );
        await inTime(sent, sendTimeoutMs, `${topic} has not answered within ${sendTimeoutMs / 1000} s`);
      } catch (cause) {
        const error = sendError(batches, cause);
        if (error.code === 'unreachable') giveUp(name);
        void learnLeaders();
        throw error;
      }
    },
    async close() {
      isClosed = true;
      const open = [...producers.values()];
      producers.clear();
      const closed = Promise.all(open.map((producer) => producer.then(disconnect).catch(() => {})));
      await inTime(closed, GOODBYE_MS, '').catch(() => {});
    },
  };
}

/** Before the leaders are known, all partitions share one way. */
const UNKNOWN_LEADER = -1;

const CODES: readonly (readonly [type: string, code: OutboxSendErrorCode])[] = [
  ['MESSAGE_TOO_LARGE', 'too-large'],
  ['RECORD_LIST_TOO_LARGE', 'too-large'],
  ['INVALID_RECORD', 'rejected'],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'no-such-log'],
  ['NOT_LEADER_FOR_PARTITION', 'unavailable'],
  ['LEADER_NOT_AVAILABLE', 'unavailable'],
  ['REPLICA_NOT_AVAILABLE', 'unavailable'],
  ['FENCED_LEADER_EPOCH', 'unavailable'],
  ['REQUEST_TIMED_OUT', 'unavailable'],
  ['NOT_ENOUGH_REPLICAS', 'unavailable'],
  ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'unavailable'],
  ['KAFKA_STORAGE_ERROR', 'unavailable'],
  ['CORRUPT_MESSAGE', 'unavailable'],
  ['INVALID_TIMESTAMP', 'unavailable'],
];

/** What kafkajs says, sorted by what the outbox does about it. */
export function sendError(batches: readonly OutboxBatch[], cause: unknown): OutboxSendError {
  const partitions = batches.map(({ partition }) => partition).join(', ');
  const { message } = toEventLogError(`partition ${partitions}`, cause);
  const known = CODES.find(([type]) => isOfType(cause, type));
  // Refused for who we are: a new connection would not help.
  const code = known?.[1] ?? (isRefused(cause) ? 'unavailable' : 'unreachable');
  return new OutboxSendError(code, message, { cause });
}

async function inTime<T>(done: Promise<T>, ms: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
