/** Distinct strings, at most a bound: those with the smallest hash, so that the order of arrival does not matter. */
export interface BoundedStrings {
  /** Ascending. */
  readonly values: readonly string[];
  /** True when something was left out. */
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
  /** Earliest start and latest end, epoch ms. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/**
 * The running totals of one session. A pure function of the set of its requests: the order in which they arrived
 * leaves no trace. What is bounded says in `truncatedFields` that it overflowed.
 */
export interface SessionState {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly partition: number;
  /** Last log offset folded in; an event at or below it is skipped. */
  readonly applied: number;
  /** Version of the snapshot last published (`version.ts`), 0n before the first. */
  readonly snapshotVersion: bigint;
  /** `created_at` keys published so far other than the current one: they need deletion markers once. */
  readonly publishedCreatedAt: number | null;

  readonly createdAt: number;
  readonly latestRequestAt: number;
  readonly latestResponseAt: number;
  /** The latest request that carries a name: greatest (ordered_at, event id). Null while none does. */
  readonly latestName: { readonly name: string; readonly at: number; readonly eventId: string } | null;

  readonly names: BoundedStrings;
  readonly userIds: BoundedStrings;
  readonly models: BoundedStrings;
  readonly providers: BoundedStrings;
  /** Status → number of requests, at most a bound, smallest by hash. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly statusesOverflowed: boolean;
  /** Key → values. Both bounded. */
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

  /** Path as sent (after `normalisePath`) → its own totals. At most 1,000, smallest by hash; the rest in `otherPaths`. */
  readonly paths: ReadonlyMap<string, PathTotals>;
  readonly otherPaths: PathTotals | null;

  /** Caller-chosen request ids → offset of their first use; the last 10,000 by offset. */
  readonly chosenIds: ReadonlyMap<string, number>;

  /** Set by annotations. */
  readonly tag: string | null;
  readonly feedback: boolean | null;
  readonly scores: ReadonlyMap<string, number>;
}
