import { randomUUID } from 'node:crypto';
import { parseRedisUrl } from '@throughline/session-totals/redis/parse-redis-url';
import type { LimitsFixture } from '../../src/limits/contract.ts';
import { redisRateLimits } from '../../src/limits/redis-rate-limits.ts';
import { connectStateRedis, type StateRedis } from '../../src/redis/state-redis.ts';

/** Limits of their own in a Redis that others use too: nobody else knows their name. */
export async function redisLimitsFixture(url: string): Promise<LimitsFixture> {
  const namespace = randomUUID();
  const clock = { now: Date.now() };
  let redis: StateRedis | undefined;
  return {
    clock,
    async open() {
      await redis?.close();
      const opened = connectStateRedis({ target: parseRedisUrl(url), timeoutMs: 20_000 });
      redis = opened;
      return redisRateLimits({ redis: async () => opened, namespace, now: () => clock.now });
    },
    async dispose() {
      await redis?.close();
    },
  };
}
