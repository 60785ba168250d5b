import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openInsertFiles } from './insert-files.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'throughline-insert-files-'));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

test('writes bytes whole, for this user alone, and leaves nothing after close', () => {
  const files = openInsertFiles(dir);
  const path = files.write(Uint8Array.of(0, 255, 10));
  expect([...readFileSync(path)]).toEqual([0, 255, 10]);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(statSync(dirname(path)).mode & 0o077).toBe(0);
  files.remove(path);
  expect(existsSync(path)).toBe(false);
  files.remove(path);
  files.close();
  expect(existsSync(dirname(path))).toBe(false);
  expect(readdirSync(dir)).toEqual([]);
});

test('removes what a killed process left, in its own folder and in those of folders that are gone', () => {
  const gone = join(dir, 'gone');
  mkdirSync(gone);
  const orphan = openInsertFiles(gone).write(Uint8Array.of(1));
  const killed = openInsertFiles(dir).write(Uint8Array.of(2));
  rmSync(gone, { recursive: true });
  const files = openInsertFiles(dir);
  expect([existsSync(orphan), existsSync(killed)]).toEqual([false, false]);
  files.close();
});

test('does not use a folder that others may enter', () => {
  mkdirSync(join(dir, 'insert'));
  chmodSync(join(dir, 'insert'), 0o755);
  expect(() => openInsertFiles(dir, false)).toThrow(expect.objectContaining({ code: 'unavailable' }));
});

test('does not hand the engine a path that it would read as a pattern', () => {
  const odd = join(dir, 'a{b}*');
  mkdirSync(odd);
  expect(() => openInsertFiles(odd, false)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  writeFileSync(join(odd, 'x'), '');
});

test('says that it may be tried again when the folder has no room or is gone', () => {
  const files = openInsertFiles(dir, false);
  rmSync(join(dir, 'insert'), { recursive: true });
  expect(() => files.write(Uint8Array.of(1))).toThrow(
    expect.objectContaining({ code: 'unavailable', retryable: true }),
  );
});
