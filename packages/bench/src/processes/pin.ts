import { execFileSync } from 'node:child_process';
import type { Tools } from './tools.ts';

/** Moves a running process, every thread of it, to one core; where that is not possible it stays where it is. */
export function pinProcess({ taskset }: Tools, pid: number, core: number): void {
  if (taskset) execFileSync(taskset, ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
}
