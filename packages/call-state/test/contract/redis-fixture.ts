import { randomUUID } from 'node:crypto';
import type { ResponseCacheFixture } from '../../src/cache/contract.ts';
import type { CallState } from '../../src/call-state.ts';
import { openRedisCallState } from '../../src/open-redis-call-state.ts';

/** A cache of its own in a Redis that others use too: nobody else knows its name. */
export async function redisCacheFixture(url: string): Promise<ResponseCacheFixture> {
  const namespace = randomUUID();
  const opened: CallState[] = [];
  return {
    async open(cacheBytesMax) {
      const state = openRedisCallState({ url, namespace, cacheBytesMax, timeoutMs: 20_000 });
      opened.push(state);
      return state.cache;
    },
    async dispose() {
      await Promise.all(opened.map((state) => state.close()));
    },
  };
}
