import type { Kafka } from 'kafkajs';
import { disconnect } from './disconnect.ts';
import { toEventLogError } from './kafka-errors.ts';

/**
 * Copies that each partition of the topic has, those of the partition that has fewest.
 *
 * @returns undefined when there is no such topic.
 * @throws EventLogError `failed`, retryable when the brokers cannot be reached.
 */
export async function topicReplicas(kafka: Kafka, topic: string): Promise<number | undefined> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    // Asked for first: asking for a topic itself may make it.
    if (!(await admin.listTopics()).includes(topic)) return undefined;
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return Math.min(...(topics[0]?.partitions ?? []).map(({ replicas }) => replicas.length));
  } catch (cause) {
    throw toEventLogError(`cannot ask for the copies of ${topic}`, cause);
  } finally {
    await disconnect(admin);
  }
}
