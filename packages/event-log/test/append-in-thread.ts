import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { requestEvent } from '../src/contract-events.ts';
import { openFileAppender } from '../src/files/file-appender.ts';

// A writer in a thread of its own: hands out the shared memory, then appends as many events as each message says.
const appender = openFileAppender({ dir: workerData as string });
parentPort!.postMessage(appender.shared);
for (;;) {
  const [count] = (await once(parentPort!, 'message')) as [number];
  if (count === 0) break;
  await Promise.all(Array.from({ length: count }, () => appender.append(requestEvent())));
}
await appender.close();
