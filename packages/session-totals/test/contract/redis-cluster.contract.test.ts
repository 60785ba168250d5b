import { afterAll, beforeAll } from '@jest/globals';
import { type RedisCluster, startRedisCluster } from '@throughline/local-servers/redis-cluster';
import { sessionTotalsContract } from '../../src/contract.ts';
import { redisFixture } from './redis-fixture.ts';

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.remove());

sessionTotalsContract('Redis Cluster', () =>
  redisFixture(`redis+cluster://${cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`),
);
