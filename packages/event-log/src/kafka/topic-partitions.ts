import type { Kafka } from 'kafkajs';
import { disconnect } from './disconnect.ts';
import { toEventLogError } from './kafka-errors.ts';

/**
 * How many partitions a topic has; undefined where there is no such topic.
 *
 * @throws EventLogError retryable: the brokers cannot be reached.
 */
export async function topicPartitions(kafka: Kafka, topic: string): Promise<number | undefined> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    // Asked for first: asking for a topic itself may make it.
    if (!(await admin.listTopics()).includes(topic)) return undefined;
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length;
  } catch (cause) {
    throw toEventLogError(`cannot ask for the partitions of ${topic}`, cause);
  } finally {
    await disconnect(admin);
  }
}
