import { waitFor } from '@throughline/testkit/wait-for';
import { type ProcessIdentity, stillRuns } from './process-identity.ts';

/** A server that has not ended this long after SIGTERM is stuck. */
const END_MS_MAX = 15_000;

/**
 * Ends this very process, in order where it does so in time, and waits until it is gone. Does nothing where it has
 * ended already, whoever has its id now.
 *
 * @param termMsMax how long it may take to end in order.
 * @returns whether it ran.
 */
export async function endProcess(identity: ProcessIdentity, termMsMax = END_MS_MAX): Promise<boolean> {
  if (!signal(identity, 'SIGTERM')) return false;
  // One that is paused would not hear of it.
  signal(identity, 'SIGCONT');
  const gone = () => !stillRuns(identity);
  await waitFor(gone, { timeoutMs: termMsMax }).catch(() => signal(identity, 'SIGKILL'));
  await waitFor(gone, { timeoutMs: END_MS_MAX, what: `the end of process ${identity.pid}` });
  return true;
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!stillRuns(identity)) return false;
  try {
    process.kill(identity.pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
