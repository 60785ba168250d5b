/** How far a partition's stores reflect the log. */
export interface PartitionProgress {
  /** Up to which instant, epoch ms; 0 while nobody knows. */
  readonly totalsAsOf: number;
  readonly snapshotsAsOf: number;
  /** The last offset; −1 while nobody knows. */
  readonly totalsOffset: number;
  readonly snapshotsOffset: number;
}

/**
 * What the owners of partitions tell readers in other processes. Nothing rests on it but the freshness that answers state:
 * it may be lost, and an owner that lost its partition may overwrite a newer entry with an older one for a moment.
 */
export interface ProgressBoard {
  publish(progress: ReadonlyMap<number, PartitionProgress>): Promise<void>;
  /** Every partition that was ever published. */
  read(): Promise<ReadonlyMap<number, PartitionProgress>>;
  close(): Promise<void>;
}
