import { afterAll, beforeAll } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { sessionTotalsContract } from '../../src/contract.ts';
import { redisFixture } from './redis-fixture.ts';

describeWithServers(['redis'], 'one server', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.remove());

  sessionTotalsContract('Redis', () => redisFixture(redis.url));
});
