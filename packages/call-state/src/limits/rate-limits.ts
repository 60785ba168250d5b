import type { Eventually } from '../cache/response-cache.ts';

/**
 * Counts units in windows that slide: what was counted at one millisecond leaves exactly one window later.
 *
 * A unit is whatever the caller counts in whole numbers: requests, picodollars. Which quota and window a key has is the
 * caller's business: they come with every call, and a key always with the same ones (`limitKey`).
 *
 * Up to `FINE_ENTRIES_MAX` entries of a key are kept to the millisecond, units of one millisecond together. Beyond that
 * what was counted within a `COARSE_SLOTS`th part of the window is kept together, and leaves with the last of it: such
 * units count that much longer at most, and never shorter. A quota of so many requests is therefore always exact.
 *
 * What cannot be asked, or does not answer in time, is a `CallStateError`. Nothing is repeated by itself: units that may
 * have been counted are not counted again.
 */
export interface RateLimits {
  /**
   * Counts `units` if less than the quota is used, at once or not at all: of many who take from one key together no more
   * are allowed than would be one after the other. With 0 units it only looks.
   *
   * @param key of `limitKey`.
   * @param units whole, 0 to `UNITS_EACH_MAX`.
   */
  take(key: string, allowance: Allowance, units: number): Eventually<Taken>;
  /** Counts units after the fact, above the quota too. */
  add(key: string, allowance: Allowance, units: number): Eventually<void>;
  /** Counts are kept for whoever opens the store next. */
  close(): Promise<void>;
}

export interface Allowance {
  /** Units in any window, 0 to `QUOTA_MAX`. */
  readonly quota: bigint;
  readonly windowMs: number;
}

export interface Taken {
  readonly isAllowed: boolean;
  /** Units in the window that ends now, with those just taken. */
  readonly used: bigint;
  /** Until the oldest units leave; 0 where there are none. */
  readonly resetMs: number;
}

/** Of one call and of one entry: integers that a double holds exactly, because scripts in Redis have no others. */
export const UNITS_EACH_MAX = Number.MAX_SAFE_INTEGER;

/** Sums are 64-bit integers in Redis; half of their range leaves room for what is counted above a quota. */
export const QUOTA_MAX = 2n ** 62n;

/** Entries of a key that are exact to the millisecond: about a megabyte. */
export const FINE_ENTRIES_MAX = 50_000;
/** Entries of a key beyond those. */
export const COARSE_SLOTS = 10_000;
