import fs from 'node:fs';
import { newEventIdFor } from '@throughline/contracts/partition';
import { requestEvent } from '../src/contract-events.ts';
import { openKafkaAppender } from '../src/kafka/kafka-appender.ts';
import { createKafka } from '../src/kafka/kafka-options.ts';

// A process that appends, says what was accepted, and kills itself at the point given, when it has come there that often.
const [brokers, topic, root, point, hits, appends] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
let left = Number(hits);
const outbox = await openKafkaAppender({
  kafka: createKafka({ brokers: [brokers] }),
  topic,
  root,
  partitions: 4,
  segmentBytesMax: 20_000,
  adoptIntervalMs: 100,
  closeWaitMs: 60_000,
  limits: { storeIntervalMs: 5 },
  crashPoint(name) {
    if (name === point && --left === 0) process.kill(process.pid, 'SIGKILL');
  },
  onError: (message) => process.stderr.write(`${message}\n`),
});
for (let index = 0; index < Number(appends); index++) {
  const id = newEventIdFor('default', null, Date.now(), 4);
  await outbox.append(requestEvent({ event_id: id, request_id: id, session: null }));
  // Synchronously: what is not out when the process dies was not acknowledged.
  fs.writeSync(1, `${id}\n`);
  if (index % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  // Several requests, however slow the machine is.
  while (index % 20 === 0 && outbox.stats.unsent > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}
await outbox.close();
