import { identifyProcess, stillRuns } from '@throughline/local-servers/process-identity';
import { processTree } from '../measure/process-tree.ts';

/** Ends a process by `stop`, and then whatever it had started that did not end with it. */
export async function endTree(pid: number | undefined, stop: () => Promise<unknown>): Promise<void> {
  const all = pid === undefined ? [] : processTree(pid).flatMap((one) => identifyProcess(one) ?? []);
  await stop();
  for (const one of all) if (stillRuns(one)) process.kill(one.pid, 'SIGKILL');
}
