import { afterAll, beforeAll } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { type RedisCluster, startRedisCluster } from '@throughline/local-servers/redis-cluster';
import { type RedisSentinelSetup, startRedisSentinel } from '@throughline/local-servers/redis-sentinel';
import { rateLimitsContract } from '../../src/limits/contract.ts';
import { redisLimitsFixture } from './redis-limits-fixture.ts';

describeWithServers(['redis'], 'one server', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.remove());

  rateLimitsContract('Redis', () => redisLimitsFixture(redis.url));
});

describeWithServers(['redis'], 'three masters', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.remove());

  rateLimitsContract('Redis Cluster', () =>
    redisLimitsFixture(`redis+cluster://${cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`),
  );
});

describeWithServers(['redis'], 'a master that a sentinel names', () => {
  let setup: RedisSentinelSetup;
  beforeAll(async () => {
    setup = await startRedisSentinel();
  });
  afterAll(() => setup.remove());

  rateLimitsContract('Redis behind Sentinel', () => {
    const sentinels = setup.sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
    return redisLimitsFixture(`redis+sentinel://${sentinels}?name=${setup.masterName}`);
  });
});
