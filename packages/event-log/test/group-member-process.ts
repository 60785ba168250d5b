import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openKafkaConsumer } from '../src/kafka/consumer.ts';
import { createKafka } from '../src/kafka/kafka-options.ts';
import { type FenceStore, fencedOwner } from './fenced-owner.ts';
import type { MemberTask, StoreCall } from './group-world.ts';

// A member of a group that can be killed or stopped; its store is in the process that started it.
const [task] = (await once(process, 'message')) as [MemberTask];
const answers = new Map<number, (answer: never) => void>();
process.on('message', ({ id, answer }: { id: number; answer: never }) => {
  answers.get(id)?.(answer);
  answers.delete(id);
});
let calls = 0;
const call = <T>(method: StoreCall['method'], args: unknown[]): Promise<T> => {
  const id = ++calls;
  return new Promise((resolve) => {
    answers.set(id, resolve);
    process.send!({ id, method, args } satisfies StoreCall);
  });
};
const store: FenceStore = {
  take: (...args) => call('take', args),
  commit: (...args) => call('commit', args),
};
const consumer = openKafkaConsumer({
  kafka: createKafka({ brokers: task.brokers }),
  topic: task.topic,
  groupId: task.groupId,
  sessionTimeoutMs: 3_000,
  heartbeatIntervalMs: 300,
  handOverMs: 200,
});
process.once('disconnect', () => process.exit(0));
await consumer.run(
  fencedOwner(store, () => sleep(20)),
  (partition, error) => {
    process.stderr.write(`partition ${partition}: ${(error as Error).stack}\n`);
  },
);
