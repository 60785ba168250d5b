import { readdirSync, readFileSync } from 'node:fs';

/** CPU time used so far: user and system, microseconds. The kernel counts in ticks of 10 ms. */
export interface CpuTimes {
  /** Of the whole process, ended threads included. */
  readonly processUs: number;
  /** By thread name; threads of one name are added up. */
  readonly threads: Readonly<Record<string, number>>;
}

const TICK_US = 10_000;

/** @throws when there is no such process, and where there is no `/proc`. */
export function readCpu(pid: number): CpuTimes {
  const threads: Record<string, number> = {};
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      const { name, cpuUs } = parseStat(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8'));
      threads[name] = (threads[name] ?? 0) + cpuUs;
    } catch {
      // The thread has ended since the folder was listed.
    }
  }
  return { processUs: parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).cpuUs, threads };
}

/** What was used between two readings. */
export function cpuBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  const threads = Object.fromEntries(
    Object.entries(after.threads).map(([name, us]) => [name, us - (before.threads[name] ?? 0)]),
  );
  return { processUs: after.processUs - before.processUs, threads };
}

/** A line of `/proc/<pid>/stat`: the name stands in parentheses and may hold anything, utime and stime come later. */
export function parseStat(line: string): { name: string; cpuUs: number } {
  const end = line.lastIndexOf(')');
  const fields = line.slice(end + 2).split(' ');
  return { name: line.slice(line.indexOf('(') + 1, end), cpuUs: (Number(fields[11]) + Number(fields[12])) * TICK_US };
}
