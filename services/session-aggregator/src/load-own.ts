import type { SessionState } from '@throughline/session-totals/session-state';
import {
  type Fence,
  type SessionKey,
  type SessionStub,
  type SessionTotals,
  SessionTotalsError,
} from '@throughline/session-totals/session-totals';
import { lostOwnership } from './partition-errors.ts';

/**
 * Sessions of a partition as its owner left them, in the order of their keys. Totals that were emptied meanwhile would
 * answer that all of them are new, and a copy with the very fence may be put back before the next commit, which would
 * then be taken.
 *
 * @throws OwnershipLostError when the totals are at another fence than the owner's.
 */
export async function loadOwn(
  totals: Pick<SessionTotals, 'loadMany' | 'loadPartition'>,
  partition: number,
  keys: readonly SessionKey[],
  fence: Fence,
): Promise<(SessionState | SessionStub | undefined)[]> {
  try {
    return await totals.loadMany(partition, keys, fence);
  } catch (error) {
    if (!(error instanceof SessionTotalsError && error.code === 'moved')) throw error;
    const stored = await totals.loadPartition(partition);
    throw lostOwnership(partition, fence, stored?.fence);
  }
}
