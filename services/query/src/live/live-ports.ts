import type { SessionTotals } from '@throughline/session-totals/session-totals';

/** What live updates are made from. */
export interface LivePorts {
  /** How many the log has. */
  readonly partitions: number;
  readonly totals: Pick<SessionTotals, 'loadPartition' | 'read'>;
  /**
   * The last offset that each store shows, −1 while it is not known. Looked up several times a second, so it must be at hand.
   */
  progress(partition: number): { readonly totals: number; readonly snapshots: number };
  /** Aborted when the process is about to stop: streams end, so that nobody waits for them. */
  readonly stopping: AbortSignal;
}
