import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { startRedis } from '@throughline/local-servers/redis';
import { startRedisCluster } from '@throughline/local-servers/redis-cluster';
import { findRedis } from '@throughline/local-servers/redis-program';
import { startRedisSentinel } from '@throughline/local-servers/redis-sentinel';
import { livingChildren } from '@throughline/testkit/process/child-guard';
import { waitFor } from '@throughline/testkit/wait-for';

/** Forming a cluster and electing a master twice, on a busy machine. */
const CLUSTER_TEST_MS_MAX = 120_000;

afterEach(() => expect(livingChildren()).toEqual([]));

describeWithServers(['redis'], 'one server', () => {
  test('is strict about memory and keeps what was written over a stop and a restart', async () => {
    await using redis = await startRedis();
    expect(redis.url).toBe(`redis://127.0.0.1:${redis.port}`);
    expect(await redis.cli('CONFIG', 'GET', 'maxmemory-policy')).toBe('maxmemory-policy\nnoeviction');
    await redis.cli('SET', 'key', 'a value');
    const { pid } = redis;
    await redis.stop();
    expect(redis.pid).toBeUndefined();
    await redis.restart();
    expect(redis.pid).not.toBe(pid);
    expect(await redis.cli('GET', 'key')).toBe('a value');
  });

  test('keeps what was written over a kill, on the same port', async () => {
    await using redis = await startRedis();
    await redis.cli('SET', 'key', 'value');
    await redis.kill();
    await expect(redis.cli('PING')).rejects.toThrow();
    await redis.restart();
    expect(await redis.cli('GET', 'key')).toBe('value');
  });

  test('starts empty after a restart where no append-only file was wanted', async () => {
    await using redis = await startRedis({ appendOnly: false });
    await redis.cli('SET', 'key', 'value');
    await redis.restart();
    expect(await redis.cli('DBSIZE')).toBe('0');
  });

  test('answers nothing while it is paused, and then goes on', async () => {
    await using redis = await startRedis();
    redis.pause();
    const answer = redis.cli('PING');
    const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 200, 'nothing'))]);
    expect(first).toBe('nothing');
    redis.resume();
    expect(await answer).toBe('PONG');
  });

  test('a paused server can be stopped', async () => {
    await using redis = await startRedis();
    redis.pause();
    await redis.stop();
    expect(redis.pid).toBeUndefined();
  });

  test('takes a password, which its url holds, and settings of its own', async () => {
    await using redis = await startRedis({ password: 'p@ss word', config: { maxmemory: '8mb' } });
    expect(redis.url).toBe(`redis://:p%40ss%20word@127.0.0.1:${redis.port}`);
    expect(await redis.cli('CONFIG', 'GET', 'maxmemory')).toBe(`maxmemory\n${8 * 1024 * 1024}`);
  });

  test('removes a folder of its own, and says in what it wrote why a start failed', async () => {
    const redis = await startRedis();
    await redis.remove();
    expect(existsSync(redis.dir)).toBe(false);
    await expect(startRedis({ config: { 'no-such-setting': '1' } })).rejects.toThrow(/no-such-setting/);
  });

  test('a port that was asked for and is taken is an error', async () => {
    await using redis = await startRedis();
    await expect(startRedis({ port: redis.port })).rejects.toThrow(/found its port \d+ taken/);
  });

  test('an error reply is an error', async () => {
    await using redis = await startRedis();
    await expect(redis.cli('INCR')).rejects.toThrow('wrong number of arguments');
  });
});

// Elsewhere Redis comes from the system or not at all.
const describeOnDebian = existsSync('/usr/bin/dpkg') ? describe : describe.skip;
describeOnDebian('the unpacked package', () => {
  test('runs without having been installed', async () => {
    const program = await findRedis({ useInstalled: false });
    await using redis = await startRedis({ program });
    expect(await redis.cli('INFO', 'server')).toContain(`redis_version:${program.version}`);
  });
});

describeWithServers(['redis'], 'cluster', () => {
  test(
    'spreads keys over three masters and hands a master over to its replica, in order and after a kill',
    async () => {
      await using cluster = await startRedisCluster({ replicas: 1 });
      expect(cluster.urls).toHaveLength(6);
      expect(await cluster.masters()).toHaveLength(3);
      const owner = await cluster.masterOf('{p1}');
      await owner.cli('SET', '{p1}', 'kept');
      expect(await owner.cli('WAIT', '1', '5000')).toBe('1');

      const second = await cluster.failover(owner);
      expect(await second.cli('GET', '{p1}')).toBe('kept');
      await cluster.settled();

      await second.kill();
      expect(await cluster.failover(second)).toBe(owner);
      expect(await owner.cli('GET', '{p1}')).toBe('kept');
      expect(await cluster.masterOf('{p1}')).toBe(owner);

      await second.restart();
      await cluster.settled();
      expect(await cluster.masters()).toHaveLength(3);
    },
    CLUSTER_TEST_MS_MAX,
  );

  test(
    'without replicas serves the slots of a killed master again after its restart',
    async () => {
      await using cluster = await startRedisCluster();
      const owner = await cluster.masterOf('key');
      await owner.cli('SET', 'key', 'value');
      await owner.kill();
      const other = cluster.nodes.find((node) => node !== owner)!;
      await waitFor(async () => (await other.cli('CLUSTER', 'INFO')).includes('cluster_state:fail'), {
        timeoutMs: 30_000,
      });
      await owner.restart();
      await cluster.settled();
      expect(await owner.cli('GET', 'key')).toBe('value');
    },
    CLUSTER_TEST_MS_MAX,
  );
});

describeWithServers(['redis'], 'sentinel', () => {
  test(
    'names the master, and replaces it in order and after a kill',
    async () => {
      await using setup = await startRedisSentinel();
      const [first, second] = setup.servers;
      expect(await setup.master()).toBe(first);
      expect(await setup.failover()).toBe(second);
      await second.cli('SET', 'key', 'value');
      await waitFor(async () => (await first.cli('GET', 'key')) === 'value', { timeoutMs: 60_000 });
      await second.kill();
      expect(await setup.failover()).toBe(first);
      expect(await first.cli('GET', 'key')).toBe('value');
    },
    CLUSTER_TEST_MS_MAX,
  );
});
