import type { AggregatorDeps } from '../aggregator-deps.ts';
import type { SessionReader } from '../session-cache.ts';
import { publishSnapshotsStep } from '../steps/publish-snapshots-step.ts';
import type { DeletionExecution } from './execute-deletion.ts';

/** Publishes sessions that a deletion left something of. Those that are gone by now are passed over. */
export function publishKept(
  deps: Pick<AggregatorDeps, 'analytics' | 'now'>,
  cache: SessionReader,
  epoch: number,
): DeletionExecution['publish'] {
  return async (tenantId, sessionIds) => {
    const sessions = await cache.load(sessionIds.map((sessionId) => ({ tenantId, sessionId })));
    await publishSnapshotsStep(
      deps.analytics,
      [...sessions.values()].map((state) => ({ state, keys: 'unknown' })),
      { epoch, now: deps.now() },
      () => {},
    );
  };
}
