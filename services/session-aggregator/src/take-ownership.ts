import { EPOCH_MAX, unpackVersion } from '@throughline/contracts/version';
import type { PartitionReader } from '@throughline/event-log/event-log';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { isRebuilding, rebuildPartition } from './rebuild-partition.ts';

/** This partition cannot go on without a person: its log, totals and rows do not fit together. */
export class PartitionStoppedError extends Error {
  override readonly name = 'PartitionStoppedError';
}

/**
 * Read how far the partition was applied, raise the ownership epoch there, and check that the log can go on from it.
 *
 * @returns the state to go on from. The reader is not yet sought.
 * @throws PartitionStoppedError when going on would lose or double events.
 */
export async function takeOwnership(deps: AggregatorDeps, reader: PartitionReader): Promise<PartitionState> {
  const { partition } = reader;
  const { logId, low, high } = await reader.bounds();
  const stored = await deps.totals.loadPartition(partition);
  const isWhole = stored !== undefined && !isRebuilding(stored);
  const state = isWhole ? stored : await startWithoutFence(deps, reader, logId, low, stored);
  if (state.fence.logId !== logId) {
    throw new PartitionStoppedError(
      `partition ${partition}: totals belong to log ${state.fence.logId}, but this log is ${logId}. ` +
        'Restore the log folder that belongs to this data, or start with an empty data directory.',
    );
  }
  const next = state.fence.offset + 1;
  if (next < low || next > high) {
    throw new PartitionStoppedError(
      `partition ${partition}: applied up to offset ${state.fence.offset}, but the log holds ${low} to ${high - 1}.`,
    );
  }
  if (state.fence.epoch >= EPOCH_MAX) {
    throw new PartitionStoppedError(`partition ${partition}: ownership epoch ${state.fence.epoch} is the last one`);
  }
  const claimed: PartitionState = { ...state, fence: { ...state.fence, epoch: state.fence.epoch + 1 } };
  const expected = isWhole ? stored.fence : (await deps.totals.loadPartition(partition))?.fence;
  const outcome = await deps.totals.commit(partition, expected, claimed, []);
  if (outcome === 'refused') {
    throw new PartitionStoppedError(`partition ${partition}: another owner took it at the same moment`);
  }
  return claimed;
}

/** No fence: a new partition, or one whose totals are gone and whose rows are not. */
async function startWithoutFence(
  deps: AggregatorDeps,
  reader: PartitionReader,
  logId: string,
  low: number,
  unfinished: PartitionState | undefined,
): Promise<PartitionState> {
  if (unfinished) return rebuildPartition(deps, reader, logId, unfinished.fence.epoch, unfinished);
  const [highest] = await deps.analytics.query<{ version: string; found: string }>({
    sql: `
SELECT max(version) AS version, count() AS found
FROM (
  SELECT version FROM requests WHERE source_partition = {partition:UInt16}
  UNION ALL SELECT version FROM ledger_exceptions WHERE source_partition = {partition:UInt16}
)`,
    params: { partition: reader.partition },
  });
  if (highest && highest.found !== '0') {
    return rebuildPartition(deps, reader, logId, unpackVersion(BigInt(highest.version)).epoch + 1, undefined);
  }
  if (low > 0) {
    throw new PartitionStoppedError(
      `partition ${reader.partition}: the log begins at offset ${low}, and neither totals nor rows know what came before.`,
    );
  }
  return {
    fence: { logId, offset: -1, epoch: 0 },
    producers: new Map(),
    tenants: new Map(),
    recentExceptions: [],
    unpublished: [],
    committedAt: deps.now(),
  };
}
