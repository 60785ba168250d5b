import { unpackVersion } from '@throughline/contracts/version';
import { isPublished } from '@throughline/session-totals/describe-session';
import type { PartitionState, SessionStub } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { loadOwn } from './load-own.ts';
import { OwnershipLostError } from './partition-errors.ts';
import type { SessionCache } from './session-cache.ts';

/** Sessions evicted in one commit: as many as a usual batch touches. */
export const EVICTED_MAX = 500;

export interface EvictionTime {
  readonly partition: number;
  /**
   * `received_at` of the latest event applied, epoch ms: by the clock, all sessions of a log that is being caught up with
   * would be idle.
   */
  readonly logTime: number;
  /** For how long a session was not called. `evictAfterIdleMs`. */
  readonly idleMs?: number;
}

/**
 * Replace sessions that have been idle by stubs: their snapshots hold everything. Runs between batches, when every
 * committed session is published.
 *
 * @returns the partition's state, unchanged but for the time of its commit, and how many idle sessions were found:
 *   `EVICTED_MAX` means that there may be more.
 * @throws OwnershipLostError when the totals are at another fence.
 */
export async function evictIdleSessions(
  deps: AggregatorDeps,
  cache: SessionCache,
  state: PartitionState,
  { partition, logTime, idleMs = deps.config.evictAfterIdleMs }: EvictionTime,
): Promise<{ state: PartitionState; found: number }> {
  const keys = await deps.totals.idle(partition, logTime - idleMs, EVICTED_MAX);
  const sessions = await loadOwn(deps.totals, partition, keys, state.fence);
  const stubs: SessionStub[] = [];
  for (const session of sessions) {
    if (session === undefined || 'evicted' in session || !isPublished(session)) continue;
    // Changed by a deletion that is not committed yet: its snapshot comes behind it.
    if (unpackVersion(session.snapshotVersion).offset > state.fence.offset) continue;
    const { tenantId, sessionId, snapshotVersion } = session;
    stubs.push({ evicted: true, tenantId, sessionId, snapshotVersion });
  }
  if (stubs.length === 0) return { state, found: 0 };
  const next = { ...state, unpublished: [], committedAt: deps.now() };
  const outcome = await deps.totals.commit(partition, state.fence, next, stubs);
  if (outcome === 'refused') throw new OwnershipLostError(partition);
  deps.crashPoint?.('aggregator:sessions-evicted');
  cache.forget(stubs);
  return { state: next, found: keys.length };
}
