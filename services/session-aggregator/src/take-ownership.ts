import { EPOCH_MAX, packVersion } from '@throughline/contracts/version';
import type { PartitionReader } from '@throughline/event-log/event-log';
import { type Fence, isRebuilding, type PartitionState } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { hasDeletedBehind } from './deletion/stored-deletions.ts';
import { OwnershipLostError, PartitionStoppedError } from './partition-errors.ts';
import { rebuildPartition } from './rebuild-partition.ts';
import { writtenSince } from './written-since.ts';

/** A partition that was taken. */
export interface Ownership {
  /** To go on from. */
  readonly state: PartitionState;
  /** Highest offset up to which owners before have written rows or snapshots. */
  readonly writtenThrough: number;
}

/**
 * Read how far the partition was applied, raise the ownership epoch there above every one that was ever written, and check
 * that the log can go on from it.
 *
 * The reader is not yet sought.
 *
 * @throws PartitionStoppedError when going on would lose or double events; OwnershipLostError when another owner took
 *   the partition at the same moment.
 * @param onRebuilt called when the totals were made anew from rows.
 */
export async function takeOwnership(
  deps: AggregatorDeps,
  reader: PartitionReader,
  onRebuilt: () => void = () => {},
): Promise<Ownership> {
  const { partition } = reader;
  const stored = await deps.totals.loadPartition(partition);
  // Asked after the fence: while the owner before goes on, an older answer ends before what it has applied by now.
  const { logId, low, high } = await reader.bounds();
  const known = stored !== undefined && !isRebuilding(stored.fence);
  // What was deleted since cannot be applied once more: what it took is not there to be counted and taken again.
  const isBehindDeletion =
    known &&
    (await hasDeletedBehind(deps.analytics, partition, packVersion(Math.max(stored.fence.offset, 0), EPOCH_MAX)));
  if (isBehindDeletion) {
    deps.logger.warn(
      { partition },
      'the totals are an older copy, from before a deletion: they are made anew from rows',
    );
    await deps.totals.dropPartition(partition);
  }
  const isWhole = known && !isBehindDeletion;
  const { state, committed } = isWhole
    ? { state: stored, committed: stored.fence }
    : await startWithoutFence(deps, reader, logId, low, known ? undefined : stored, onRebuilt);
  if (state.fence.logId !== logId) {
    throw new PartitionStoppedError(
      `partition ${partition}: totals belong to log ${state.fence.logId}, but this log is ${logId}. ` +
        'Restore the log that belongs to this data, or start with an empty data directory; over Kafka, ' +
        '`throughline rebase` goes on with the new log.',
    );
  }
  const next = state.fence.offset + 1;
  if (next < low || next > high) {
    throw new PartitionStoppedError(
      `partition ${partition}: applied up to offset ${state.fence.offset}, but the log holds ${low} to ${high - 1}. ` +
        'Over Kafka, `throughline rebase` goes on behind what is missing.',
    );
  }
  const written = await writtenSince(deps, partition, state);
  if (written.epoch > state.fence.epoch) {
    deps.logger.warn(
      { partition, offset: state.fence.offset, epoch: state.fence.epoch, written: written.epoch },
      'the totals of this partition are an older copy: what was applied since is applied again',
    );
  }
  const epoch = Math.max(state.fence.epoch, written.epoch) + 1;
  if (epoch > EPOCH_MAX) {
    throw new PartitionStoppedError(`partition ${partition}: ownership epoch ${epoch - 1} is the last one`);
  }
  const claimed: PartitionState = { ...state, fence: { ...state.fence, epoch } };
  // Never whatever is stored by now: totals emptied since the rebuild would be claimed with its counters and no session.
  const outcome = await deps.totals.commit(partition, committed, claimed, []);
  if (outcome === 'refused') throw new OwnershipLostError(partition);
  deps.crashPoint?.('aggregator:ownership-taken');
  return { state: claimed, writtenThrough: written.through };
}

/**
 * No fence: a new partition, or one whose totals are gone and whose rows are not.
 *
 * @returns `committed`: the fence that this has left in the totals, undefined for none.
 */
async function startWithoutFence(
  deps: AggregatorDeps,
  reader: PartitionReader,
  logId: string,
  low: number,
  unfinished: PartitionState | undefined,
  onRebuilt: () => void,
): Promise<{ state: PartitionState; committed: Fence | undefined }> {
  const rebuild = async (epoch: number) => {
    const state = await rebuildPartition(deps, reader, logId, epoch, unfinished);
    onRebuilt();
    return { state, committed: state.fence };
  };
  if (unfinished) return rebuild(unfinished.fence.epoch);
  const [highest] = await deps.analytics.query<{ epoch: string; found: string }>({
    // Of all rows: those that were inserted again carry a later owner's epoch at a lower offset.
    sql: `
SELECT max(bitAnd(version, ${EPOCH_MAX})) AS epoch, countIf(is_event) AS found
FROM (
  SELECT version, true AS is_event FROM requests WHERE source_partition = {partition:UInt16}
  UNION ALL SELECT version, true FROM annotations WHERE source_partition = {partition:UInt16}
  UNION ALL SELECT version, true FROM ledger_exceptions WHERE source_partition = {partition:UInt16}
  UNION ALL SELECT version, false FROM sessions WHERE source_partition = {partition:UInt16}
)`,
    params: { partition: reader.partition },
    settings: { max_execution_time: 600 },
  });
  if (highest && highest.found !== '0') {
    return rebuild(Number(highest.epoch) + 1);
  }
  if (low > 0) {
    throw new PartitionStoppedError(
      `partition ${reader.partition}: the log begins at offset ${low}, and neither totals nor rows know what came before.`,
    );
  }
  const state: PartitionState = {
    fence: { logId, offset: -1, epoch: 0 },
    producers: new Map(),
    tenants: new Map(),
    checkpoints: [{ offset: -1, at: deps.now() }],
    recentExceptions: [],
    unpublished: [],
    committedAt: deps.now(),
  };
  return { state, committed: undefined };
}
