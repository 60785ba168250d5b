import { afterAll, beforeAll } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisCluster, startRedisCluster } from '@throughline/local-servers/redis-cluster';
import { sessionTotalsContract } from '../../src/contract.ts';
import { redisFixture } from './redis-fixture.ts';

describeWithServers(['redis'], 'three masters', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.remove());

  sessionTotalsContract('Redis Cluster', () =>
    redisFixture(`redis+cluster://${cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`),
  );
});
