/** Every step of a batch at which the process may die, in order. Tests crash at each; a step without a name here fails one. */
export const AGGREGATOR_CRASH_POINTS = [
  'aggregator:batch-read',
  'aggregator:decided',
  'aggregator:exceptions-inserted',
  'aggregator:annotations-inserted',
  'aggregator:bodies-inserted',
  'aggregator:requests-inserted',
  'aggregator:before-commit',
  'aggregator:totals-committed',
  'aggregator:session-keys-published',
  'aggregator:sessions-published',
  'aggregator:snapshots-published',
] as const;

/** The same for what an owner does outside of batches: when it takes over, repairs, rebuilds and evicts. */
export const AGGREGATOR_UPKEEP_CRASH_POINTS = [
  'aggregator:ownership-taken',
  'aggregator:unpublished-published',
  'aggregator:rows-repaired',
  'aggregator:snapshots-repaired',
  'aggregator:rebuilt-page-published',
  'aggregator:rebuilt-page-committed',
  'aggregator:sessions-evicted',
] as const;

/** The same for a deletion, which is a batch of its own: decided and committed first, then carried out. */
export const AGGREGATOR_DELETION_CRASH_POINTS = [
  'aggregator:deletion-part-committed',
  'aggregator:deletion-stored',
  'aggregator:deletion-committed',
  'aggregator:deletion-in-ledger',
  'aggregator:deletion-annotations-hidden',
  'aggregator:deletion-requests-hidden',
  'aggregator:deletion-snapshots-hidden',
  'aggregator:deletion-bodies-emptied',
  'aggregator:deletion-done',
] as const;

export type AggregatorCrashPoint =
  | (typeof AGGREGATOR_CRASH_POINTS)[number]
  | (typeof AGGREGATOR_DELETION_CRASH_POINTS)[number]
  | (typeof AGGREGATOR_UPKEEP_CRASH_POINTS)[number];
export type CrashPointHook = (name: AggregatorCrashPoint) => void;
