import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { waitFor } from '../wait-for.ts';
import { guardChild, livingChildren } from './child-guard.ts';

test('a guarded child is among the living until it ends', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  guardChild(child);
  expect(livingChildren()).toContain(child.pid);
  child.kill('SIGKILL');
  await waitFor(() => !livingChildren().includes(child.pid!));
});

test('a child does not outlive the process that guards it, even when that one is killed', async () => {
  const guard = fileURLToPath(new URL('./child-guard.ts', import.meta.url));
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { spawn } from 'node:child_process';
       import { guardChild } from ${JSON.stringify(guard)};
       const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
       guardChild(child);
       // Printed only once the watchdog can have read the line before it.
       setTimeout(() => process.stdout.write(String(child.pid)), 200);
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  guardChild(parent);
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await waitFor(() => !isAlive(pid), { what: 'the end of the child' });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Where nobody reaps orphans, an ended process stays listed as a zombie.
    return !existsSync(`/proc/${pid}/stat`) || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
