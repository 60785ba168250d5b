import { join } from 'node:path';
import { openFileAppender } from '@throughline/event-log/files/file-appender';
import { openLmdbSessionTotals } from '@throughline/session-totals/lmdb/lmdb-session-totals';
import type { PartitionState, SessionChange, SessionKey } from '@throughline/session-totals/session-totals';

/** Of everything that is seeded. */
export const SEED_EPOCH = 1;

/** Sessions of one transaction. */
export interface SeededSessions {
  readonly sessions: readonly SessionChange[];
  /** Whose snapshots the next owner publishes; of the last transaction alone. */
  readonly unpublished?: readonly SessionKey[];
}

/**
 * Gives a folder totals that reflect everything below an offset, and an empty log that goes on there. The counters of
 * tenants begin at nothing.
 *
 * @param at epoch ms of the owner's clock.
 */
export async function seedTotals(
  dir: string,
  { nextOffset, at }: { nextOffset: number; at: number },
  commits: AsyncIterable<SeededSessions> | Iterable<SeededSessions>,
): Promise<void> {
  const appender = openFileAppender({ dir: join(dir, 'log'), minNextOffset: nextOffset, clock: () => at });
  const totals = openLmdbSessionTotals({ dir: join(dir, 'totals') });
  const fence = { logId: appender.logId, offset: nextOffset - 1, epoch: SEED_EPOCH };
  let stored: PartitionState | undefined;
  for await (const { sessions, unpublished = [] } of commits) {
    const next: PartitionState = {
      fence,
      producers: new Map(),
      tenants: new Map(),
      checkpoints: [{ offset: fence.offset, at }],
      recentExceptions: [],
      unpublished,
      committedAt: at,
    };
    const outcome = await totals.commit(0, stored?.fence, next, sessions);
    if (outcome === 'refused') throw new Error('seeded totals were refused');
    stored = next;
  }
  await totals.close();
  // What it says at its end comes behind everything that is seeded.
  await appender.close();
}
