import { randomUUID } from 'node:crypto';
import { decodeEvent } from '@throughline/contracts/event-codec';
import type { LogEvent } from '@throughline/contracts/request-event';
import type { Kafka, KafkaMessage } from 'kafkajs';

/** Every record that a topic holds, per partition, in order. */
export async function readTopic(kafka: Kafka, topic: string): Promise<KafkaMessage[][]> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const contents = offsets.map((): KafkaMessage[] => []);
  // In no particular order.
  const isComplete = () =>
    offsets.every(({ partition, low, high }) => contents[partition]!.length >= Number(high) - Number(low));
  if (isComplete()) return contents;
  const consumer = kafka.consumer({ groupId: randomUUID(), allowAutoTopicCreation: false, maxWaitTimeInMs: 50 });
  const done = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      contents[partition]!.push(message);
      if (isComplete()) done.resolve();
    },
  });
  await done.promise;
  await consumer.disconnect();
  return contents;
}

/** The events that a topic holds, per partition, in order. */
export async function readTopicEvents(kafka: Kafka, topic: string): Promise<LogEvent[][]> {
  return (await readTopic(kafka, topic)).map((messages) =>
    messages.map(({ offset, value }) => {
      const decoded = decodeEvent(value!);
      if (decoded.outcome !== 'event') throw new Error(`offset ${offset} is ${decoded.outcome}`);
      return decoded.event;
    }),
  );
}
