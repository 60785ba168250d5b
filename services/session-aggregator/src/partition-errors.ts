/** This partition cannot go on without a person: its log, totals and rows do not fit together. */
export class PartitionStoppedError extends Error {
  override readonly name = 'PartitionStoppedError';
}

/** Another owner has committed: what this one holds in memory is stale. */
export class OwnershipLostError extends Error {
  override readonly name = 'OwnershipLostError';

  constructor(partition: number) {
    super(`partition ${partition} has another owner now`);
  }
}
