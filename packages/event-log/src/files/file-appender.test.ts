import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { copyAsLeftBehind, eventsOf, offsetsOf, range, readLog, temporaryFolder } from '../../test/log-folder.ts';
import { body, requestEvent } from '../contract-events.ts';
import { openFileAppender } from './file-appender.ts';
import type { FileAppenderOptions, FileEventAppender } from './file-appender-options.ts';
import { openFileConsumer } from './file-consumer.ts';
import { FRAME_MARK_BYTES, frameLength } from './frame.ts';
import { type LogFileSystem, nodeFileSystem } from './log-file-system.ts';
import { listSegments } from './segment-files.ts';

let root: string;
let dir: string;
let open: FileEventAppender[];
beforeEach(() => {
  root = temporaryFolder();
  dir = path.join(root, 'log');
  open = [];
});
afterEach(async () => {
  for (const appender of open) await appender.close();
  fs.rmSync(root, { recursive: true });
});

describe('a disk that takes only part of a write', () => {
  // Every byte position of a group of two frames, and one beyond, on several disks side by side, since most of the time
  // goes into waiting; `disk` walks the same code in larger steps.
  test.each([
    ['process', 1],
    ['disk', 17],
  ] as const)(
    'keeps the whole frames and refuses the others, wherever it ends (durability %s)',
    async (durability, step) => {
      const disks = 12;
      await Promise.all(range(0, disks).map((index) => fillAtEach(durability, index * step, disks * step)));
    },
    120_000,
  );

  async function fillAtEach(durability: 'process' | 'disk', first: number, step: number): Promise<void> {
    const disk = limitedDisk();
    const own = path.join(root, `disk-${first}`);
    const appender = openAppender({ dir: own, files: disk.files, durability, probeIntervalMs: 1 });
    let [stored, refused, incidents] = [0, 0, 0];
    let groupBytes = Number.POSITIVE_INFINITY;
    for (let room = first; room <= groupBytes; room += step) {
      disk.room = room;
      disk.groups = [];
      const results = await Promise.allSettled([appender.append(small(0)), appender.append(small(1))]);
      const [one, two] = disk.groups[0]!;
      groupBytes = one! + two!;
      const fits = [one! <= room, groupBytes <= room];
      expect(results.map(({ status }) => status)).toEqual(fits.map((does) => (does ? 'fulfilled' : 'rejected')));
      const failed = fits.filter((does) => !does).length;
      stored += 2 - failed;
      refused += failed;
      incidents += failed > 0 ? 1 : 0;
      await untilWritable(appender, disk);
      await until(() => appender.stats.lastSeq[0] === stored + incidents - 1);
      expect(appender.stats).toMatchObject({ appended: stored, refused });
    }
    expect(groupBytes).toBeGreaterThan(500);
    expect(incidents).toBeGreaterThan(0);
    // What the last refusal left to write is written before it.
    await appender.append(small(0));
    stored++;
    const entries = await readLog(own, appender);
    const events = eventsOf(entries).map(({ event }) => event);
    expect(entries.filter(({ lost }) => lost)).toEqual([]);
    expect(events.filter(({ kind }) => kind === 'request')).toHaveLength(stored);
    expect(events.reduce((sum, event) => sum + (event.kind === 'refused' ? event.count : 0), 0)).toBe(refused);
    expect(events.map(({ producer }) => producer.seq)).toEqual(range(0, events.length));
  }

  test('says why and since when, once per incident', async () => {
    const disk = limitedDisk();
    const errors: string[] = [];
    const warnings: string[] = [];
    const appender = openAppender({
      files: disk.files,
      onError: (message) => errors.push(message),
      onWarn: (message) => warnings.push(message),
    });
    disk.room = 10;
    await expect(appender.append(small(0))).rejects.toMatchObject({ code: 'full', retryable: true });
    await expect(appender.append(small(1))).rejects.toMatchObject({ code: 'full' });
    expect(appender.refusing).toBe('full');
    expect(errors).toEqual([expect.stringContaining('no space left')]);
    await untilWritable(appender, disk);
    expect(warnings).toEqual([expect.stringContaining('2 events were refused')]);
  });
});

describe('a sync that fails', () => {
  test('takes back what waited for it when durability is disk', async () => {
    const disk = limitedDisk();
    const appender = openAppender({ files: disk.files, durability: 'disk' });
    await appender.append(small(0));
    disk.failSyncs = true;
    await expect(appender.append(small(1))).rejects.toMatchObject({ code: 'failed', retryable: true });
    expect(appender.writable).toBe(false);
    await untilWritable(appender, disk);
    await appender.append(small(2));
    expect(eventsOf(await readLog(dir, appender))).toMatchObject([
      { offset: 0, event: { user_id: '0' } },
      { offset: 1, event: { kind: 'refused', count: 1, reason: 'failed' } },
      { offset: 2, event: { user_id: '2' } },
    ]);
  });

  test('holds up readers, not what is stored already, when durability is process', async () => {
    const disk = limitedDisk();
    const appender = openAppender({ files: disk.files });
    await appender.append(small(0));
    await readLog(dir, appender);
    disk.failSyncs = true;
    await appender.append(small(1));
    await until(() => !appender.writable);
    const consumer = openFileConsumer({ dir, shared: appender.shared });
    const run = consumer.run(
      async (reader) => {
        await reader.seek(1);
        expect(await reader.read({ eventsMax: 10, bytesMax: 1000, waitMs: 50 })).toEqual([]);
      },
      (_partition, error) => {
        throw error;
      },
    );
    await run;
    await untilWritable(appender, disk);
    expect(eventsOf(await readLog(dir, appender))).toMatchObject([{ offset: 0 }, { offset: 1 }]);
  });
});

describe('the byte limit', () => {
  test('refuses new events, keeps the stored ones, and takes new ones after retention made room', async () => {
    let now = 1_000_000;
    const appender = openAppender({
      segmentBytesMax: 5_000,
      logBytesMax: 20_000,
      clock: () => now,
      retention: { marginMs: 1_000 },
    });
    let stored = 0;
    while (appender.writable) {
      now += 500;
      await appender.append(small(stored)).then(
        () => stored++,
        (error) => expect(error).toMatchObject({ code: 'full', retryable: true }),
      );
    }
    expect(appender.stats.bytes).toBeLessThanOrEqual(20_000);
    expect(appender.stats).toMatchObject({ appended: stored, refused: 1 });
    expect(eventsOf(await readLog(dir, appender))).toHaveLength(stored);

    // Nothing has been committed: nothing may go.
    expect(appender.retain()).toBe(0);
    expect(appender.retain({ behindFence: stored - 1 })).toBeGreaterThan(0);
    expect(appender.writable).toBe(true);
    await appender.append(small(0));
    const events = eventsOf(await readLog(dir, appender)).map(({ event }) => event);
    expect(events.slice(-2)).toMatchObject([{ kind: 'refused', count: 1, reason: 'full' }, { kind: 'request' }]);
  });
});

describe('opening', () => {
  test('cuts an unfinished tail and goes on in the same segment', async () => {
    await withLog(async (appender) => {
      await appendSmall(appender, 3);
    });
    const [segment] = listSegments(dir);
    const size = fs.statSync(segment!.path).size;
    fs.appendFileSync(segment!.path, fs.readFileSync(segment!.path).subarray(0, 100));
    const warnings: string[] = [];
    const appender = openAppender({ onWarn: (message) => warnings.push(message) });
    expect(fs.statSync(segment!.path).size).toBe(size);
    expect(warnings).toEqual([expect.stringContaining('unfinished tail of 100 bytes')]);
    await appendSmall(appender, 1);
    expect(listSegments(dir)).toHaveLength(1);
    expect(eventsOf(await readLog(dir, appender))).toHaveLength(5);
  });

  test('goes on above every offset that the caller knows of, and names those between at once', async () => {
    await withLog(async (appender) => {
      await appendSmall(appender, 3);
    });
    const appender = openAppender({ minNextOffset: 10 });
    expect(await readLog(dir, appender, 4)).toEqual([{ offset: 4, lost: { through: 9, reason: expect.any(String) } }]);
    expect(await appender.append(small(0))).toMatchObject({ offset: 10 });
    expect(offsetsOf(await readLog(dir, appender))).toEqual(range(0, 11));
  });

  test('never gives a number again that was synced, whatever became of the file', async () => {
    await withLog(async (appender) => {
      await appendSmall(appender, 5);
    });
    fs.truncateSync(listSegments(dir)[0]!.path, 0);
    const appender = openAppender();
    expect(await appender.append(small(0))).toMatchObject({ offset: 6 });
    expect(await readLog(dir, appender)).toMatchObject([{ offset: 0, lost: { through: 5 } }, { offset: 6 }]);
  });

  test('skips damage in the middle of an older segment, and says where it is', async () => {
    await withLog(async (appender) => {
      await appendSmall(appender, 20);
    }, 2_500);
    const [first] = listSegments(dir);
    const bytes = fs.readFileSync(first!.path);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    fs.writeFileSync(first!.path, bytes);
    const appender = openAppender();
    const entries = await readLog(dir, appender);
    expect(offsetsOf(entries)).toEqual(range(0, 21));
    expect(entries.filter(({ lost }) => lost)).toEqual([
      {
        offset: expect.any(Number),
        lost: { through: expect.any(Number), reason: expect.stringMatching(/^damaged bytes \d+–\d+ of segment 0$/) },
      },
    ]);
    expect(eventsOf(entries)).toHaveLength(20);
  });

  test('reports a whole segment that is gone', async () => {
    await withLog(async (appender) => {
      await appendSmall(appender, 20);
    }, 2_500);
    const [, second, third] = listSegments(dir);
    fs.unlinkSync(second!.path);
    const entries = await readLog(dir, openAppender());
    expect(entries.filter(({ lost }) => lost)).toMatchObject([
      { offset: second!.base, lost: { through: third!.base - 1 } },
    ]);
    expect(offsetsOf(entries)).toEqual(range(0, 21));
  });

  test('does not trust an empty segment that a failed attempt left behind', async () => {
    await withLog(async (appender) => {
      await appendSmall(appender, 5);
    });
    fs.rmSync(path.join(dir, 'synced-end'));
    fs.writeFileSync(path.join(dir, `${'2'.padStart(20, '0')}.log`), '');
    const appender = openAppender();
    expect(await appender.append(small(0))).toMatchObject({ offset: 6 });
    expect(eventsOf(await readLog(dir, appender))).toHaveLength(7);
  });

  test('refuses another log than the expected one, and a folder whose description is gone', async () => {
    await withLog(async (appender) => {
      await appendSmall(appender, 1);
    });
    const code = (options: Partial<FileAppenderOptions>) => errorCode(() => openFileAppender({ dir, ...options }));
    expect(code({ expectedLogId: 'another' })).toBe('mismatch');
    fs.writeFileSync(path.join(dir, 'log.json'), '{"format":2,"log_id":"x","frame_mark":"0011223344556677"}');
    expect(code({})).toBe('mismatch');
    fs.writeFileSync(path.join(dir, 'log.json'), 'not JSON');
    expect(code({})).toBe('mismatch');
    fs.rmSync(path.join(dir, 'log.json'));
    expect(code({})).toBe('mismatch');
  });

  test('leaves no producer behind when nothing was appended', async () => {
    await withLog(async () => {});
    await withLog(async () => {});
    const appender = openAppender();
    expect(appender.stats.bytes).toBe(0);
    expect(appender.stats.lastSeq).toEqual([-1]);
  });

  test('gives the folder free again when it fails', async () => {
    const files = failing('openSync');
    expect(errorCode(() => openFileAppender({ dir, files }))).toBe('failed');
    openAppender();
  });
});

test('a crash between any two groups loses nothing that was acknowledged', async () => {
  const appender = openAppender();
  const acknowledged: string[] = [];
  for (const generation of range(0, 5)) {
    const events = range(0, 10).map(() => requestEvent());
    await Promise.all(events.map((event) => appender.append(event)));
    acknowledged.push(...events.map((event) => event.event_id));
    const copy = path.join(root, `copy-${generation}`);
    copyAsLeftBehind(dir, copy);
    const restarted = openAppender({ dir: copy });
    const stored = eventsOf(await readLog(copy, restarted)).map(({ event }) => event.event_id);
    expect(stored).toEqual(acknowledged);
  }
});

test('events appended within one turn of the event loop share one write', async () => {
  let writes = 0;
  const files: LogFileSystem = {
    ...nodeFileSystem,
    writevSync: (fd, buffers, position) => {
      writes++;
      return nodeFileSystem.writevSync(fd, buffers, position);
    },
  };
  const appender = openAppender({ files });
  await appendSmall(appender, 100);
  expect(writes).toBe(1);
});

test('a closed log frees its folder and refuses', async () => {
  const appender = openAppender();
  await appender.append(small(0));
  await Promise.all([appender.close(), appender.close()]);
  expect(appender.writable).toBe(false);
  await expect(appender.append(small(1))).rejects.toMatchObject({ code: 'closed' });
  openAppender();
});

function openAppender(options: Partial<FileAppenderOptions> = {}): FileEventAppender {
  const appender = openFileAppender({ dir, syncIntervalMs: 2, ...options });
  open.push(appender);
  return appender;
}

async function withLog(use: (appender: FileEventAppender) => Promise<void>, segmentBytesMax?: number): Promise<void> {
  const appender = openFileAppender({ dir, syncIntervalMs: 2, segmentBytesMax });
  await use(appender);
  await appender.close();
}

/** One after the other, so that segments fill one event at a time. */
async function appendSmall(appender: FileEventAppender, count: number): Promise<void> {
  if (count >= 100) await Promise.all(range(0, count).map((index) => appender.append(small(index))));
  else for (const index of range(0, count)) await appender.append(small(index));
}

function small(index: number) {
  return requestEvent({ user_id: String(index), request_body: body(Buffer.alloc(64)) });
}

/** A disk with room for so many bytes more: it takes what fits, then says that it is full. */
function limitedDisk() {
  const disk = {
    room: Number.POSITIVE_INFINITY,
    failSyncs: false,
    /** Lengths of the frames of each write asked for. */
    groups: [] as number[][],
    files: {
      ...nodeFileSystem,
      writevSync: (fd: number, buffers: readonly NodeJS.ArrayBufferView[], position?: number) => {
        if (disk.room === Number.POSITIVE_INFINITY) return nodeFileSystem.writevSync(fd, buffers, position);
        disk.groups.push(frameLengths(Buffer.concat(buffers as Buffer[])));
        if (disk.room <= 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        const bytes = Buffer.concat(buffers as Buffer[]);
        const part = bytes.subarray(0, Math.min(bytes.length, disk.room));
        const count = nodeFileSystem.writevSync(fd, [part], position);
        disk.room -= count;
        return count;
      },
      fdatasync: ((fd: number, done: (error: Error | null) => void) => {
        if (disk.failSyncs) setImmediate(() => done(Object.assign(new Error('input/output error'), { code: 'EIO' })));
        else nodeFileSystem.fdatasync(fd, done);
      }) as LogFileSystem['fdatasync'],
    } satisfies LogFileSystem,
  };
  return disk;
}

function frameLengths(bytes: Buffer): number[] {
  const lengths: number[] = [];
  for (let at = 0; at < bytes.length; at += lengths.at(-1)!) {
    lengths.push(frameLength(bytes.subarray(at), bytes.subarray(0, FRAME_MARK_BYTES)) ?? bytes.length);
  }
  return lengths;
}

function failing(operation: keyof LogFileSystem): LogFileSystem {
  return {
    ...nodeFileSystem,
    [operation]: () => {
      throw Object.assign(new Error('input/output error'), { code: 'EIO' });
    },
  };
}

async function untilWritable(appender: FileEventAppender, disk: ReturnType<typeof limitedDisk>): Promise<void> {
  disk.room = Number.POSITIVE_INFINITY;
  disk.failSyncs = false;
  await until(() => appender.writable);
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1));
}

function errorCode(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}
