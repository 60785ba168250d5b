import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { parseProcessStat, processTree, readTreeCpu, readTreeRss } from './process-tree.ts';

test('reads a line whose name holds anything', () => {
  const line = '42 (a) S (b) R 7 42 42 0 -1 4194304 1 2 3 4 100 50 20 10 20 0 1 0 5 6 7';
  expect(parseProcessStat(line)).toEqual({ parent: 7, cpuUs: 1_800_000 });
});

test('counts what a process, those below it and those that have ended used', async () => {
  const busy = 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done';
  // One that has ended, one that still runs, and the shell above them.
  const shell = spawn('sh', ['-c', `sh -c '${busy}'; sh -c 'echo ready; exec sleep 60' & wait`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((resolve) => shell.stdout.once('data', resolve));
    const { totalUs, processes } = readTreeCpu(shell.pid!);
    expect(processes).toBe(2);
    expect(totalUs).toBeGreaterThan(0);
    expect(processTree(shell.pid!)).toEqual([expect.any(Number), shell.pid]);
    expect(readTreeRss(shell.pid!)).toBeGreaterThan(0);
  } finally {
    for (const pid of processTree(shell.pid!)) process.kill(pid, 'SIGKILL');
  }
  await new Promise((resolve) => shell.once('exit', resolve));
  expect(() => readTreeCpu(shell.pid!)).toThrow(`there is no process ${shell.pid}`);
});
