import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { body, requestEvent } from '../../src/contract-events.ts';
import { openFileAppender } from '../../src/files/file-appender.ts';
import { eventsOf, range, readLog, temporaryFolder } from '../log-folder.ts';

const DISK_BYTES = 4 * 1024 * 1024;
const disk = mountSmallDisk();
if (disk === undefined && process.env.CI === 'true') throw new Error('CI must be able to mount a small tmpfs');

// A mount needs root: elsewhere the same path is covered by an injected file system, in file-appender.test.ts.
(disk ? describe : describe.skip)('a disk that is really full (needs the right to mount a tmpfs)', () => {
  test.each(['process', 'disk'] as const)(
    'refuses and counts, loses nothing acknowledged, and goes on when there is room (durability %s)',
    async (durability) => {
      const dir = path.join(disk!, durability);
      const ballast = path.join(disk!, 'ballast');
      const appender = openFileAppender({ dir, durability, segmentBytesMax: 256 * 1024, probeIntervalMs: 5 });
      const acknowledged: string[] = [];
      const named = new Map<number, number>();
      const append = async (bytes: number) => {
        const event = requestEvent({ response_body: body(Buffer.alloc(bytes)) });
        await appender.append(event);
        acknowledged.push(event.event_id);
      };
      for (const round of range(0, 5)) {
        // Odd sizes, so that the disk ends at another place in a frame each time.
        fs.writeFileSync(ballast, Buffer.alloc(DISK_BYTES / 4 + round * 1237));
        while (appender.writable) {
          const results = await Promise.allSettled(range(0, 7).map((index) => append(index * 3001)));
          for (const result of results) {
            if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'full', retryable: true });
          }
        }
        fs.rmSync(ballast);
        while (!appender.writable) await new Promise((resolve) => setTimeout(resolve, 5));
        await append(0);

        const entries = await readLog(dir, appender);
        expect(entries.filter(({ lost }) => lost)).toEqual([]);
        const requests = eventsOf(entries).filter(({ event }) => event.kind === 'request');
        expect(requests.map(({ event }) => event.event_id)).toEqual(acknowledged.slice(-requests.length));
        for (const { offset, event } of eventsOf(entries)) if (event.kind === 'refused') named.set(offset, event.count);
        appender.retain({ behindFence: entries.at(-1)!.offset, marginMs: 0, keepMs: 0 });
      }
      await appender.close();
      const { appended, refused } = appender.stats;
      expect(appended).toBe(acknowledged.length);
      expect(refused).toBeGreaterThanOrEqual(5);
      expect([...named.values()].reduce((sum, count) => sum + count, 0)).toBe(refused);
      fs.rmSync(dir, { recursive: true });
    },
    60_000,
  );

  afterAll(() => {
    execFileSync('umount', [disk!]);
    fs.rmdirSync(disk!);
  });
});

function mountSmallDisk(): string | undefined {
  const dir = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', dir], { stdio: 'pipe' });
    return dir;
  } catch (error) {
    process.stderr.write(`The test on a full disk is left out: ${(error as Error).message.trim()}\n`);
    fs.rmdirSync(dir);
    return undefined;
  }
}
