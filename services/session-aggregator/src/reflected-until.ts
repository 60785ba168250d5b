import type { PartitionState } from '@throughline/session-totals/session-totals';

/**
 * Up to which instant this state surely reflects the log, epoch ms: the log's own time of the newest event applied. The
 * time of the commit would promise too much while an hour's backlog is being worked off.
 */
export function reflectedUntil({ producers, committedAt }: PartitionState): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const { lastSeenAt } of producers.values()) newest = Math.max(newest, lastSeenAt);
  // A gateway's clock may be ahead; nothing was applied after the commit.
  return newest === Number.NEGATIVE_INFINITY ? committedAt : Math.min(newest, committedAt);
}
