/**
 * Distinct strings, at most a bound: those with the smallest hash, so that the order of arrival does not matter. Bounds
 * are in `session-bounds.ts`; a value longer than its bound is left out whole, never cut.
 */
export interface BoundedStrings {
  /** Ascending by UTF-16 code units. */
  readonly values: readonly string[];
  /** True when something was left out: the set must then be asked of the rows. */
  readonly overflowed: boolean;
}

/** Totals of one path of a session, its own requests only. */
export interface PathTotals {
  readonly requests: number;
  readonly errors: number;
  readonly unpriced: number;
  readonly costPico: bigint;
  readonly promptTokens: bigint;
  readonly completionTokens: bigint;
  readonly latencyMsSum: bigint;
  /** Earliest start (`ordered_at`) and latest end (`ordered_at` + latency), epoch ms. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** One of the first calls of a session. */
export interface SessionStep {
  /** `ordered_at`, epoch ms. */
  readonly at: number;
  /** As sent; null for one that is too long to be kept. */
  readonly path: string | null;
  readonly isError: boolean;
  /** 0n where it is not known. */
  readonly costPico: bigint;
}

/**
 * The running totals of one session. A pure function of the set of its requests: the order in which they arrived
 * leaves no trace. What is bounded says in `truncatedFields` that it overflowed.
 */
export interface SessionState {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly partition: number;
  /** Last log offset folded in, −1 before the first; an event at or below it is skipped. */
  readonly applied: number;
  /**
   * Version of the snapshot last published (`version.ts`), 0n before the first. Set by `publishedState`. Its offset is
   * that of `applied`, or of a later deletion that took something away.
   */
  readonly snapshotVersion: bigint;
  /**
   * `createdAt` of the snapshot last published, null before the first. When it differs from `createdAt`, the session's
   * key moves with the next snapshot, and the keys published earlier need deletion markers.
   */
  readonly publishedCreatedAt: number | null;

  /** Earliest and latest `ordered_at`, latest end (`ordered_at` + latency), epoch ms. All three 0 without requests. */
  readonly createdAt: number;
  readonly latestRequestAt: number;
  readonly latestResponseAt: number;
  /** Latest `received_at`, epoch ms: log time, by which a session is idle whatever times its caller sends. */
  readonly lastReceivedAt: number;
  /** The latest request that carries a name: greatest (ordered_at, event id). Null while none does. Name cut at a bound. */
  readonly latestName: { readonly name: string; readonly at: number; readonly eventId: string } | null;

  readonly names: BoundedStrings;
  readonly userIds: BoundedStrings;
  readonly models: BoundedStrings;
  readonly providers: BoundedStrings;
  /** Status → number of requests, at most a bound, smallest by hash. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly statusesOverflowed: boolean;
  /** Key → values, both bounded. Without the session's own keys: `describe-session.ts` derives those. */
  readonly properties: ReadonlyMap<string, BoundedStrings>;
  readonly propertiesOverflowed: boolean;

  readonly requests: number;
  readonly errors: number;
  readonly unpriced: number;
  readonly costPico: bigint;
  readonly promptTokens: bigint;
  readonly completionTokens: bigint;
  readonly reasoningTokens: bigint;
  readonly promptCacheReadTokens: bigint;
  readonly promptCacheWriteTokens: bigint;
  readonly promptAudioTokens: bigint;
  readonly completionAudioTokens: bigint;
  readonly latencyMsSum: bigint;
  /** Log bucket (`latency-sketch.ts`) → count. */
  readonly latencyBuckets: ReadonlyMap<number, number>;

  /**
   * Path as sent, not normalised (`''` for none) → its own totals. At most 1,000, smallest by hash; what the others add
   * up to is in `otherPaths`. Spellings of one path (`a/b`, `/a//b/`) meet in the tree of `path-tree.ts`.
   */
  readonly paths: ReadonlyMap<string, PathTotals>;
  readonly otherPaths: PathTotals | null;
  /** The first calls, at most 128, ascending by all that is known of them (`compareSteps`). Null: the state began before they were kept, and knows them once it is rebuilt. */
  readonly steps: readonly SessionStep[] | null;

  /** Caller-chosen request ids → offset of their first use, ascending by offset; the last 10,000. */
  readonly chosenIds: ReadonlyMap<string, number>;

  /** Set by annotations. */
  readonly tag: string | null;
  readonly feedback: boolean | null;
  readonly scores: ReadonlyMap<string, number>;

  /** Bodies of some of its requests were deleted, and the requests were not. */
  readonly bodiesDeleted: boolean;
}
