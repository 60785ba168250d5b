import { join } from 'node:path';
import { lmdbResponseCache } from './cache/lmdb-response-cache.ts';
import type { CallState } from './call-state.ts';
import { lmdbRateLimits } from './limits/lmdb-rate-limits.ts';
import { memoryTurns } from './turns/memory-turns.ts';

export interface LmdbCallStateOptions {
  /** Folder of its own; made, and what is in it opened, at the first use of each part. One process and thread at a time. */
  readonly dir: string;
  /** Of all answers in the response cache. */
  readonly cacheBytesMax?: number;
}

/** Call state of one process, in its data directory. */
export function openLmdbCallState({ dir, cacheBytesMax }: LmdbCallStateOptions): CallState {
  const cache = lmdbResponseCache({ dir: join(dir, 'cache'), bytesMax: cacheBytesMax });
  const limits = lmdbRateLimits({ dir: join(dir, 'limits') });
  return {
    cache,
    turns: memoryTurns(),
    limits,
    async close() {
      await Promise.all([cache.close(), limits.close()]);
    },
  };
}
