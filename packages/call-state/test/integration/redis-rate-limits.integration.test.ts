import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { parseRedisUrl } from '@throughline/session-totals/redis/parse-redis-url';
import { Redis } from 'ioredis';
import type { RateLimits } from '../../src/limits/rate-limits.ts';
import { redisRateLimits } from '../../src/limits/redis-rate-limits.ts';
import { connectStateRedis, type StateRedis } from '../../src/redis/state-redis.ts';

describeWithServers(['redis'], 'rate limits in a real Redis', () => {
  let server: RedisServer;
  let admin: Redis;
  let opened: StateRedis[];
  let namespace: string;

  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.url);
  });
  afterAll(async () => {
    admin.disconnect();
    await server.remove();
  });
  beforeEach(() => {
    opened = [];
    namespace = randomUUID();
  });
  afterEach(() => Promise.all(opened.map((redis) => redis.close())));

  function connect(): RateLimits {
    const connected = connectStateRedis({ target: parseRedisUrl(server.url), timeoutMs: 20_000 });
    opened.push(connected);
    return redisRateLimits({ redis: async () => connected, namespace });
  }

  test('never allow more than the quota to gateways that take at once', async () => {
    const gateways = [connect(), connect()];
    const allowance = { quota: 50n, windowMs: 60_000 };
    const taken = await Promise.all(Array.from({ length: 400 }, (_, i) => gateways[i % 2]!.take('k', allowance, 1)));
    expect(taken.filter(({ isAllowed }) => isAllowed)).toHaveLength(50);
    expect(new Set(taken.filter(({ isAllowed }) => isAllowed).map(({ used }) => used)).size).toBe(50);
  });

  test('slide by the clock of Redis, and leave nothing there once a window is over', async () => {
    const limits = connect();
    const allowance = { quota: 1n, windowMs: 2_000 };
    expect((await limits.take('k', allowance, 1)).isAllowed).toBe(true);
    expect(await admin.keys(`{tl:${namespace}:*`)).toHaveLength(2);
    const refused = await limits.take('k', allowance, 1);
    expect(refused).toMatchObject({ isAllowed: false, used: 1n });
    await sleep(refused.resetMs + 1);
    expect(await admin.keys(`{tl:${namespace}:*`)).toEqual([]);
    expect(await limits.take('k', allowance, 1)).toEqual({ isAllowed: true, used: 1n, resetMs: 2_000 });
  });

  test('expire when the last entry leaves', async () => {
    const limits = connect();
    await limits.add('k', { quota: 5n, windowMs: 90_000 }, 3);
    for (const key of await admin.keys(`{tl:${namespace}:*`)) {
      const ttlMs = await admin.pttl(key);
      expect(ttlMs).toBeGreaterThan(30_000);
      expect(ttlMs).toBeLessThanOrEqual(90_000);
    }
  });

  test('go on when Redis has forgotten the script', async () => {
    const limits = connect();
    const allowance = { quota: 5n, windowMs: 60_000 };
    await limits.take('k', allowance, 1);
    await admin.script('FLUSH');
    expect((await limits.take('k', allowance, 1)).used).toBe(2n);
  });

  test.each(['log', 'used'])('begin anew when %s was evicted', async (part) => {
    const limits = connect();
    const allowance = { quota: 5n, windowMs: 60_000 };
    await limits.take('k', allowance, 2);
    await limits.take('k', allowance, 2);
    await admin.del(`{tl:${namespace}:limit:k}:${part}`);
    expect((await limits.take('k', allowance, 1)).used).toBe(1n);
  });

  test('take one command to Redis each', async () => {
    const limits = connect();
    const allowance = { quota: 50n, windowMs: 60_000 };
    await limits.take('k', allowance, 1);
    const before = await calls('evalsha');
    for (let i = 0; i < 10; i++) await limits.take('k', allowance, 1);
    expect((await calls('evalsha')) - before).toBe(10);
  });

  async function calls(command: string): Promise<number> {
    const stats = await admin.info('commandstats');
    return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  }
});
