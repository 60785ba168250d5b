import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EventLogHarness } from '../src/contract.ts';
import type { EventLogConsumer } from '../src/event-log.ts';
import { openFileAppender } from '../src/files/file-appender.ts';
import type { FileAppenderOptions, FileEventAppender } from '../src/files/file-appender-options.ts';
import { openFileConsumer } from '../src/files/file-consumer.ts';
import { nodeFileSystem } from '../src/files/log-file-system.ts';
import { listSegments } from '../src/files/segment-files.ts';

/** A log folder of its own, whose file system can be told to fail. */
export function fileLogHarness(options: Partial<FileAppenderOptions> = {}): EventLogHarness {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'event-log-'));
  let generation = 0;
  let dir = path.join(root, '0');
  let isFull = false;
  let held: Promise<void> | undefined;
  const appenders: FileEventAppender[] = [];
  const consumers: EventLogConsumer[] = [];

  const files = {
    ...nodeFileSystem,
    writevSync: ((fd, buffers, position) => {
      if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      return nodeFileSystem.writevSync(fd, buffers, position);
    }) satisfies typeof nodeFileSystem.writevSync,
    fdatasync: ((fd: number, done: (error: NodeJS.ErrnoException | null) => void) => {
      if (held) void held.then(() => nodeFileSystem.fdatasync(fd, done));
      else nodeFileSystem.fdatasync(fd, done);
    }) as typeof nodeFileSystem.fdatasync,
  };

  return {
    async openAppender(more) {
      const appender = openFileAppender({ dir, files, syncIntervalMs: 5, ...options, ...more });
      appenders.push(appender);
      return appender;
    },
    async openConsumer() {
      const consumer = openFileConsumer({ dir, shared: appenders.at(-1)!.shared });
      consumers.push(consumer);
      return consumer;
    },
    async crash() {
      // What a dead process leaves is what is in its files at that moment: a copy of them.
      const copy = path.join(root, String(++generation));
      fs.mkdirSync(copy);
      for (const name of fs.readdirSync(dir)) {
        // The lock file is not to be opened by this process while the lock is held.
        if (name !== 'lock') fs.copyFileSync(path.join(dir, name), path.join(copy, name));
      }
      dir = copy;
    },
    async damageTail() {
      const newest = listSegments(dir).at(-1)!.path;
      fs.truncateSync(newest, fs.statSync(newest).size - 10);
    },
    async fill() {
      isFull = true;
      return async () => {
        isFull = false;
      };
    },
    async holdSync() {
      const release = Promise.withResolvers<void>();
      held = release.promise;
      return async () => {
        held = undefined;
        release.resolve();
      };
    },
    async destroy() {
      isFull = false;
      for (const consumer of consumers) await consumer.close();
      for (const appender of appenders) await appender.close();
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
}
