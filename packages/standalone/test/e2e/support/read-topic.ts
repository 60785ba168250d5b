import { randomUUID } from 'node:crypto';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';

/** A record as anybody else who reads the topic sees it. */
export interface TopicRecord {
  readonly partition: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The first records of a topic, as soon as there are `count`. */
export async function readTopic(brokers: readonly string[], topic: string, count: number): Promise<TopicRecord[]> {
  const consumer = createKafka({ brokers }).consumer({ groupId: randomUUID() });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    const records: TopicRecord[] = [];
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      const eachMessage = async ({ partition, message }: { partition: number; message: { headers?: object } }) => {
        const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
        records.push({ partition, headers: Object.fromEntries(headers) });
        if (records.length === count) resolve();
      };
      consumer.run({ autoCommit: false, eachMessage }).catch(reject);
    });
    return records;
  } finally {
    await consumer.disconnect();
  }
}
