import type { Fence } from './session-totals.ts';

/** @param stored as read; undefined: there is none. */
export function isSameFence(stored: Fence | undefined, own: Fence): boolean {
  return stored?.offset === own.offset && stored.epoch === own.epoch && stored.logId === own.logId;
}
