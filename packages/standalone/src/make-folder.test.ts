import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { makeFolder } from './make-folder.ts';

test('a folder is made with those above it, and nobody else may look into it', async () => {
  await using dir = await createTempDir('folders');
  const path = join(dir.path, 'a', 'b', 'c');
  makeFolder(path);
  makeFolder(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('where none can be made, it is said', async () => {
  await using dir = await createTempDir('folders');
  writeFileSync(join(dir.path, 'file'), '');
  expect(() => makeFolder(join(dir.path, 'file'))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(dir.path, 'file', 'below'))).toThrow(/EEXIST|ENOTDIR/);
});

test('a system that has no such folders is asked once', () => {
  expect(() => makeFolder('/proc/nothing/of/this')).toThrow(/ENOENT|ENOTDIR/);
});
