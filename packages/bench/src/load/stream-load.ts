import { type NodeProcessOptions, startNode } from '../processes/node-process.ts';
import type { Bench } from '../scenario.ts';
import type { PreparedCall } from '../traffic/chat-calls.ts';

/** Streams one after the other on each connection; those under way at the end are read to their end. */
export interface StreamJob {
  readonly origin: string;
  readonly path: string;
  readonly calls: readonly PreparedCall[];
  readonly connections: number;
  readonly seconds: number;
  /** Pause of the provider between two chunks; 0: none. */
  readonly gapMs: number;
}

export interface StreamResult {
  readonly streams: number;
  readonly chunks: number;
  readonly failures: number;
  readonly seconds: number;
  readonly firstByteP50Ms: number;
  readonly firstByteP99Ms: number;
}

/** Runs the job in a child process. @throws when a stream failed. */
export async function runStreamLoad(bench: Bench, job: StreamJob, options: NodeProcessOptions): Promise<StreamResult> {
  const child = startNode(bench, 'load/stream-load-process.ts', options);
  try {
    child.send(job);
    const result = await child.next<StreamResult>();
    if (result.failures > 0) throw new Error(`${result.failures} of ${result.streams} streams of ${job.origin} failed`);
    return result;
  } finally {
    await child.stop();
  }
}
