import { parentPort } from 'node:worker_threads';
import { acquireFolderLock } from '../src/files/folder-lock.ts';

// Takes the lock of the folder given, says so and holds it. Runs as a process and as a worker thread.
try {
  acquireFolderLock(process.argv[2]!);
  say('held');
  setInterval(() => {}, 60_000);
} catch (error) {
  say((error as Error).message);
}

function say(message: string): void {
  if (parentPort) parentPort.postMessage(message);
  else process.stdout.write(message);
}
