import type { ResponseCache } from './cache/response-cache.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import type { Turns } from './turns/turns.ts';

/**
 * What a gateway remembers from one call to the next. All of it may be lost without a wrong figure anywhere: a call whose
 * state cannot be asked for goes through as if it had not asked.
 *
 * What is behind it is opened when it is first used, so whoever never uses it pays nothing.
 */
export interface CallState {
  readonly cache: ResponseCache;
  readonly turns: Turns;
  readonly limits: RateLimits;
  close(): Promise<void>;
}

export class CallStateError extends Error {
  readonly code: 'unavailable' | 'corrupt' | 'full';

  /** @param code `unavailable`: nothing answers, or not in time; `corrupt`: what is there cannot be read; `full`: no room. */
  constructor(code: CallStateError['code'], message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'CallStateError';
    this.code = code;
  }
}
