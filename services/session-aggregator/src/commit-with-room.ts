import { type PartitionState, SessionTotalsError } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { evictIdleSessions } from './evict-idle-sessions.ts';
import type { AggregatorMetrics } from './metrics.ts';
import type { SessionCache } from './session-cache.ts';

/** A session called less than this ago is called again at once as a rule, and reading it back costs more than it makes room. */
const IDLE_MIN_MS = 60_000;
/** Without room, sessions are evicted that have been idle for a quarter of the time, then for a quarter of that. */
const IDLE_PARTS = 4;

export interface RoomContext {
  readonly partition: number;
  readonly metrics?: AggregatorMetrics | undefined;
  /** As stored: every session of it is published. */
  readonly state: PartitionState;
  /** `received_at` of the latest event of the batch, epoch ms. */
  readonly logTime: number;
}

/** A commit that makes room for itself. */
export interface CommitWithRoom {
  /**
   * Tries the commit; where the totals have no room, evicts sessions that have been idle, longest first, and tries again.
   *
   * @throws what the commit throws: `full` when there is nothing left to evict.
   */
  attempt<T>(commit: () => Promise<T>): Promise<T>;
  /** It is over, either way. */
  end(): void;
}

export function createCommitWithRoom(deps: AggregatorDeps, cache: SessionCache, context: RoomContext): CommitWithRoom {
  const { partition, metrics } = context;
  let isWaiting = false;
  return {
    async attempt(commit) {
      for (;;) {
        try {
          return await commit();
        } catch (error) {
          if (!isFull(error)) throw error;
          const evicted = await makeRoom(deps, cache, context);
          if (evicted > 0) {
            deps.logger.warn(
              { partition, evicted },
              'the totals have no room: idle sessions were evicted to their snapshots',
            );
            continue;
          }
          if (!isWaiting) {
            deps.logger.error(
              { partition, err: error },
              'the totals have no room and no session is idle: this partition waits until they have (for Redis, raise maxmemory)',
            );
          }
          isWaiting = true;
          metrics?.totalsFull.set({ partition }, 1);
          throw error;
        }
      }
    },
    end() {
      if (isWaiting) metrics?.totalsFull.set({ partition }, 0);
    },
  };
}

/** @returns how many sessions were evicted. */
async function makeRoom(deps: AggregatorDeps, cache: SessionCache, context: RoomContext): Promise<number> {
  const { partition, state, logTime } = context;
  try {
    for (let idleMs = deps.config.evictAfterIdleMs; idleMs >= IDLE_MIN_MS; idleMs /= IDLE_PARTS) {
      const { found } = await evictIdleSessions(deps, cache, state, { partition, logTime, idleMs });
      if (found > 0) return found;
    }
  } catch (error) {
    // LMDB evicts nothing on a disk that is full.
    if (!isFull(error)) throw error;
  }
  return 0;
}

function isFull(error: unknown): boolean {
  return error instanceof SessionTotalsError && error.code === 'full' && error.retryable;
}
