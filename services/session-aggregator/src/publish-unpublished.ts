import type { PartitionState } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import type { SessionCache } from './session-cache.ts';
import { publishSnapshotsStep } from './steps/publish-snapshots-step.ts';

/** The snapshots of the last commit, which whoever made it may not have lived to publish. */
export async function publishUnpublished(
  deps: AggregatorDeps,
  cache: SessionCache,
  state: PartitionState,
): Promise<void> {
  const sessions = await cache.at(state.fence).load(state.unpublished);
  await publishSnapshotsStep(
    deps.analytics,
    [...sessions.values()].map((session) => ({ state: session, keys: 'unknown' })),
    { epoch: state.fence.epoch, now: deps.now() },
    () => {},
  );
  deps.crashPoint?.('aggregator:unpublished-published');
}
