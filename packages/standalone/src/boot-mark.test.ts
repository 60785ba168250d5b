import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { isSameBoot, markBoot } from './boot-mark.ts';

test('a data directory knows whether the machine has been switched on since', async () => {
  await using dir = await createTempDir('boot');
  expect(isSameBoot(dir.path, 'one')).toBe(false);
  markBoot(dir.path, 'one');
  expect(isSameBoot(dir.path, 'one')).toBe(true);
  expect(isSameBoot(dir.path, 'two')).toBe(false);
  markBoot(dir.path, 'two');
  expect(isSameBoot(dir.path, 'two')).toBe(true);
  markBoot(dir.path, '');
  expect(isSameBoot(dir.path, 'two')).toBe(false);
  markBoot(dir.path, 'two');
  rmSync(join(dir.path, 'boot-id'));
  expect(isSameBoot(dir.path, 'two')).toBe(false);
});
