import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { guardChild } from '@throughline/testkit/process/child-guard';
import { endProcess } from './end-process.ts';
import { identifyProcess, stillRuns } from './process-identity.ts';

test('a process is itself until it ends, and another one with its id is not', async () => {
  const child = spawn('sleep', ['100']);
  guardChild(child);
  const identity = identifyProcess(child.pid!)!;
  expect(stillRuns(identity)).toBe(true);
  expect(stillRuns({ ...identity, began: 'another time' })).toBe(false);
  child.kill();
  await once(child, 'exit');
  expect(identifyProcess(identity.pid)).toBeUndefined();
});

test('ends the process it was told to, paused or deaf, and no other that has its id', async () => {
  const deaf = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("deaf")';
  for (const paused of [true, false]) {
    const child = paused ? spawn('sleep', ['100']) : spawn(process.execPath, ['-e', deaf]);
    guardChild(child);
    const identity = identifyProcess(child.pid!)!;
    if (paused) child.kill('SIGSTOP');
    else await once(child.stdout!, 'data');
    expect(await endProcess({ ...identity, began: 'another time' })).toBe(false);
    expect(stillRuns(identity)).toBe(true);
    expect(await endProcess(identity, 200)).toBe(true);
    expect(stillRuns(identity)).toBe(false);
    expect(await endProcess(identity)).toBe(false);
  }
});
