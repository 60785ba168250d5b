import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { openRedisCallState } from '../../src/open-redis-call-state.ts';
import { turnsContract } from '../../src/turns/contract.ts';

describeWithServers(['redis'], 'one server', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.remove());

  turnsContract('Redis', async () => {
    const state = openRedisCallState({ url: redis.url, namespace: randomUUID(), timeoutMs: 20_000 });
    return { turns: state.turns, dispose: () => state.close() };
  });
});
