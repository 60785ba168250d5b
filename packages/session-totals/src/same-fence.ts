import { type Fence, SessionTotalsError } from './session-totals.ts';

/** @param stored as read; undefined: there is none. */
export function isSameFence(stored: Fence | undefined, own: Fence): boolean {
  return stored?.offset === own.offset && stored.epoch === own.epoch && stored.logId === own.logId;
}

/** @throws SessionTotalsError `moved` when an owner's fence is not the stored one any more. Undefined: none is expected. */
export function requireFence(partition: number, stored: Fence | undefined, expected: Fence | undefined): void {
  if (expected === undefined || isSameFence(stored, expected)) return;
  throw new SessionTotalsError('moved', `the totals of partition ${partition} are not as their owner left them`);
}
