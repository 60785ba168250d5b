import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { prepareOnce } from './prepare-once.ts';

let dir: TempDir;
beforeEach(async () => {
  dir = await createTempDir('prepare');
});
afterEach(() => dir.remove());

test('callers that come while one prepares wait for it and do not prepare again', async () => {
  const folder = join(dir.path, 'cache', 'thing');
  let made = 0;
  const make = async (temporary: string) => {
    made++;
    await sleep(50);
    expect(existsSync(folder)).toBe(false);
    writeFileSync(join(temporary, 'file'), 'complete');
  };
  const all = await Promise.all([prepareOnce(folder, make), prepareOnce(folder, make), prepareOnce(folder, make)]);
  expect(all).toEqual([folder, folder, folder]);
  expect(made).toBe(1);
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('complete');
});

test('a failure leaves nothing behind, and the next caller tries again', async () => {
  const folder = join(dir.path, 'thing');
  const failing = prepareOnce(folder, async (temporary) => {
    writeFileSync(join(temporary, 'half'), '');
    throw new Error('no network');
  });
  await expect(failing).rejects.toThrow('no network');
  expect(readdirSync(dir.path)).toEqual(['thing.lock']);
  await prepareOnce(folder, async () => {});
  expect(readdirSync(folder)).toEqual([]);
});
