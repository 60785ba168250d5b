import { once } from 'node:events';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { openFileConsumer } from '../../src/files/file-consumer.ts';
import type { SharedLog } from '../../src/files/shared-log.ts';
import { eventsOf, range, temporaryFolder } from '../log-folder.ts';

test('a reader in another thread is woken by every kind of append', async () => {
  const dir = temporaryFolder();
  const writer = new Worker(fileURLToPath(new URL('../append-in-thread.ts', import.meta.url)), { workerData: dir });
  const [shared] = (await once(writer, 'message')) as [SharedLog];
  const consumer = openFileConsumer({ dir, shared });
  const read: number[] = [];
  const problems: unknown[] = [];
  const run = consumer.run(
    async (reader) => {
      for (const count of [1, 200, 1]) {
        const end = read.length + count;
        const waiting = reader.read({ eventsMax: 1000, bytesMax: 1e7, waitMs: 60_000 });
        writer.postMessage(count);
        read.push(...eventsOf(await waiting).map(({ offset }) => offset));
        while (read.length < end) {
          read.push(
            ...eventsOf(await reader.read({ eventsMax: 1000, bytesMax: 1e7, waitMs: 60_000 })).map(
              ({ offset }) => offset,
            ),
          );
        }
      }
    },
    (_partition, error) => problems.push(error),
  );
  await run;
  await consumer.close();
  writer.postMessage(0);
  await once(writer, 'exit');
  expect(problems).toEqual([]);
  expect(read).toEqual(range(0, 202));
  fs.rmSync(dir, { recursive: true });
});
