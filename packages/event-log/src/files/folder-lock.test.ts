import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../test/log-folder.ts';
import { acquireFolderLock } from './folder-lock.ts';

const HOLDER = fileURLToPath(new URL('../../test/hold-lock.ts', import.meta.url));

let dir: string;
beforeEach(() => {
  dir = temporaryFolder();
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

test('makes the folder, holds it, and frees it', () => {
  const nested = path.join(dir, 'a', 'b');
  const lock = acquireFolderLock(nested);
  expect(() => acquireFolderLock(nested)).toThrow(
    expect.objectContaining({
      code: 'locked',
      message: expect.stringContaining(`${nested} is in use by this process`),
    }),
  );
  lock.release();
  lock.release();
  acquireFolderLock(nested).release();
});

test('a second process is told who holds the folder, and prints nothing else', async () => {
  const lock = acquireFolderLock(dir);
  const { output, errors } = await runHolder();
  expect(output).toBe(`${dir} is in use by process ${process.pid}; one process at a time can use it`);
  expect(errors).toBe('');
  lock.release();
});

test('kill -9 frees the folder at once', async () => {
  const child = spawn(process.execPath, [HOLDER, dir]);
  const [said] = await once(child.stdout, 'data');
  expect(String(said)).toBe('held');
  expect(() => acquireFolderLock(dir)).toThrow(`${dir} is in use by process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  acquireFolderLock(dir).release();
});

test('another thread of the process is refused too, and its end frees the folder', async () => {
  const lock = acquireFolderLock(dir);
  const refused = new Worker(HOLDER, { argv: [dir] });
  const [message] = await once(refused, 'message');
  expect(message).toContain('is in use by this process');
  await refused.terminate();
  lock.release();

  const holder = new Worker(HOLDER, { argv: [dir] });
  const [held] = await once(holder, 'message');
  expect(held).toBe('held');
  expect(() => acquireFolderLock(dir)).toThrow('is in use by this process');
  await holder.terminate();
  acquireFolderLock(dir).release();
});

test('a folder that cannot be made is a failure that names it', () => {
  const file = path.join(dir, 'file');
  fs.writeFileSync(file, '');
  expect(() => acquireFolderLock(file)).toThrow(expect.objectContaining({ code: 'failed' }));
});

async function runHolder(): Promise<{ output: string; errors: string }> {
  const child = spawn(process.execPath, [HOLDER, dir]);
  const [output, errors] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return { output, errors };
}

async function textOf(stream: NonNullable<ChildProcess['stdout']>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}
