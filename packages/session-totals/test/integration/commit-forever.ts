// Run as a process of its own by the tests: commits to the folder given until it is killed, and says after which commit
// it is on standard output. Every commit writes the same offset everywhere, so that half a commit would show.
import { writeSync } from 'node:fs';
import { openLmdbSessionTotals } from '../../src/lmdb/lmdb-session-totals.ts';
import { sampleFence, samplePartition, sampleState } from '../../src/session-state-samples.ts';

const [dir, sessions] = process.argv.slice(2);
const totals = openLmdbSessionTotals({ dir: dir! });
let offset = (await totals.loadPartition(0))?.fence.offset ?? 0;
writeSync(1, `start ${offset}\n`);
for (;;) {
  const expected = offset === 0 ? undefined : sampleFence(offset);
  offset++;
  const states = Array.from({ length: Number(sessions) }, (_, i) => sampleState(`session ${i}`, offset));
  try {
    const outcome = await totals.commit(0, expected, samplePartition(offset), states);
    writeSync(1, `${outcome} ${offset}\n`);
  } catch (error) {
    const { code, retryable } = error as { code: string; retryable: boolean };
    offset--;
    writeSync(1, `failed ${code} ${retryable} ${offset}\n`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
