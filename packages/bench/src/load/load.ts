import type { Bench } from '../scenario.ts';
import type { PreparedCall } from '../traffic/chat-calls.ts';
import { runOwnLoad } from './own-load.ts';
import { runWrk } from './wrk.ts';

/** As many calls as go through: each connection sends its next call when the answer to the last one is complete. */
export interface LoadJob {
  readonly origin: string;
  readonly path: string;
  readonly calls: readonly PreparedCall[];
  readonly connections: number;
  readonly seconds: number;
  /** Core of the load generator. */
  readonly core?: number;
}

export interface LoadResult {
  /** Answers received in full. */
  readonly requests: number;
  readonly seconds: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Broken connections and time-outs; and answers that were no 2xx or 3xx. */
  readonly errors: number;
  readonly refusals: number;
}

/** Runs the load with `wrk` where it is installed, else with a generator of our own in a child process. */
export async function runLoad(bench: Bench, job: LoadJob): Promise<LoadResult> {
  // Bytes that are no text cannot be written into wrk's script.
  const isText = job.calls.every(({ bodyEncoding }) => bodyEncoding === undefined);
  const result = bench.tools.wrk && isText ? await runWrk(bench.tools, job) : await runOwnLoad(bench, job);
  if (result.errors > 0 || result.refusals > 0 || result.requests === 0) {
    throw new Error(
      `load on ${job.origin}: ${result.requests} answers, ${result.errors} errors, ${result.refusals} refusals`,
    );
  }
  return result;
}
