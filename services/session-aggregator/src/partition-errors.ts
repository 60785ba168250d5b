import type { Fence } from '@throughline/session-totals/session-totals';

/** This partition cannot go on without a person: its log, totals and rows do not fit together. */
export class PartitionStoppedError extends Error {
  override readonly name = 'PartitionStoppedError';
}

/** The totals are not as this owner left them: what it holds in memory is stale. */
export class OwnershipLostError extends Error {
  override readonly name = 'OwnershipLostError';
  /** They are older than that, or gone: nobody else has committed. */
  readonly isSetBack: boolean;

  constructor(partition: number, { isSetBack = false } = {}) {
    super(
      isSetBack ? `the totals of partition ${partition} were set back` : `partition ${partition} has another owner now`,
    );
    this.isSetBack = isSetBack;
  }
}

/**
 * What has become of totals that this owner last saw with this fence: another one's, or an older copy.
 *
 * @param stored undefined: they are gone.
 */
export function lostOwnership(partition: number, own: Fence, stored: Fence | undefined): OwnershipLostError {
  const isOlder = (fence: Fence) => fence.epoch < own.epoch || (fence.epoch === own.epoch && fence.offset < own.offset);
  const isSetBack = stored === undefined || (stored.logId === own.logId && isOlder(stored));
  return new OwnershipLostError(partition, { isSetBack });
}

/** The analytics store has restarted since it was last found whole: it may lack rows, which are inserted again first. */
export class StoreRestartedError extends Error {
  constructor(partition: number) {
    super(`partition ${partition}: the analytics store has restarted, and a row that should be there is not`);
    this.name = 'StoreRestartedError';
  }
}
