import type { Kafka } from 'kafkajs';
import { disconnect } from './disconnect.ts';
import { toEventLogError } from './kafka-errors.ts';

/**
 * Brokers that are up: as many copies of a partition can be made.
 *
 * @throws EventLogError `failed`, retryable when none can be reached.
 */
export async function brokerCount(kafka: Kafka): Promise<number> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length;
  } catch (cause) {
    throw toEventLogError('cannot ask for the brokers', cause);
  } finally {
    await disconnect(admin);
  }
}
