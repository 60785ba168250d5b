import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lmdbResponseCache } from './lmdb-response-cache.ts';
import type { CachedAnswer } from './response-cache.ts';

const KEY = Buffer.alloc(32, 7);
const ANSWER: CachedAnswer = {
  requestId: 'r',
  status: 200,
  headers: [],
  latencyMs: 1,
  storedAt: 0,
  body: Buffer.from('x'),
};

describe('the response cache in LMDB', () => {
  let root: string;
  let dir: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cache-'));
    dir = join(root, 'calls', 'cache');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('makes nothing before it is used', async () => {
    const cache = lmdbResponseCache({ dir });
    expect(existsSync(dir)).toBe(false);
    expect(cache.find(KEY, 1, 0)).toBeUndefined();
    expect(existsSync(join(dir, 'data.mdb'))).toBe(true);
    await cache.close();
  });

  it('answers at once, not by a promise', async () => {
    const cache = lmdbResponseCache({ dir });
    await cache.put(KEY, 1, ANSWER, 60_000);
    expect(cache.find(KEY, 1, 0)).toEqual({ slot: 0, answer: ANSWER });
    await cache.close();
  });

  it.each([
    ['no data file', Buffer.alloc(20_000, 'x')],
    ['cut', Buffer.alloc(100)],
  ])('begins anew where its file is %s', async (_name, bytes) => {
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, 'data.mdb'), bytes);
    const cache = lmdbResponseCache({ dir });
    expect(await cache.put(KEY, 1, ANSWER, 60_000)).toBe('stored');
    expect(cache.find(KEY, 1, 0)).toEqual({ slot: 0, answer: ANSWER });
    await cache.close();
  });

  it('says so where its folder cannot be made, or it has been closed', async () => {
    const cache = lmdbResponseCache({ dir: '/dev/null/nowhere' });
    expect(() => cache.find(KEY, 1, 0)).toThrow('cannot be used');
    await expect(cache.put(KEY, 1, ANSWER, 1)).rejects.toMatchObject({ name: 'CallStateError', code: 'unavailable' });
    const closed = lmdbResponseCache({ dir });
    await closed.close();
    expect(() => closed.find(KEY, 1, 0)).toThrow('has been closed');
  });
});
