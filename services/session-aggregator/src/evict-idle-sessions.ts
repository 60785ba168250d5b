import { isPublished } from '@throughline/session-totals/describe-session';
import type { PartitionState, SessionStub } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { OwnershipLostError } from './pipeline.ts';
import type { SessionCache } from './session-cache.ts';

/** Sessions evicted in one commit: as many as a usual batch touches. */
const EVICTED_MAX = 500;

/**
 * Replace sessions that have been idle by stubs: their snapshots hold everything. Runs between batches, when every
 * committed session is published.
 *
 * @returns the partition's state, unchanged but for the time of its commit.
 */
export async function evictIdleSessions(
  deps: AggregatorDeps,
  cache: SessionCache,
  state: PartitionState,
  partition: number,
): Promise<PartitionState> {
  const keys = await deps.totals.idle(partition, deps.now() - deps.config.evictAfterIdleMs, EVICTED_MAX);
  if (keys.length === 0) return state;
  const sessions = await deps.totals.loadMany(partition, keys);
  const stubs: SessionStub[] = [];
  for (const session of sessions) {
    if (session === undefined || 'evicted' in session || !isPublished(session)) continue;
    const { tenantId, sessionId, snapshotVersion } = session;
    stubs.push({ evicted: true, tenantId, sessionId, snapshotVersion });
  }
  if (stubs.length === 0) return state;
  const next = { ...state, unpublished: [], committedAt: deps.now() };
  const outcome = await deps.totals.commit(partition, state.fence, next, stubs);
  if (outcome === 'refused') throw new OwnershipLostError(partition);
  cache.forget(stubs);
  return next;
}
