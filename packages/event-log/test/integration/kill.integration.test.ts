import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { requestEvent } from '../../src/contract-events.ts';
import { EVENT_LOG_CRASH_POINTS } from '../../src/crash-points.ts';
import { openFileAppender } from '../../src/files/file-appender.ts';
import { listSegments } from '../../src/files/segment-files.ts';
import { eventsOf, offsetsOf, range, readLog, temporaryFolder } from '../log-folder.ts';

const PROCESS = fileURLToPath(new URL('../append-until-killed.ts', import.meta.url));

// Durability `disk` differs only in what is awaited between writing and acknowledging.
const CASES = [
  ...EVENT_LOG_CRASH_POINTS.map((point) => ['process', point] as const),
  ...(['log:after-write', 'log:before-sync', 'log:after-sync'] as const).map((point) => ['disk', point] as const),
];

describe('kill -9 at a named point', () => {
  test.each(CASES)(
    'durability %s, %s: everything acknowledged is there, under its offset',
    async (durability, point) => {
      const dir = temporaryFolder();
      const before = point.includes('tail') ? leaveUnfinishedTail(dir, durability) : '';
      // Not the first time that the point is passed, where there is a second time.
      const isOnce = point.includes('tail') || point.includes('closed');
      const child = spawnSync(process.execPath, [PROCESS, dir, point, durability, isOnce ? '1' : '3'], {
        encoding: 'utf8',
      });
      expect(child.stderr).toBe('');
      expect(child.signal).toBe('SIGKILL');

      const appender = openFileAppender({ dir });
      const { offset: next } = await appender.append(requestEvent());
      const entries = await readLog(dir, appender);
      const ids = new Map(eventsOf(entries).map(({ offset, event }) => [offset, event.event_id]));
      const offsets = offsetsOf(entries);
      expect(offsets).toEqual(range(offsets[0]!, next + 1));
      expect(entries.filter(({ lost }) => lost)).toEqual([]);

      const facts = `${before}${child.stdout}`
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Fact);
      const readThrough = Math.max(-1, ...facts.map(({ read }) => read ?? -1));
      expect(next).toBeGreaterThan(readThrough);
      // What a reader has committed may have been deleted, nothing else.
      expect(offsets[0]).toBeLessThanOrEqual(readThrough + 1);
      for (const { offset, id } of facts) {
        if (offset !== undefined && offset >= offsets[0]!) expect(ids.get(offset)).toBe(id);
      }
      await appender.close();
      fs.rmSync(dir, { recursive: true });
    },
  );
});

interface Fact {
  readonly read?: number;
  readonly offset?: number;
  readonly id?: string;
}

/** Lets the process run to its end first. @returns what it said. */
function leaveUnfinishedTail(dir: string, durability: string): string {
  const said = execFileSync(process.execPath, [PROCESS, dir, 'none', durability, '1'], { encoding: 'utf8' });
  const { path } = listSegments(dir).at(-1)!;
  fs.appendFileSync(path, fs.readFileSync(path).subarray(0, 50));
  return said;
}
