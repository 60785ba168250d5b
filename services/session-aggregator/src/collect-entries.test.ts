import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { EventLogError } from '@throughline/event-log/event-log';
import { callEvent } from '../test/calls.ts';
import { MemoryLog } from '../test/memory-log.ts';
import { collectEntries } from './collect-entries.ts';

const config = { batchEventsMax: 10, batchBytesMax: 1024 * 1024, cycleMs: 0 };

function logOf(count: number): MemoryLog {
  const log = new MemoryLog(0);
  for (let i = 0; i < count; i++) log.append(callEvent({ tenant: 't' }));
  return log;
}

describe('collecting entries', () => {
  test('delivers everything once and in order, at most a batch at a time, however reads are cut', async () => {
    for (const readMax of [1, 3, 256]) {
      const revocation = new AbortController();
      const log = logOf(47);
      const collector = collectEntries(log.reader(revocation.signal, readMax), 0, config);
      const offsets: number[] = [];
      while (offsets.length < 47) {
        const batch = (await collector.next())!;
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(10);
        offsets.push(...batch.map(({ offset }) => offset));
      }
      expect(offsets).toEqual(Array.from({ length: 47 }, (_, i) => i));
      revocation.abort();
      await collector.stop();
    }
  });

  test('starts the first batch at once and the next ones a cycle apart, unless one is full', async () => {
    const revocation = new AbortController();
    const log = logOf(1);
    const collector = collectEntries(log.reader(revocation.signal), 0, { ...config, cycleMs: 3_600_000 });
    expect(await collector.next()).toHaveLength(1);
    const second = collector.next();
    for (let i = 0; i < 9; i++) log.append(callEvent({ tenant: 't' }));
    expect(await Promise.race([second, sleep(50, 'waits')])).toBe('waits');
    log.append(callEvent({ tenant: 't' }));
    expect(await second).toHaveLength(10);
    const third = collector.next();
    revocation.abort();
    expect(await third).toBeUndefined();
    await collector.stop();
  });

  test('counts decompressed bodies, so that a few kilobytes of log do not fill the memory', async () => {
    const revocation = new AbortController();
    const log = new MemoryLog(0);
    const event = callEvent({ tenant: 't' });
    const bytes = gzipSync(Buffer.alloc(400_000, 'a'));
    for (let i = 0; i < 40; i++) {
      log.append({ ...event, response_body: { ...event.response_body, bytes, encoding: 'gzip', size: bytes.length } });
    }
    let delivered = 0;
    const reader = log.reader(revocation.signal);
    const collector = collectEntries(reader, 0, { ...config, batchEventsMax: 1_000 });
    while (delivered < 40) {
      const batch = (await collector.next())!;
      // Three bodies pass the bound of 1 MiB.
      expect(batch.length).toBeLessThanOrEqual(3);
      delivered += batch.length;
    }
    revocation.abort();
    await collector.stop();
  });

  test('reads no further ahead than one batch', async () => {
    const revocation = new AbortController();
    const log = logOf(500);
    const reader = log.reader(revocation.signal, 5);
    let read = 0;
    const counting = {
      ...reader,
      read: async (limit: Parameters<typeof reader.read>[0]) => {
        const entries = await reader.read(limit);
        read += entries.length;
        return entries;
      },
    };
    const collector = collectEntries(counting, 0, config);
    await collector.next();
    await sleep(20);
    expect(read).toBeLessThanOrEqual(10 + 10 + 5);
    revocation.abort();
    await collector.stop();
  });

  test('waits without looking while nothing is logged', async () => {
    const revocation = new AbortController();
    const log = logOf(0);
    const reader = log.reader(revocation.signal);
    let reads = 0;
    const counting = {
      ...reader,
      read: (limit: Parameters<typeof reader.read>[0]) => {
        reads++;
        return reader.read(limit);
      },
    };
    const collector = collectEntries(counting, 0, config);
    const next = collector.next();
    await sleep(100);
    expect(reads).toBe(1);
    log.append(callEvent({ tenant: 't' }));
    expect(await next).toHaveLength(1);
    revocation.abort();
    await collector.stop();
  });

  test('delivers what it has before it says why reading failed', async () => {
    const revocation = new AbortController();
    const log = logOf(3);
    const reader = log.reader(revocation.signal, 3);
    let reads = 0;
    const failing = {
      ...reader,
      read: async (limit: Parameters<typeof reader.read>[0]) => {
        if (reads++ > 0) throw new EventLogError('failed', 'cannot read');
        return await reader.read(limit);
      },
    };
    const collector = collectEntries(failing, 0, config);
    // In one batch or, on a slow machine, in several.
    let delivered = 0;
    const reading = (async () => {
      for (;;) delivered += (await collector.next())!.length;
    })();
    await expect(reading).rejects.toThrow('cannot read');
    expect(delivered).toBe(3);
    await collector.stop();
  });

  test('refuses a log that repeats or skips an offset', async () => {
    const revocation = new AbortController();
    const log = logOf(3);
    const reader = log.reader(revocation.signal);
    await reader.seek(1);
    const collector = collectEntries(reader, 0, config);
    await expect(collector.next()).rejects.toThrow('the log delivered offset 1 where 0 comes next');
    await collector.stop();
  });

  test('stops in the middle of what it has read', async () => {
    const revocation = new AbortController();
    const collector = collectEntries(logOf(400).reader(revocation.signal), 0, config);
    await collector.next();
    const stopped = collector.stop();
    revocation.abort();
    await stopped;
    expect(await collector.next()).toBeUndefined();
  });
});
