import { setTimeout as sleep } from 'node:timers/promises';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { LogBounds, PartitionReader, RebasableLog } from '@throughline/event-log/event-log';
import { isRebuilding, type PartitionState } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { OwnershipLostError } from './partition-errors.ts';
import { applyBatch } from './pipeline.ts';
import { publishUnpublished } from './publish-unpublished.ts';
import { lastWholeOffset } from './rebuild-partition.ts';
import { retry } from './retry.ts';
import { createSessionCache } from './session-cache.ts';
import { takeOwnership } from './take-ownership.ts';

export interface RebaseOptions {
  /**
   * Time for a batch that was under way when its owner was refused to reach the rows, ms: positions are given behind
   * them. 10 s: twice what a slow insert takes.
   */
  readonly settleMs?: number;
}

/** What became of one partition. */
export type Rebased =
  /** Its position is in the log: nothing was done. */
  | { readonly partition: number; readonly outcome: 'goes-on' }
  /** It goes on at `next`; offsets from `from` up to there are in rows or named `lost`. */
  | { readonly partition: number; readonly outcome: 'rebased'; readonly from: number; readonly next: number }
  /** Somebody committed at the same moment: an owner is active, or another rebase. */
  | { readonly partition: number; readonly outcome: 'busy' };

/**
 * Let every partition that has lost its position in the log go on: at the first position that the log has. What lies
 * between is named `lost` in the ledger, except what had reached the rows, which is counted.
 *
 * - Events deleted before they were read (retention, truncation): exactly those offsets are lost.
 * - Another log in the place of the one read so far, or one that has become shorter: how much is gone nobody knows. The
 *   log is given positions behind everything stored, and the offsets between mark the place. Events that are read a
 *   second time are told by their producers' numbers.
 *
 * A partition whose position the log holds is left alone, and one with an active owner cannot be taken from it, because
 * each step compares fences. May be repeated after a crash at any point.
 *
 * @throws whatever a store throws that cannot be retried.
 */
export async function rebaseLog(
  deps: AggregatorDeps,
  log: RebasableLog,
  options: RebaseOptions = {},
): Promise<readonly Rebased[]> {
  const { settleMs = 10_000 } = options;
  const stopped: Stopped[] = [];
  const outcomes: Rebased[] = [];
  const unlessBusy = async (partition: number, step: () => Promise<Rebased | undefined>) => {
    try {
      const outcome = await step();
      if (outcome) outcomes.push(outcome);
      return true;
    } catch (error) {
      if (!(error instanceof OwnershipLostError)) throw error;
      outcomes.push({ partition, outcome: 'busy' });
      return false;
    }
  };
  const positionsBefore = new Map<number, Position>();
  for (const partition of (await log.look()).keys()) {
    positionsBefore.set(partition, await readPosition(deps, partition));
  }
  // Looked at after the positions: an older look ends before what an active owner has applied by now.
  for (const [partition, bounds] of await log.look()) {
    const position = positionsBefore.get(partition) ?? (await readPosition(deps, partition));
    const problem = problemOf(position, bounds);
    if (problem === undefined) outcomes.push({ partition, outcome: 'goes-on' });
    else stopped.push({ partition, bounds, position, problem });
  }

  const ready = stopped.filter(({ problem }) => problem === 'gap');
  const unplaced: Stopped[] = [];
  for (const item of stopped.filter(({ problem }) => problem !== 'gap')) {
    const { partition, position } = item;
    // From here on no owner of the log before can commit; the last rows of one may still be on their way.
    const isClaimed = await unlessBusy(partition, async () => {
      if (position.state) await claim(deps, partition, position.state, position.state.fence.logId);
      return undefined;
    });
    if (isClaimed) unplaced.push(item);
  }
  if (unplaced.some(({ position }) => position.offset >= 0)) await sleep(settleMs);
  const positions = new Map<number, number>();
  for (const { partition, bounds, position, problem } of unplaced) {
    const highest = Math.max(position.offset, await highestStored(deps.analytics, partition));
    // One offset at least between the two logs: there the end of the old one is named.
    const first = highest < 0 ? 0 : highest + 2;
    const isPlaced = problem === 'other-log' && bounds !== undefined && bounds.low >= first;
    if (!isPlaced) positions.set(partition, first);
  }
  if (positions.size > 0) await log.place(positions);
  ready.push(...unplaced);

  const placed = ready.length > 0 ? await log.look() : new Map<number, LogBounds>();
  for (const { partition, problem } of ready) {
    const bounds = placed.get(partition);
    // Without positions it was replaced once more in between.
    if (bounds) await unlessBusy(partition, () => goOnAt(deps, partition, bounds, problem));
    else outcomes.push({ partition, outcome: 'busy' });
  }
  return outcomes.sort((a, b) => a.partition - b.partition);
}

interface Stopped {
  readonly partition: number;
  readonly bounds: LogBounds | undefined;
  readonly position: Position;
  readonly problem: Problem;
}

/** Up to which offset a partition was applied; without totals, up to which its rows are whole. */
interface Position {
  readonly offset: number;
  readonly state: PartitionState | undefined;
}

type Problem =
  /** The log begins behind the position. */
  | 'gap'
  | 'other-log'
  /** The log ends before the position. */
  | 'shorter';

async function readPosition(deps: AggregatorDeps, partition: number): Promise<Position> {
  const state = await deps.totals.loadPartition(partition);
  if (state && !isRebuilding(state.fence)) return { offset: state.fence.offset, state };
  return { offset: await lastWholeOffset(deps, partition), state: undefined };
}

function problemOf({ offset, state }: Position, bounds: LogBounds | undefined): Problem | undefined {
  if (!bounds || (state && state.fence.logId !== bounds.logId)) return 'other-log';
  if (offset + 1 < bounds.low) return 'gap';
  return offset + 1 > bounds.high ? 'shorter' : undefined;
}

async function highestStored(analytics: AnalyticsStore, partition: number): Promise<number> {
  const [highest] = await analytics.query<{ end: string }>({
    sql: `
SELECT max(end) AS end
FROM (
  SELECT toInt64(source_offset) + 1 AS end FROM requests WHERE source_partition = {partition:UInt16}
  UNION ALL SELECT toInt64(source_offset) + 1 FROM annotations WHERE source_partition = {partition:UInt16}
  UNION ALL SELECT toInt64(through_offset) + 1 FROM ledger_exceptions WHERE source_partition = {partition:UInt16}
)`,
    params: { partition },
    settings: { max_execution_time: 600 },
  });
  return Number(highest!.end) - 1;
}

/** Take the partition under the log's id, name what lies between, and leave the fence one before the log's first event. */
async function goOnAt(deps: AggregatorDeps, partition: number, bounds: LogBounds, problem: Problem): Promise<Rebased> {
  const stored = await deps.totals.loadPartition(partition);
  const before = stored && !isRebuilding(stored.fence) ? stored : undefined;
  const state = before
    ? await claim(deps, partition, before, bounds.logId)
    : (await takeOwnership(deps, anyReaderOf(partition, bounds.logId))).state;
  const from = state.fence.offset + 1;
  const next = bounds.low;
  if (from < next) {
    const untilItWorks = <T>(_what: string, work: () => Promise<T>) => {
      return retry(work, { signal: new AbortController().signal, onRetry: () => {} });
    };
    const cache = createSessionCache(deps, partition, deps.config.sessionBytesMax);
    // A partition remembers the unpublished sessions of its last commit only.
    await publishUnpublished(deps, cache, state);
    const lost = { kind: 'lost', offset: from, through: next - 1, ...describe(problem, before, bounds) } as const;
    const applied = await applyBatch(
      { ...deps, progress: { totals: () => {}, snapshots: () => {} } },
      cache,
      { state, publishing: Promise.resolve() },
      [lost],
      { partition, untilItWorks },
    );
    await applied.publishing;
  }
  deps.logger.warn(
    { partition, from, next, logId: bounds.logId },
    'the partition goes on behind what the log has lost',
  );
  return { partition, outcome: 'rebased', from, next };
}

/** How many events are gone is known only where their offsets were given by this very log. */
function describe(
  problem: Problem,
  before: PartitionState | undefined,
  { logId }: LogBounds,
): { reason: string; count?: 0 } {
  if (problem === 'gap') return { reason: 'deleted from the log before they were read' };
  const ended = before ? `log ${before.fence.logId}` : 'the log before';
  if (problem === 'shorter') return { reason: `${ended} became shorter than what was read of it`, count: 0 };
  return { reason: `${ended} ended here and log ${logId} goes on: what was not read of the former is lost`, count: 0 };
}

async function claim(
  deps: AggregatorDeps,
  partition: number,
  state: PartitionState,
  logId: string,
): Promise<PartitionState> {
  const claimed: PartitionState = {
    ...state,
    fence: { logId, offset: state.fence.offset, epoch: state.fence.epoch + 1 },
  };
  const outcome = await deps.totals.commit(partition, state.fence, claimed, []);
  if (outcome === 'refused') throw new OwnershipLostError(partition);
  return claimed;
}

/** For taking over a partition that has no totals: they are made from rows, and the log is not read. */
function anyReaderOf(partition: number, logId: string): PartitionReader {
  const notRead = () => Promise.reject(new Error('a log that is being rebased is not read'));
  return {
    partition,
    revoked: new AbortController().signal,
    bounds: async () => ({ logId, low: 0, high: Number.MAX_SAFE_INTEGER }),
    seek: notRead,
    read: notRead,
    committed: () => {},
  };
}
