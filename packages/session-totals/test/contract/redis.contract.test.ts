import { afterAll, beforeAll } from '@jest/globals';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { sessionTotalsContract } from '../../src/contract.ts';
import { redisFixture } from './redis-fixture.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.remove());

sessionTotalsContract('Redis', () => redisFixture(redis.url));
