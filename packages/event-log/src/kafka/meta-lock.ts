import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { disconnect } from './disconnect.ts';
import { toEventLogError } from './kafka-errors.ts';
import { readMetaRecord } from './read-topic-meta.ts';
import { encodeMeta, META_KEY, metaTopicOf, type TopicMeta, VOID_META } from './topic-meta.ts';

/** A writer that lost the race begins anew; more losers than this in a row are not a race any more. */
const TRIES_MAX = 10;
/** The broker ends the transaction of a writer that died after this long; the next one ends it at once. */
const TRANSACTION_TIMEOUT_MS = 10_000;

/** What a writer sees and may do while nobody else can write. */
export interface MetaTransaction {
  readonly current: TopicMeta | 'void' | undefined;
  write(meta: TopicMeta | 'void'): Promise<void>;
}

/**
 * Change `<topic>.meta` as if alone: whatever `change` writes was decided on what was stored at that moment, and every
 * reader sees it afterwards. Writers share a transactional id, so that the broker refuses the write of everyone but the
 * last who came; that one has seen everything written before. A refused `change` is called again with what is stored now.
 *
 * @param change also refuses or only looks; what it throws that is not retryable is thrown on.
 */
export async function changeMeta<T>(
  kafka: Kafka,
  topic: string,
  change: (transaction: MetaTransaction) => Promise<T>,
): Promise<T> {
  const metaTopic = metaTopicOf(topic);
  for (let attempt = 1; ; attempt++) {
    try {
      return await changeOnce(kafka, topic, change);
    } catch (error) {
      const translated = toEventLogError(`cannot write ${metaTopic}`, error);
      if (!translated.retryable || attempt >= TRIES_MAX) throw translated;
      await sleep(Math.random() * 100 * attempt);
    }
  }
}

async function changeOnce<T>(
  kafka: Kafka,
  topic: string,
  change: (transaction: MetaTransaction) => Promise<T>,
): Promise<T> {
  const metaTopic = metaTopicOf(topic);
  const producer = kafka.producer({
    transactionalId: metaTopic,
    transactionTimeout: TRANSACTION_TIMEOUT_MS,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  try {
    await producer.connect();
    // Taking the id is what refuses the writers before; only then is read what they have left.
    let transaction = await producer.transaction();
    const current = await readMetaRecord(kafka, topic);
    return await change({
      current,
      async write(meta) {
        if (!transaction.isActive()) transaction = await producer.transaction();
        const value = meta === 'void' ? VOID_META : encodeMeta(meta);
        const [sent] = await transaction.send({ topic: metaTopic, messages: [{ key: META_KEY, value, partition: 0 }] });
        await transaction.commit();
        await untilVisible(kafka, metaTopic, Number(sent!.baseOffset));
      },
    });
  } finally {
    await disconnect(producer);
  }
}

/** A commit is answered before readers see what was committed. */
async function untilVisible(kafka: Kafka, metaTopic: string, offset: number): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    // Committed records only: the end as readers see it.
    while (Number((await admin.fetchTopicOffsets(metaTopic))[0]!.high) <= offset) await sleep(VISIBLE_LOOK_MS);
  } finally {
    await disconnect(admin);
  }
}

const VISIBLE_LOOK_MS = 10;
