import { createKafka } from '@throughline/event-log/kafka/kafka-options';

type Admin = ReturnType<ReturnType<typeof createKafka>['admin']>;

/** What an operator may do to a topic behind everybody's back. */
export async function openKafkaAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = createKafka({ brokers }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Records that no gateway of ours made. */
export async function sendBytes(
  brokers: readonly string[],
  topic: string,
  partition: number,
  values: readonly Buffer[],
): Promise<void> {
  const producer = createKafka({ brokers }).producer();
  await producer.connect();
  try {
    await producer.send({ topic, messages: values.map((value) => ({ partition, value })) });
  } finally {
    await producer.disconnect();
  }
}
