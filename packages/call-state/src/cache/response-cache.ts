/** An answer of a provider. */
export interface CachedAnswer {
  /** Request id of the call that it was given to. */
  readonly requestId: string;
  readonly status: number;
  /** Names and values, alternating. */
  readonly headers: readonly string[];
  /** Sent to ended, of the call that it was given to. */
  readonly latencyMs: number;
  /** When it was put in, epoch ms. */
  readonly storedAt: number;
  /** As whoever puts it in wishes it to be kept: sealed, for one. */
  readonly body: Buffer;
}

/** What is found under a key: an answer of a bucket that is full, or nothing while it is not. */
export type CacheFind = { readonly slot: number; readonly answer: CachedAnswer } | undefined;

/** A promise only where a server has to be asked. */
export type Eventually<T> = T | Promise<T>;

/**
 * Answers by the key of their calls. A key has a bucket of slots, each with an answer and an end of its own.
 *
 * Bounded: an answer that is too large is not kept, and where all answers together are, those put in longest ago go.
 */
export interface ResponseCache {
  /**
   * @param key 32 bytes, which say whose it is as well.
   * @param slots of the bucket, 1–20.
   * @param random from 0 to below 1: chooses the slot.
   * @returns undefined as long as a slot of the bucket is empty, or holds what is over.
   * @throws CallStateError
   */
  find(key: Buffer, slots: number, random: number): Eventually<CacheFind>;
  /**
   * Fills the first empty slot of the bucket; found as soon as it resolves.
   *
   * @param ttlMs how long it is found, at least 1.
   * @returns `full`: there is none; `too-large`: the answer is.
   * @throws CallStateError
   */
  put(key: Buffer, slots: number, answer: CachedAnswer, ttlMs: number): Promise<'stored' | 'full' | 'too-large'>;
  close(): Promise<void>;
}

/** Of one answer, packed: what the gateway captures of a usual one many times over. */
export const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
/** Of all answers, packed, unless it is set otherwise. */
export const CACHE_BYTES_DEFAULT = 128 * 1024 * 1024;
/** @see ResponseCache.find */
export const KEY_BYTES = 32;
