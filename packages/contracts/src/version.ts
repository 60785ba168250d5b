const EPOCH_BITS = 20n;

/** Ownership epochs fit 20 bits: one is used per assignment of a partition. */
export const EPOCH_MAX = 2 ** 20 - 1;

/**
 * Version of a row or snapshot: (offset it reflects, ownership epoch of who wrote it) as one UInt64, so that
 * ReplacingMergeTree keeps the row of whoever committed the totals.
 */
export function packVersion(offset: number, epoch: number): bigint {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset >= 2 ** 44) throw new RangeError(`offset ${offset}`);
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > EPOCH_MAX) throw new RangeError(`epoch ${epoch}`);
  return (BigInt(offset) << EPOCH_BITS) | BigInt(epoch);
}

export function unpackVersion(version: bigint): { offset: number; epoch: number } {
  return { offset: Number(version >> EPOCH_BITS), epoch: Number(version & ((1n << EPOCH_BITS) - 1n)) };
}
