import { readdirSync, readFileSync } from 'node:fs';

/** CPU time used so far: user and system, microseconds. The kernel counts in ticks of 10 ms. */
export interface CpuTimes {
  /** Of the whole process, ended threads included. */
  readonly processUs: number;
  /** By thread name; threads of one name are added up. */
  readonly threads: Readonly<Record<string, number>>;
}

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

/** The name, and user and system time, of a line of `/proc/<pid>/stat`. */
export function parseStat(line: string): { name: string; cpuUs: number } {
  const { name, fields } = statFields(line);
  return { name, cpuUs: ticksUs(fields, [11, 12]) };
}

/** A line of `/proc/<pid>/stat`: the name stands in parentheses and may hold anything; the fields are those behind it. */
export function statFields(line: string): { name: string; fields: readonly string[] } {
  const end = line.lastIndexOf(')');
  return { name: line.slice(line.indexOf('(') + 1, end), fields: line.slice(end + 2).split(' ') };
}

/** The sum of fields that count ticks, as microseconds. */
export function ticksUs(fields: readonly string[], places: readonly number[]): number {
  return places.reduce((sum, at) => sum + Number(fields[at]), 0) * TICK_US;
}

const TICK_US = 10_000;
