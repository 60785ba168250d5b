import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { EventLogHarness } from '../src/contract.ts';
import type { EventLogConsumer } from '../src/event-log.ts';
import { nodeFileSystem } from '../src/files/log-file-system.ts';
import { openKafkaConsumer } from '../src/kafka/consumer.ts';
import { createKafka } from '../src/kafka/kafka-options.ts';
import { createKafkaTarget } from '../src/kafka/kafka-target.ts';
import { migrateTopic } from '../src/kafka/topic.ts';
import { type OutboxAppender, openOutbox } from '../src/outbox/outbox-appender.ts';
import type { OutboxTarget } from '../src/outbox/outbox-target.ts';
import { temporaryFolder } from './log-folder.ts';
import { copyTree, QUICK } from './outbox-rig.ts';

/** Two bodies of 12 MiB, which the contract sends, and what is around them. */
const MESSAGE_BYTES_MAX = 32 * 1024 * 1024;

/** A topic of its own and an outbox in front of it, whose disk and process can be told to fail. */
export async function kafkaLogHarness(brokers: readonly string[]): Promise<EventLogHarness> {
  const kafka = createKafka({ brokers });
  const topic = `events-${randomUUID()}`;
  await migrateTopic(kafka, {
    topic,
    partitions: 1,
    replicationFactor: 1,
    minInsyncReplicas: 1,
    retentionMs: 3_600_000,
    messageBytesMax: MESSAGE_BYTES_MAX,
  });
  const parent = temporaryFolder();
  let generation = 0;
  let root = path.join(parent, '0');
  let isFull = false;
  const processes: { readonly outbox: OutboxAppender; readonly die: () => void }[] = [];
  const consumers: EventLogConsumer[] = [];
  const files = {
    ...nodeFileSystem,
    writevSync: ((fd, buffers, position) => {
      if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      return nodeFileSystem.writevSync(fd, buffers, position);
    }) satisfies typeof nodeFileSystem.writevSync,
  };

  return {
    async openAppender(more) {
      const { target, die } = mortal(
        createKafkaTarget({ kafka, topic, compression: 'zstd', messageBytesMax: MESSAGE_BYTES_MAX }),
      );
      const outbox = await openOutbox({
        root,
        targetName: topic,
        target,
        partitions: 1,
        files,
        ...QUICK,
        closeWaitMs: 5_000,
        ...more,
      });
      processes.push({ outbox, die });
      return outbox;
    },
    async openConsumer() {
      const groupId = `${topic}-${randomUUID()}`;
      const consumer = openKafkaConsumer({ kafka, topic, groupId });
      consumers.push(consumer);
      return consumer;
    },
    async crash() {
      for (const { die } of processes) die();
      const left = path.join(parent, String(++generation));
      copyTree(root, left);
      root = left;
    },
    async damageTail() {
      throw new Error('not a matter of the topic');
    },
    async fill() {
      isFull = true;
      return async () => {
        isFull = false;
      };
    },
    async holdSync() {
      throw new Error('not a matter of the topic');
    },
    async destroy() {
      isFull = false;
      for (const consumer of consumers) await consumer.close();
      await Promise.all(processes.map(({ outbox }) => outbox.close()));
      fs.rmSync(parent, { recursive: true, force: true });
    },
  };
}

/** A target whose process can end: nothing is sent any more, and nobody hears of it. */
function mortal(target: OutboxTarget): { target: OutboxTarget; die: () => void } {
  let isDead = false;
  const alive = <T>(work: () => Promise<T>): Promise<T> => (isDead ? Promise.reject(new Error('dead')) : work());
  return {
    target: {
      ...target,
      describe: () => alive(() => target.describe()),
      send: (...given) => alive(() => target.send(...given)),
    },
    die: () => {
      isDead = true;
    },
  };
}
