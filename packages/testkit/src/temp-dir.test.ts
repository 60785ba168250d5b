import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createTempDir } from './temp-dir.ts';

test('a temporary folder exists until it is removed, with everything in it', async () => {
  const dir = await createTempDir('testkit');
  await writeFile(join(dir.path, 'file'), 'x');
  await dir.remove();
  expect(existsSync(dir.path)).toBe(false);
  await expect(dir.remove()).resolves.toBeUndefined();
});
