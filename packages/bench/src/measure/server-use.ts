import { readTreeCpu, readTreeRss } from './process-tree.ts';

export interface ServerUse<Result> {
  readonly result: Result;
  /** CPU time of all processes, µs. */
  readonly cpuUs: number;
  /** Resident memory of all processes at the end. */
  readonly rssMib: number;
}

/**
 * What a server used while something was done with it; NaN where it has no processes.
 *
 * @param pids the first of the processes of each of its parts.
 */
export async function measureUse<Result>(
  pids: readonly number[],
  work: () => Promise<Result>,
): Promise<ServerUse<Result>> {
  const sum = (read: (pid: number) => number) =>
    pids.length === 0 ? Number.NaN : pids.reduce((total, pid) => total + read(pid), 0);
  const used = () => sum((pid) => readTreeCpu(pid).totalUs);
  const before = used();
  const result = await work();
  return { result, cpuUs: used() - before, rssMib: sum(readTreeRss) };
}
