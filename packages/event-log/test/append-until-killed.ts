import fs from 'node:fs';
import { requestEvent } from '../src/contract-events.ts';
import { openFileAppender } from '../src/files/file-appender.ts';
import { openFileConsumer } from '../src/files/file-consumer.ts';

// A process that appends, reads, commits and retains, says what was acknowledged, and kills itself at the point given.
const [dir, point, durability, hits] = process.argv.slice(2) as [string, string, 'process' | 'disk', string];
let left = Number(hits);
const appender = openFileAppender({
  dir,
  durability,
  segmentBytesMax: 10_000,
  syncIntervalMs: 1,
  retention: { marginMs: 0, keepMs: 0 },
  crashPoint(name) {
    if (name === point && --left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
const consumer = openFileConsumer({ dir, shared: appender.shared });
const running = consumer.run(
  async (reader) => {
    while (!reader.revoked.aborted) {
      const entries = await reader.read({ eventsMax: 10, bytesMax: 100_000, waitMs: 1_000 });
      const last = entries.at(-1);
      if (last === undefined) continue;
      const through = last.lost?.through ?? last.offset;
      say({ read: through });
      reader.committed(through);
      appender.retain();
    }
  },
  (_partition, error) => {
    throw error;
  },
);

for (let group = 0; group < 30; group++) {
  const events = [requestEvent(), requestEvent(), requestEvent()];
  await Promise.all(
    events.map(async (event) => {
      const { offset } = await appender.append(event);
      say({ offset, id: event.event_id });
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 2));
}
await consumer.close();
await running;
await appender.close();

function say(fact: { read: number } | { offset: number; id: string }): void {
  // Synchronously: what is not out when the process dies was not acknowledged.
  fs.writeSync(1, `${JSON.stringify(fact)}\n`);
}
