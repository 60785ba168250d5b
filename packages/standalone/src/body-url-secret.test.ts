import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { loadBodyUrlSecret } from './body-url-secret.ts';

let dir: TempDir;
beforeEach(async () => {
  dir = await createTempDir('body-url-secret');
});
afterEach(() => dir.remove());

test('draws a secret once and keeps it to itself', () => {
  const made = loadBodyUrlSecret(dir.path, '');
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect(loadBodyUrlSecret(dir.path, '')).toBe(made);
  expect(statSync(join(dir.path, 'body-url-secret')).mode & 0o777).toBe(0o600);
});

test('uses the given one, and keeps the one of the folder as it is', () => {
  const made = loadBodyUrlSecret(dir.path, '');
  const given = 'given by the operator, 32 characters';
  expect(loadBodyUrlSecret(dir.path, given)).toBe(given);
  expect(loadBodyUrlSecret(dir.path, '')).toBe(made);
});

test('replaces a damaged file', () => {
  const path = join(dir.path, 'body-url-secret');
  for (const damaged of ['', 'half', 'x'.repeat(64)]) {
    writeFileSync(path, damaged);
    const made = loadBodyUrlSecret(dir.path, '');
    expect(readFileSync(path, 'utf8').trim()).toBe(made);
    expect(made).toMatch(/^[0-9a-f]{64}$/);
  }
});
