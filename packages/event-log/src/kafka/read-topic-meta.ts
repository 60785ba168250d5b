import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { EventLogError } from '../event-log.ts';
import { disconnect } from './disconnect.ts';
import { isOfType, isRefused, toEventLogError } from './kafka-errors.ts';
import { META_KEY, metaTopicOf, parseMeta, type TopicMeta } from './topic-meta.ts';

/** Longer than a group takes to form, which is 3 s by default; brokers that do not answer are noticed before. */
const READ_TIMEOUT_MS = 30_000;

/**
 * Reads what `<topic>.meta` says. kafkajs reads through a group only, so this makes one for the purpose (its name begins
 * with the meta topic's), which costs up to `group.initial.rebalance.delay.ms`: 3 s by default.
 *
 * @returns undefined: the topic was never migrated, or is being created anew at this moment.
 * @throws EventLogError retryable: the brokers cannot be reached. `mismatch`: somebody else wrote there.
 */
export async function readTopicMeta(kafka: Kafka, topic: string): Promise<TopicMeta | undefined> {
  const meta = await readMetaRecord(kafka, topic);
  return meta === 'void' ? undefined : meta;
}

/** Like `readTopicMeta`, and tells a topic that is being created anew from one that was never there. */
export async function readMetaRecord(kafka: Kafka, topic: string): Promise<TopicMeta | 'void' | undefined> {
  const metaTopic = metaTopicOf(topic);
  const admin = kafka.admin();
  try {
    await admin.connect();
    const bounds = await boundsOf(admin, metaTopic);
    if (bounds === undefined || bounds.low >= bounds.high) return undefined;
    const text = await readNewest(kafka, metaTopic, bounds.high);
    return text === undefined ? undefined : parseMeta(text);
  } catch (cause) {
    throw toEventLogError(`cannot read ${metaTopic}`, cause);
  } finally {
    await disconnect(admin);
  }
}

async function boundsOf(admin: Admin, metaTopic: string): Promise<{ low: number; high: number } | undefined> {
  try {
    // Asked first: the other question is repeated for seconds where there is no such topic.
    await admin.fetchTopicMetadata({ topics: [metaTopic] });
    const [bounds] = await admin.fetchTopicOffsets(metaTopic);
    return bounds && { low: Number(bounds.low), high: Number(bounds.high) };
  } catch (error) {
    if (isOfType(error, 'UNKNOWN_TOPIC_OR_PARTITION')) return undefined;
    throw error;
  }
}

/** A group's coordinator that has just started refuses its first members, and kafkajs gives up at once. */
async function readNewest(kafka: Kafka, metaTopic: string, high: number): Promise<string | undefined> {
  const deadline = performance.now() + READ_TIMEOUT_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, 2_000)) {
    try {
      return await readOnce(kafka, metaTopic, high, deadline);
    } catch (error) {
      if (isRefused(error) || performance.now() + waitMs > deadline) throw error;
      await sleep(waitMs);
    }
  }
}

const FIRST_WAIT_MS = 100;

/** Reads to `high`: the last record of the key is the one that holds. */
async function readOnce(kafka: Kafka, metaTopic: string, high: number, deadline: number): Promise<string | undefined> {
  const consumer = kafka.consumer({
    groupId: `${metaTopic}.reader-${randomUUID()}`,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
    retry: { restartOnFailure: async () => false },
  });
  const done = Promise.withResolvers<void>();
  done.promise.catch(() => {});
  const timer = setTimeout(() => {
    const message = `${metaTopic} was not read within ${READ_TIMEOUT_MS / 1000} s`;
    done.reject(new EventLogError('failed', message, { retryable: true }));
  }, deadline - performance.now());
  let newest: string | undefined;
  consumer.on(consumer.events.CRASH, ({ payload }) => done.reject(payload.error));
  // Also for a batch that holds only the mark of a transaction's end, which no handler is called for.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    if (Number(payload.lastOffset) + 1 >= high) done.resolve();
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: metaTopic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { key, value } of batch.messages) {
          if (key?.toString() === META_KEY) newest = value?.toString();
        }
      },
    });
    await done.promise;
    return newest;
  } finally {
    clearTimeout(timer);
    await disconnect(consumer);
  }
}
