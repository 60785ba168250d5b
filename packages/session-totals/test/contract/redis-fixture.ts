import { randomUUID } from 'node:crypto';
import type { TotalsFixture } from '../../src/contract.ts';
import { openRedisSessionTotals } from '../../src/redis/redis-session-totals.ts';
import type { SessionTotals } from '../../src/session-totals.ts';

/** A store of its own in a Redis that others use too: nobody else knows its name. */
export async function redisFixture(url: string): Promise<TotalsFixture> {
  const opened: SessionTotals[] = [];
  const namespace = randomUUID();
  const open = async () => {
    // One partition, so that readers look where the suite writes.
    const totals = await openRedisSessionTotals({ url, partitions: 1, namespace, onWarning: () => {} });
    opened.push(totals);
    return totals;
  };
  return {
    openOwner: open,
    openReader: open,
    async dispose() {
      await Promise.all(opened.map((totals) => totals.close()));
    },
  };
}
