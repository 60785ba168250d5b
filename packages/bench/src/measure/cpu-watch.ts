import { type CpuTimes, cpuBetween, readCpu } from './process-cpu.ts';

/** What one kind of process used: all its processes added up, microseconds. */
export type CpuByName<Name extends string> = Readonly<Record<Name, CpuTimes>>;

/**
 * Starts to watch processes, by name.
 *
 * @returns a function that says what each name has used since. It may be called again.
 * @throws when one of them has ended.
 */
export function watchCpu<Name extends string>(pids: Readonly<Record<Name, readonly number[]>>): () => CpuByName<Name> {
  const names = Object.keys(pids) as Name[];
  const read = () => names.map((name) => pids[name].map(readCpu));
  const before = read();
  return () => {
    const now = read();
    const used = names.map((name, i) => [name, sumOf(now[i]!.map((cpu, j) => cpuBetween(before[i]![j]!, cpu)))]);
    return Object.fromEntries(used) as CpuByName<Name>;
  };
}

/** CPU times of several processes; threads of one name are added up. */
export function sumOf(times: readonly CpuTimes[]): CpuTimes {
  const threads: Record<string, number> = {};
  for (const own of times) {
    for (const [name, us] of Object.entries(own.threads)) threads[name] = (threads[name] ?? 0) + us;
  }
  return { processUs: times.reduce((sum, { processUs }) => sum + processUs, 0), threads };
}
