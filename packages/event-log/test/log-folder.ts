import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decodeEvent } from '@throughline/contracts/event-codec';
import type { LogEvent } from '@throughline/contracts/request-event';
import type { LogEntry } from '../src/event-log.ts';
import type { FileEventAppender } from '../src/files/file-appender-options.ts';
import { openFileConsumer } from '../src/files/file-consumer.ts';

/** A new empty folder under the system's temporary one. */
export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'event-log-'));
}

/** What a process that dies at this moment leaves behind: a copy of its files, without its lock. */
export function copyAsLeftBehind(dir: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  for (const name of fs.readdirSync(dir)) {
    // While this process holds the lock it must not open and close that file: closing it gives the lock away.
    if (name !== 'lock') fs.copyFileSync(path.join(dir, name), path.join(to, name));
  }
}

/** Every entry from `from` (the oldest kept, when left out) to the end of the log, once all of it is synced. */
export async function readLog(dir: string, appender: FileEventAppender, from?: number): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  const named: string[] = [];
  const consumer = openFileConsumer({ dir, shared: appender.shared, onError: (message) => named.push(message) });
  let failure: unknown;
  await consumer.run(
    async (reader) => {
      const { low, high } = await reader.bounds();
      await reader.seek(from ?? low);
      for (let next = from ?? low; next < high; ) {
        const read = await reader.read({ eventsMax: 50, bytesMax: 100_000, waitMs: 10_000 });
        if (read.length === 0) throw new Error(`nothing came at offset ${next} of ${high}`);
        entries.push(...read);
        next = (read.at(-1)!.lost?.through ?? read.at(-1)!.offset) + 1;
      }
    },
    (_partition, error) => {
      failure = error;
    },
  );
  await consumer.close();
  if (failure) throw failure;
  const lost = entries.flatMap((entry) => (entry.lost ? [`${entry.offset} to ${entry.lost.through}:`] : []));
  if (lost.some((range, index) => !named[index]?.includes(range)) || lost.length !== named.length) {
    throw new Error(`lost: ${lost.join(', ')}; reported: ${named.join(', ')}`);
  }
  return entries;
}

/** The events among the entries; what was lost is left out. */
export function eventsOf(entries: readonly LogEntry[]): { offset: number; event: LogEvent }[] {
  return entries.flatMap((entry) => {
    if (entry.lost) return [];
    const decoded = decodeEvent(entry.bytes);
    if (decoded.outcome !== 'event') throw new Error(`offset ${entry.offset}: ${decoded.outcome}`);
    return [{ offset: entry.offset, event: decoded.event }];
  });
}

/** Every offset that the entries account for, in the order of delivery. */
export function offsetsOf(entries: readonly LogEntry[]): number[] {
  return entries.flatMap((entry) => range(entry.offset, (entry.lost?.through ?? entry.offset) + 1));
}

export function range(from: number, end: number): number[] {
  return Array.from({ length: end - from }, (_, index) => from + index);
}
