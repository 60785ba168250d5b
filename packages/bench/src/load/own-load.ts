import { startNode } from '../processes/node-process.ts';
import type { Bench } from '../scenario.ts';
import type { LoadJob, LoadResult } from './load.ts';

/** Runs the load in a child process of ours. */
export async function runOwnLoad(bench: Bench, job: LoadJob): Promise<LoadResult> {
  const child = startNode(bench, 'load/own-load-process.ts', job.core === undefined ? {} : { core: job.core });
  try {
    child.send(job);
    return await child.next<LoadResult>();
  } finally {
    await child.stop();
  }
}
