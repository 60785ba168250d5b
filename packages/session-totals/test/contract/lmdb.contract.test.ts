import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sessionTotalsContract } from '../../src/contract.ts';
import { openLmdbSessionTotals } from '../../src/lmdb/lmdb-session-totals.ts';
import type { SessionTotals } from '../../src/session-totals.ts';

sessionTotalsContract('LMDB', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'totals-'));
  const opened: SessionTotals[] = [];
  const open = async (readOnly: boolean) => {
    const totals = openLmdbSessionTotals({ dir, readOnly });
    opened.push(totals);
    return totals;
  };
  return {
    openOwner: () => open(false),
    openReader: () => open(true),
    async dispose() {
      for (const totals of opened) await totals.close();
      await rm(dir, { recursive: true });
    },
  };
});
