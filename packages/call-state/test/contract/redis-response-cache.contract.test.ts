import { afterAll, beforeAll } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { type RedisCluster, startRedisCluster } from '@throughline/local-servers/redis-cluster';
import { responseCacheContract } from '../../src/cache/contract.ts';
import { redisCacheFixture } from './redis-fixture.ts';

describeWithServers(['redis'], 'one server', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.remove());

  responseCacheContract('Redis', () => redisCacheFixture(redis.url));
});

describeWithServers(['redis'], 'three masters', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.remove());

  responseCacheContract('Redis Cluster', () =>
    redisCacheFixture(`redis+cluster://${cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`),
  );
});
