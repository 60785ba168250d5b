import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import type { SessionState } from './session-state.ts';

/** A session is its id, per tenant. */
export interface SessionKey {
  readonly tenantId: string;
  readonly sessionId: string;
}

/**
 * How far one partition has been applied, and by whom. Committed together with the totals: whoever presents another
 * fence than the stored one is refused.
 */
export interface Fence {
  /** The log this position belongs to. */
  readonly logId: string;
  /** Last offset applied, −1 before the first. */
  readonly offset: number;
  /** Raised by every owner when it takes the partition. */
  readonly epoch: number;
}

/** Highest number applied of one producer, and the holes below it (numbers not seen yet). */
export interface ProducerProgress {
  readonly lastSeq: number;
  readonly holes: readonly (readonly [from: number, through: number])[];
  /** Log time (`received_at`, epoch ms) of its last event: when it may be forgotten. */
  readonly lastSeenAt: number;
  /** True once its `closed` was read. */
  readonly closed: boolean;
}

/** A fence of the past: everything up to `offset` was committed by `at`, epoch ms of the owner's clock. */
export interface Checkpoint {
  readonly offset: number;
  readonly at: number;
}

/** What one tenant's calls add up to, calls without a session included. Changes with the fence. */
export interface TenantCounters {
  readonly requests: number;
  readonly errors: number;
  readonly unpriced: number;
  readonly costPico: bigint;
  readonly promptTokens: bigint;
  readonly completionTokens: bigint;
  /** Annotations applied. */
  readonly annotations: number;
  /** Offsets that became no row, by kind of `LedgerExceptionRow`. */
  readonly exceptions: Readonly<Record<string, number>>;
}

/** Everything of one partition that is not a session. Small: it is read and written whole. */
export interface PartitionState {
  readonly fence: Fence;
  readonly producers: ReadonlyMap<string, ProducerProgress>;
  readonly tenants: ReadonlyMap<string, TenantCounters>;
  /**
   * Some fences of the last minutes, ascending; the first one lies before them. What the analytics store may have lost
   * is looked for above it.
   */
  readonly checkpoints: readonly Checkpoint[];
  /** Every exception above the first checkpoint, ascending by offset: re-inserted should ClickHouse have lost them. */
  readonly recentExceptions: readonly LedgerExceptionRow[];
  /** Sessions of this commit, whose snapshots are published after it: whoever finds them here at start publishes them again. */
  readonly unpublished: readonly SessionKey[];
  /** When this state was committed, epoch ms of the owner's clock. */
  readonly committedAt: number;
}

/** A session evicted to the analytics store: only its snapshot's version is kept here. */
export interface SessionStub {
  readonly evicted: true;
  readonly tenantId: string;
  readonly sessionId: string;
  /** Version below which no snapshot may be hydrated. */
  readonly snapshotVersion: bigint;
}

/** A session that is not there any more: neither it nor its stub is kept. */
export interface SessionRemoval {
  readonly removed: true;
  readonly tenantId: string;
  readonly sessionId: string;
}

/** What a commit makes of one session. */
export type SessionChange = SessionState | SessionStub | SessionRemoval;

const REBUILDING = 'rebuilding:';

/**
 * The id of a log as the fence carries it while the totals of its partition are made anew from rows: until the last page
 * is in, they are only a part, and readers must not see them.
 */
export function rebuildingLogId(logId: string): string {
  return REBUILDING + logId;
}

export function isRebuilding(fence: Fence): boolean {
  return fence.logId.startsWith(REBUILDING);
}

export interface SessionTotals {
  /** @returns undefined for a partition never owned. */
  loadPartition(partition: number): Promise<PartitionState | undefined>;
  /**
   * One answer per key, in order: the live state, a stub when it was evicted, undefined when unknown.
   *
   * @param expected the fence as last read or committed: a session that is not there is a new one only where all others
   *   are. Left out: whatever is there now.
   * @throws SessionTotalsError `moved` when the stored fence is another one, or gone.
   */
  loadMany(
    partition: number,
    keys: readonly SessionKey[],
    expected?: Fence,
  ): Promise<(SessionState | SessionStub | undefined)[]>;
  /**
   * Replace the partition's state and the given sessions in one atomic step.
   *
   * @param expected the fence as last read or committed; undefined when the partition must not exist yet.
   * @returns `refused` when the stored fence is another one: nothing was changed, memory is stale, load again.
   * @throws SessionTotalsError retryable: whether it was committed is unknown; load again to find out.
   */
  commit(
    partition: number,
    expected: Fence | undefined,
    next: PartitionState,
    sessions: readonly SessionChange[],
  ): Promise<'committed' | 'refused'>;
  /**
   * Forgets a partition: its owner, refused at its next commit, makes it anew from rows. Until then there is nothing to
   * be read of it.
   */
  dropPartition(partition: number): Promise<void>;
  /** The live state of one session, for readers that own nothing. Undefined: unknown, or being rebuilt. */
  read(key: SessionKey): Promise<{ state: SessionState; fence: Fence } | SessionStub | undefined>;
  /** Sessions held live whose last applied event lies before `idleSince` (epoch ms), oldest first. */
  idle(partition: number, idleSince: number, max: number): Promise<SessionKey[]>;
  /** Number of live sessions and bytes held, for metrics. */
  size(): Promise<{ sessions: number; bytes: number }>;
  close(): Promise<void>;
}

export class SessionTotalsError extends Error {
  readonly code: 'unavailable' | 'corrupt' | 'full' | 'moved';
  readonly retryable: boolean;

  constructor(
    code: SessionTotalsError['code'],
    message: string,
    options: { retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SessionTotalsError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
