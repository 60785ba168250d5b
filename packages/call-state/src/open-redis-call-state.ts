import { parseRedisUrl } from '@throughline/session-totals/redis/parse-redis-url';
import { redisResponseCache } from './cache/redis-response-cache.ts';
import type { CallState } from './call-state.ts';
import { redisRateLimits } from './limits/redis-rate-limits.ts';
import type { StateRedis } from './redis/state-redis.ts';
import { redisTurns } from './turns/redis-turns.ts';

export interface RedisCallStateOptions {
  /** @see parseRedisUrl */
  readonly url: string;
  /** Letters, digits, `.`, `_` and `-`: gateways with the same one share their state. */
  readonly namespace: string;
  /** How long a call waits for Redis before it goes on without. */
  readonly timeoutMs?: number;
  /** Of all answers in the response cache, of all gateways together. */
  readonly cacheBytesMax?: number;
}

/**
 * Call state that gateways share. Nothing is connected, and the client not loaded, before it is first used.
 *
 * @throws InvalidRedisUrl, RangeError for a namespace that is none.
 */
export function openRedisCallState(options: RedisCallStateOptions): CallState {
  const { url, namespace, timeoutMs = TIMEOUT_MS_DEFAULT, cacheBytesMax } = options;
  if (!/^[\w.-]+$/.test(namespace)) {
    throw new RangeError(`${JSON.stringify(namespace)} is no namespace: letters, digits, dot, underscore and hyphen`);
  }
  const target = parseRedisUrl(url);
  let opening: Promise<StateRedis> | undefined;
  const redis = (): Promise<StateRedis> => {
    opening ??= import('./redis/state-redis.ts').then(({ connectStateRedis }) =>
      connectStateRedis({ target, timeoutMs }),
    );
    return opening;
  };
  return {
    cache: redisResponseCache({ redis, namespace, bytesMax: cacheBytesMax }),
    turns: redisTurns({ redis, namespace }),
    limits: redisRateLimits({ redis, namespace }),
    async close() {
      await (await opening)?.close();
    },
  };
}

/** Several times what an answer takes; longer, and who calls would rather go without. */
const TIMEOUT_MS_DEFAULT = 500;
