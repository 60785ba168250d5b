import type { Contestant } from '../contestants/contestants.ts';
import { type LoadJob, type LoadResult, runLoad } from '../load/load.ts';
import type { Bench } from '../scenario.ts';
import { cpuBetween, readCpu } from './process-cpu.ts';
import { readMemory } from './process-memory.ts';

/** One measurement of a server under load. */
export interface LoadSample extends LoadResult {
  /** CPU time of the server's process per request, µs. */
  readonly cpuUs: number;
  readonly requestsPerSecond: number;
  readonly peakRssMib: number;
}

/** Runs the load on a contestant and takes what its process used meanwhile. */
export async function measureLoad(
  bench: Bench,
  contestant: Contestant,
  job: Omit<LoadJob, 'origin'>,
): Promise<LoadSample> {
  const before = readCpu(contestant.pid);
  const result = await runLoad(bench, { ...job, origin: contestant.origin });
  const { processUs } = cpuBetween(before, readCpu(contestant.pid));
  return {
    ...result,
    cpuUs: processUs / result.requests,
    requestsPerSecond: result.requests / result.seconds,
    peakRssMib: readMemory(contestant.pid).peak,
  };
}
