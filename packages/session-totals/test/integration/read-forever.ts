// Run as a worker thread by the tests: reads the folder given through a handle of its own, as fast as it can.
import { parentPort, workerData } from 'node:worker_threads';
import { openLmdbSessionTotals } from '../../src/lmdb/lmdb-session-totals.ts';

const { dir, sessions } = workerData as { dir: string; sessions: number };
const totals = openLmdbSessionTotals({ dir, readOnly: true });
const port = parentPort!;
let reads = 0;
let torn = 0;
let backwards = 0;
let newest = 0;

async function readOne(): Promise<number> {
  const found = await totals.read({ tenantId: 'tenant', sessionId: `session ${reads++ % sessions}` });
  if (found === undefined || !('state' in found)) return 0;
  if (found.state.requests !== found.fence.offset) torn++;
  if (found.fence.offset < newest) backwards++;
  newest = found.fence.offset;
  return found.fence.offset;
}

let isDone = false;
port.on('message', async (message: 'read' | 'stop') => {
  if (message === 'read') port.postMessage({ offset: await readOne() });
  else {
    isDone = true;
    port.postMessage({ reads, torn, backwards });
    await totals.close();
    port.close();
  }
});
port.postMessage('ready');
while (!isDone) {
  await readOne();
  if (reads % 50 === 0) await new Promise(setImmediate);
}
