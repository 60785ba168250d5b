import { afterAll, beforeAll } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisSentinelSetup, startRedisSentinel } from '@throughline/local-servers/redis-sentinel';
import { sessionTotalsContract } from '../../src/contract.ts';
import { redisFixture } from './redis-fixture.ts';

describeWithServers(['redis'], 'a master that a sentinel names', () => {
  let setup: RedisSentinelSetup;
  beforeAll(async () => {
    setup = await startRedisSentinel();
  });
  afterAll(() => setup.remove());

  sessionTotalsContract('Redis behind Sentinel', () => {
    const sentinels = setup.sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
    return redisFixture(`redis+sentinel://${sentinels}?name=${setup.masterName}`);
  });
});
