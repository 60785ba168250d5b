import { readdirSync, readFileSync } from 'node:fs';
import { statFields, ticksUs } from './process-cpu.ts';

/** CPU time used so far by a process and all that descend from it, ended ones included, microseconds. */
export interface TreeCpu {
  readonly totalUs: number;
  /** Processes that run. */
  readonly processes: number;
}

/**
 * A process's own time and that of its children which have ended and been waited for, over all that descend from `pid`. So
 * what a worker used is counted once, while it runs and after.
 *
 * @throws when there is no such process, and where there is no `/proc`.
 */
export function readTreeCpu(pid: number): TreeCpu {
  const all = readProcesses();
  const root = all.get(pid);
  if (!root) throw new Error(`there is no process ${pid}`);
  const tree = descendants(pid, all);
  return { totalUs: tree.reduce((sum, one) => sum + all.get(one)!.cpuUs, 0), processes: tree.length };
}

/** Resident memory of a process and all that descend from it, MiB. Pages that they share count once for each. */
export function readTreeRss(pid: number): number {
  return descendants(pid, readProcesses()).reduce((sum, one) => sum + rssMib(one), 0);
}

/** Ids of a process and all that descend from it, those that were started last first: in that order they can be ended. */
export function processTree(pid: number): number[] {
  return descendants(pid, readProcesses()).reverse();
}

interface ProcessStat {
  readonly parent: number;
  readonly cpuUs: number;
}

function readProcesses(): Map<number, ProcessStat> {
  const all = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      all.set(Number(name), parseProcessStat(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It has ended since the folder was listed.
    }
  }
  return all;
}

/** The parent, and the time of a process and of its children that have ended, of a line of `/proc/<pid>/stat`. */
export function parseProcessStat(line: string): ProcessStat {
  const { fields } = statFields(line);
  return { parent: Number(fields[1]), cpuUs: ticksUs(fields, [11, 12, 13, 14]) };
}

function descendants(pid: number, all: ReadonlyMap<number, ProcessStat>): number[] {
  const children = Map.groupBy(all.keys(), (one) => all.get(one)!.parent);
  const found = [pid];
  // The list grows while it is walked.
  for (const one of found) found.push(...(children.get(one) ?? []));
  return found;
}

function rssMib(pid: number): number {
  try {
    const [, resident] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return (Number(resident) * PAGE_BYTES) / 1024 ** 2;
  } catch {
    return 0;
  }
}

const PAGE_BYTES = 4_096;
