import { type Contestant, OTHERS_CORE } from '../contestants/contestants.ts';
import { runStreamLoad, type StreamJob } from '../load/stream-load.ts';
import type { Bench } from '../scenario.ts';
import { chatCalls } from '../traffic/chat-calls.ts';
import { cpuBetween, readCpu } from './process-cpu.ts';
import { readMemory } from './process-memory.ts';

/** One measurement of a server that passes streams on. */
export interface StreamSample {
  /** CPU time of the proxy's process per chunk, µs. */
  readonly cpuUs: number;
  readonly chunksPerSecond: number;
  readonly firstByteP50Ms: number;
  readonly firstByteP99Ms: number;
  readonly peakRssMib: number;
  /** Chunks that the upstream wrote and that the client read. */
  readonly written: number;
  readonly read: number;
}

/** Runs streams through a contestant and takes what its process used meanwhile. @param upstream whose chunks are counted. */
export async function measureStreams(
  bench: Bench,
  upstream: Contestant,
  contestant: Contestant,
  job: Pick<StreamJob, 'path' | 'connections' | 'gapMs' | 'seconds'>,
): Promise<StreamSample> {
  const written = async () => {
    upstream.process.send({ ask: 'stats' });
    return (await upstream.process.next<{ written: number }>()).written;
  };
  const writtenBefore = await written();
  const before = readCpu(contestant.pid);
  const calls = chatCalls({ stream: true });
  const result = await runStreamLoad(bench, { ...job, origin: contestant.origin, calls }, { core: OTHERS_CORE });
  const { processUs } = cpuBetween(before, readCpu(contestant.pid));
  return {
    cpuUs: processUs / result.chunks,
    chunksPerSecond: result.chunks / result.seconds,
    firstByteP50Ms: result.firstByteP50Ms,
    firstByteP99Ms: result.firstByteP99Ms,
    peakRssMib: readMemory(contestant.pid).peak,
    written: (await written()) - writtenBefore,
    read: result.chunks,
  };
}
