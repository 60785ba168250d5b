import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { type RedisCluster, startRedisCluster } from '@throughline/local-servers/redis-cluster';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { waitFor } from '@throughline/testkit/wait-for';
import { samplePartition, sampleState } from '../../src/session-state-samples.ts';
import type { SessionTotals } from '../../src/session-totals.ts';
import { openTotals } from './redis-owner.ts';

const key = { tenantId: 'tenant', sessionId: 's' };
const refused = (reason: string) =>
  expect.objectContaining({
    name: 'SessionTotalsError',
    code: 'unavailable',
    retryable: false,
    message: expect.stringContaining(reason),
  });
const passing = (reason: string) =>
  expect.objectContaining({ code: 'unavailable', retryable: true, message: expect.stringContaining(reason) });

let namespace: string;
let warnings: string[];
let opened: SessionTotals[];
beforeEach(() => {
  namespace = randomUUID();
  warnings = [];
  opened = [];
});
afterEach(() => Promise.all(opened.map((totals) => totals.close())));

async function open(url: string): Promise<SessionTotals> {
  const totals = await openTotals({ url, namespace, onWarning: (message) => warnings.push(message) });
  opened.push(totals);
  return totals;
}

/** Every kind of call, as an owner and a reader make them. */
async function useTotals(totals: SessionTotals): Promise<void> {
  const state = sampleState('s', 1);
  expect(await totals.commit(0, undefined, samplePartition(1), [state])).toBe('committed');
  expect(await totals.loadPartition(0)).toEqual(samplePartition(1));
  expect(await totals.loadMany(0, [key])).toEqual([state]);
  expect(await totals.idle(0, Number.MAX_SAFE_INTEGER, 1)).toEqual([key]);
  const stub = { evicted: true, ...key, snapshotVersion: 1n } as const;
  expect(await totals.commit(0, samplePartition(1).fence, samplePartition(2), [stub])).toBe('committed');
  expect(await totals.read(key)).toEqual(stub);
  expect(await totals.size()).toEqual({ sessions: 0, bytes: expect.any(Number) });
}

describeWithServers(['redis'], 'a Redis that may evict totals', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis({ appendOnly: false });
  });
  afterAll(() => redis.remove());
  afterEach(() => redis.cli('CONFIG', 'SET', 'maxmemory-policy', 'noeviction'));
  const setPolicy = (policy: string) => redis.cli('CONFIG', 'SET', 'maxmemory-policy', policy);

  test.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])(
    'with %s is refused, and what to set is said',
    async (policy) => {
      await setPolicy(policy);
      await expect(open(redis.url)).rejects.toEqual(refused(`maxmemory-policy ${policy}`));
      await expect(open(redis.url)).rejects.toEqual(refused('CONFIG SET maxmemory-policy noeviction'));
    },
  );

  test.each(['volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl'])(
    'not with %s: no key of ours has an expiry',
    async (policy) => {
      await setPolicy(policy);
      await useTotals(await open(redis.url));
      const names = (await redis.cli('--scan', '--pattern', `*${namespace}*`)).split('\n');
      expect(names.length).toBeGreaterThan(1);
      for (const name of names) expect(await redis.cli('TTL', name)).toBe('-1');
    },
  );

  test('is found out after a reconnect; commits wait until it is mended, readers do not', async () => {
    const totals = await open(redis.url);
    await useTotals(totals);
    await setPolicy('allkeys-lru');
    await redis.cli('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const commit = () => totals.commit(0, samplePartition(2).fence, samplePartition(3), []);
    await waitFor(async () => /allkeys-lru/.test(String(await commit().catch(String))) || undefined);
    await expect(commit()).rejects.toEqual(passing('maxmemory-policy allkeys-lru'));
    expect(await totals.read(key)).toEqual({ evicted: true, ...key, snapshotVersion: 1n });
    await setPolicy('noeviction');
    const stored = (await totals.loadPartition(0))!.fence;
    expect(await totals.commit(0, stored, samplePartition(9), [])).toBe('committed');
  });

  test('somewhere in a cluster is refused', async () => {
    const cluster: RedisCluster = await startRedisCluster();
    try {
      const url = `redis+cluster://${cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
      await useTotals(await open(url));
      await cluster.nodes[2]!.cli('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu');
      await expect(open(url)).rejects.toEqual(
        refused(`Redis at 127.0.0.1:${cluster.nodes[2]!.port} has maxmemory-policy`),
      );
    } finally {
      await Promise.all(opened.splice(0).map((totals) => totals.close()));
      await cluster.remove();
    }
  });
});

describeWithServers(['redis'], 'access to Redis', () => {
  let redis: RedisServer;
  const at = (access: string) => redis.url.replace(/\/\/[^@]*@/, `//${access}`);
  beforeAll(async () => {
    redis = await startRedis({ appendOnly: false, password: 'p@ss/ #?' });
  });
  afterAll(() => redis.remove());

  test('is had with the password, and refused for good at the start without it', async () => {
    await useTotals(await open(redis.url));
    await expect(open(at(''))).rejects.toEqual(refused('NOAUTH'));
    await expect(open(at(':wrong@'))).rejects.toEqual(refused('WRONGPASS'));
    await expect(open(at('nobody:p%40ss%2F%20%23%3F@'))).rejects.toEqual(refused('WRONGPASS'));
  });

  test('takes a user with rights to these commands and to its own keys alone', async () => {
    const commands =
      'multi exec eval info hset hmget hlen hget hdel zadd zrem zcard zrangebyscore exists unlink rename get set memory|usage';
    const rights = commands.split(' ').map((command) => `+${command}`);
    await redis.cli('ACL', 'SETUSER', 'app', 'on', '>secret', '~{tl:*', '-@all', ...rights);
    await useTotals(await open(at('app:secret@')));
    expect(warnings).toEqual([]);
    // INFO forbidden, CONFIG allowed; then neither.
    await redis.cli('ACL', 'SETUSER', 'app', '-info', '+config|get');
    namespace = randomUUID();
    await useTotals(await open(at('app:secret@')));
    expect(warnings).toEqual([]);
    await redis.cli('ACL', 'SETUSER', 'app', '-config|get', '-memory|usage');
    namespace = randomUUID();
    const totals = await open(at('app:secret@'));
    await useTotals(totals);
    expect(warnings).toEqual([expect.stringContaining('lets us read neither INFO nor CONFIG')]);
    expect((await totals.size()).bytes).toBe(0);
    // Withdrawn under way: may be given back.
    await redis.cli('ACL', 'SETUSER', 'app', '-eval');
    await expect(totals.loadPartition(0)).rejects.toEqual(passing('NOPERM'));
  });

  test('keeps databases apart, and refuses one that there is not', async () => {
    await useTotals(await open(`${redis.url}/3`));
    const [first, third] = [await open(redis.url), await open(`${redis.url}/3`)];
    expect(await first.loadPartition(0)).toBeUndefined();
    expect(await third.loadPartition(0)).toEqual(samplePartition(2));
    await expect(open(`${redis.url}/99`)).rejects.toEqual(refused('DB index is out of range'));
  });
});

describeWithServers(['redis'], 'the address of a single Redis', () => {
  test('is refused where it leads to a replica, and what that holds is not read until it is the master', async () => {
    const master = await startRedis({ appendOnly: false });
    const replica = await startRedis({ appendOnly: false, config: { replicaof: `127.0.0.1 ${master.port}` } });
    try {
      const totals = await open(replica.url).catch((error: unknown) => error);
      expect(totals).toEqual(refused('is a replica'));
      await replica.cli('REPLICAOF', 'NO', 'ONE');
      const promoted = await open(replica.url);
      await useTotals(promoted);
      // Demoted behind our back: the next commit says so, and from then on nothing is read either.
      await replica.cli('REPLICAOF', '127.0.0.1', String(master.port));
      await waitFor(
        async () => /is a replica/.test(String(await promoted.read(key).catch(String))) || failedCommit(promoted),
      );
      await expect(promoted.loadPartition(0)).rejects.toEqual(passing('is a replica'));
      await replica.cli('REPLICAOF', 'NO', 'ONE');
      await waitFor(async () => (await promoted.loadPartition(0)) !== null, { what: 'the promotion to be noticed' });
    } finally {
      await Promise.all(opened.splice(0).map((totals) => totals.close()));
      await Promise.all([master.remove(), replica.remove()]);
    }
  });

  test('may ask for encryption: certificates are checked, and shown where one is asked for', async () => {
    const tls = join(import.meta.dirname, 'tls');
    const tlsPort = await findFreePort();
    const file = (name: string) => join(tls, name);
    const redis = await startRedis({
      appendOnly: false,
      config: {
        'tls-port': String(tlsPort),
        'tls-cert-file': JSON.stringify(file('server.pem')),
        'tls-key-file': JSON.stringify(file('server-key.pem')),
        'tls-ca-cert-file': JSON.stringify(file('ca.pem')),
        'tls-auth-clients': 'no',
      },
    });
    try {
      const url = `rediss://127.0.0.1:${tlsPort}`;
      const ca = `ca=${encodeURIComponent(file('ca.pem'))}`;
      await useTotals(await open(`${url}?${ca}`));
      await expect(open(url)).rejects.toEqual(refused('certificate'));
      await expect(open(`${url}?${ca}&servername=other.test`)).rejects.toEqual(refused('altnames'));
      await expect(open(`${url}?ca=${encodeURIComponent(file('missing.pem'))}`)).rejects.toThrow('ENOENT');

      await redis.cli('CONFIG', 'SET', 'tls-auth-clients', 'yes');
      namespace = randomUUID();
      await expect(open(`${url}?${ca}`)).rejects.toEqual(refused('certificate required'));
      const own = `cert=${encodeURIComponent(file('server.pem'))}&key=${encodeURIComponent(file('server-key.pem'))}`;
      await useTotals(await open(`${url}?${ca}&${own}`));
    } finally {
      await Promise.all(opened.splice(0).map((totals) => totals.close()));
      await redis.remove();
    }
  });
});

async function failedCommit(totals: SessionTotals): Promise<undefined> {
  await totals.commit(0, undefined, samplePartition(1), [sampleState('s', 1)]).catch(() => {});
  return undefined;
}
