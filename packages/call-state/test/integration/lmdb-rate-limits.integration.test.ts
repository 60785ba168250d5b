import { cpSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import { open } from 'lmdb';
import { limitKey } from '../../src/limits/limit-key.ts';
import { lmdbRateLimits } from '../../src/limits/lmdb-rate-limits.ts';
import type { RateLimits } from '../../src/limits/rate-limits.ts';

const ALLOWANCE = { quota: 1_000_000n, windowMs: 60_000 };

describe('rate limits in LMDB', () => {
  let dir: string;
  let opened: RateLimits[];
  const clock = { now: 1_700_000_000_000 };
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'limits-'));
    opened = [];
  });
  afterEach(async () => {
    for (const limits of opened) await limits.close();
    await rm(dir, { recursive: true });
  });

  function openLimits(folder = join(dir, 'limits')): RateLimits {
    const limits = lmdbRateLimits({ dir: folder, now: () => clock.now });
    opened.push(limits);
    return limits;
  }

  test('are in the file a moment later, without being closed', async () => {
    const limits = openLimits();
    for (let i = 0; i < 500; i++) {
      clock.now++;
      await limits.take('k', ALLOWANCE, 2);
    }
    await limits.take('other', ALLOWANCE, 1);
    let copies = 0;
    await waitFor(async () => {
      // What a process that is killed now leaves behind.
      const copy = join(dir, `copy-${copies++}`);
      cpSync(join(dir, 'limits'), copy, { recursive: true });
      const left = openLimits(copy);
      const used = [await left.take('k', ALLOWANCE, 0), await left.take('other', ALLOWANCE, 0)].map(({ used }) => used);
      return used[0] === 1_000n && used[1] === 1n;
    });
  });

  test('count what is no longer held in memory, and what came since', async () => {
    const limits = openLimits();
    // Above what is held, so that the first are let go.
    const keys = Array.from({ length: 22_000 }, (_, i) => keyOf(i));
    for (const key of keys) await limits.take(key, ALLOWANCE, 3);
    await waitFor(async () => (await recordsIn(join(dir, 'limits'))) >= keys.length);
    for (const key of keys.slice(0, 50)) {
      expect((await limits.take(key, ALLOWANCE, 1)).used).toBe(4n);
    }
  });

  test('take what is over out of the file', async () => {
    const limits = openLimits();
    for (let i = 0; i < 300; i++) await limits.take(keyOf(i), ALLOWANCE, 1);
    await limits.close();
    expect(await recordsIn(join(dir, 'limits'))).toBe(300);
    clock.now += ALLOWANCE.windowMs;
    const later = openLimits();
    await waitFor(async () => {
      await later.take(keyOf(-1), ALLOWANCE, 1);
      return (await recordsIn(join(dir, 'limits'))) === 1;
    });
  });

  test.each([
    ['cut', (file: string) => truncateSync(file, 5_000)],
    ['no file of LMDB', (file: string) => writeFileSync(file, 'x'.repeat(20_000))],
  ])('begin anew where the file is %s', async (_, damage) => {
    const limits = openLimits();
    for (let i = 0; i < 1_000; i++) await limits.take(keyOf(i), ALLOWANCE, 1);
    await limits.close();
    damage(join(dir, 'limits', 'data.mdb'));
    const next = openLimits();
    expect((await next.take(keyOf(1), ALLOWANCE, 1)).used).toBe(1n);
  });

  test('say that they are unavailable where there can be no folder, and once they are closed', async () => {
    writeFileSync(join(dir, 'file'), '');
    const nowhere = openLimits(join(dir, 'file', 'limits'));
    await expect(async () => nowhere.take('k', ALLOWANCE, 1)).rejects.toMatchObject({ code: 'unavailable' });
    const limits = openLimits();
    await limits.close();
    await expect(async () => limits.take('k', ALLOWANCE, 1)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

function keyOf(i: number): string {
  return limitKey('acme', '1;w=60;u=request', String(i));
}

async function recordsIn(dir: string): Promise<number> {
  const copy = await mkdtemp(join(tmpdir(), 'limits-copy-'));
  cpSync(dir, copy, { recursive: true });
  const root = open({ path: copy, noSubdir: false, maxDbs: 1 });
  const { entryCount } = root.openDB('chunks', { keyEncoding: 'binary', encoding: 'binary' }).getStats() as {
    entryCount: number;
  };
  await root.close();
  await rm(copy, { recursive: true });
  return entryCount;
}
