import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type RedisCluster, startRedisCluster } from '@throughline/local-servers/redis-cluster';
import { type RedisSentinelSetup, startRedisSentinel } from '@throughline/local-servers/redis-sentinel';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import type { RedisSessionTotals } from '../../src/redis/redis-session-totals.ts';
import { CommittingOwner, openTotals } from './redis-owner.ts';

/** Elections and reconnects, on a busy machine. */
const FAILOVER = { timeoutMs: 60_000 };
const PARTITIONS = 4;

let totals: RedisSessionTotals;
afterEach(() => totals.close());

/** Owners of several partitions, in different slots. */
function startOwners(): CommittingOwner[] {
  const owners = Array.from(
    { length: PARTITIONS },
    (_, partition) => new CommittingOwner(totals, { partition, sessions: 50 }),
  );
  for (const owner of owners) owner.start();
  return owners;
}

async function allCommit(owners: readonly CommittingOwner[], what: string): Promise<void> {
  const before = owners.map((owner) => owner.commits);
  await waitFor(() => owners.every((owner, i) => owner.commits > before[i]! + 2), { ...FAILOVER, what });
}

/** Replication lags: acknowledged commits may be missing, but what is there is of one commit. */
async function expectWhole(owners: readonly CommittingOwner[]): Promise<void> {
  for (const owner of owners) await owner.stop();
  for (const owner of owners) expect(await owner.storedOffset()).toBeLessThanOrEqual(owner.acknowledged + 1);
}

describeWithServers(['redis'], 'session totals in a cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster({ replicas: 1 });
  }, 120_000);
  afterAll(() => cluster.remove());

  const open = async (namespace: string) => {
    const url = `redis+cluster://${cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
    totals = await openTotals({ url, namespace, partitions: PARTITIONS });
  };
  const masterOf = (namespace: string, partition: number) => cluster.masterOf(`{tl:${namespace}:${partition}}:fence`);

  test('lose nothing and repeat nothing when a master hands over in order', async () => {
    await open('in-order');
    const owners = startOwners();
    await allCommit(owners, 'first commits');
    const before = await masterOf('in-order', 0);
    const after = await cluster.failover(before);
    expect(after).not.toBe(before);
    await allCommit(owners, 'commits after the failover');
    for (const owner of owners) {
      await owner.stop();
      expect([owner.acknowledged, owner.acknowledged + 1]).toContain(await owner.storedOffset());
    }
    await cluster.settled();
  }, 120_000);

  test('go on at the replica when a master is killed, and when it comes back as a replica', async () => {
    await open('killed');
    const random = createRandom(seedFromEnv('cluster failover'));
    const owners = startOwners();
    await allCommit(owners, 'first commits');
    await sleep(random.integer(0, 100));
    const killed = await masterOf('killed', 1);
    await killed.kill();
    await cluster.failover(killed);
    await allCommit(owners, 'commits after the election');
    await killed.restart();
    await cluster.settled();
    await allCommit(owners, 'commits after the return');
    await expectWhole(owners);
  }, 180_000);

  test('go on when all nodes were down', async () => {
    await open('all-down');
    const owners = startOwners();
    await allCommit(owners, 'first commits');
    await Promise.all(cluster.nodes.map((node) => node.kill()));
    await waitFor(() => owners.every((owner) => owner.unknown > 1), { ...FAILOVER, what: 'commits that fail' });
    await Promise.all(cluster.nodes.map((node) => node.restart()));
    await allCommit(owners, 'commits after the return');
    await expectWhole(owners);
    await cluster.settled();
  }, 180_000);

  test('of one partition lie in one slot, and readers find each session by its id alone', async () => {
    const namespace = 'slots';
    await open(namespace);
    const owners = startOwners();
    await allCommit(owners, 'commits');
    for (const owner of owners) await owner.stop();
    const slots = new Map<string, Set<string>>();
    for (const node of await cluster.masters()) {
      for (const name of (await node.cli('--scan', '--pattern', `{tl:${namespace}:*`)).split('\n').filter(Boolean)) {
        const tag = /^\{([^}]*)\}/.exec(name)![1]!;
        const found = slots.get(tag) ?? new Set();
        slots.set(tag, found.add(await node.cli('CLUSTER', 'KEYSLOT', name)));
      }
    }
    expect(slots.size).toBe(PARTITIONS);
    for (const found of slots.values()) expect(found.size).toBe(1);
    expect(await totals.size()).toEqual({ sessions: PARTITIONS * 50, bytes: expect.any(Number) });
  }, 60_000);

  test('wait while a slot is on the move, and go on where it went', async () => {
    const namespace = 'moving';
    await open(namespace);
    const owner = new CommittingOwner(totals, { sessions: 20 });
    expect(await owner.commit(1)).toBe('committed');
    const from = await masterOf(namespace, 0);
    const to = (await cluster.masters()).find((node) => node !== from)!;
    const [fromId, toId] = [await from.cli('CLUSTER', 'MYID'), await to.cli('CLUSTER', 'MYID')];
    const slot = await from.cli('CLUSTER', 'KEYSLOT', `{tl:${namespace}:0}:fence`);
    await to.cli('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
    await from.cli('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
    const names = (await from.cli('CLUSTER', 'GETKEYSINSLOT', slot, '100')).split('\n');
    expect(names).toContain(`{tl:${namespace}:0}:sessions`);
    // Half of its keys here, half of them there.
    await from.cli('MIGRATE', '127.0.0.1', String(to.port), names[0]!, '0', '5000');
    const waits = expect.objectContaining({ code: 'unavailable', retryable: true });
    await expect(owner.commit(2)).rejects.toEqual(waits);
    await expect(totals.loadPartition(0)).rejects.toEqual(waits);
    for (const name of names.slice(1)) await from.cli('MIGRATE', '127.0.0.1', String(to.port), name, '0', '5000');
    for (const node of await cluster.masters()) await node.cli('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
    await waitFor(async () => (await owner.storedOffset()) === 1, { ...FAILOVER, what: 'the slot at its new place' });
    expect(await owner.commit(2)).toBe('committed');
    expect(await owner.storedOffset()).toBe(2);
  }, 60_000);
});

describeWithServers(['redis'], 'session totals behind sentinels', () => {
  let setup: RedisSentinelSetup;
  beforeAll(async () => {
    setup = await startRedisSentinel();
  }, 120_000);
  afterAll(() => setup.remove());

  const url = () => {
    const list = setup.sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
    return `redis+sentinel://${list}?name=${setup.masterName}`;
  };

  test('are not opened under a name that the sentinels do not know, which is said', async () => {
    totals = await openTotals({ url: url() });
    const unknown = openTotals({ url: url().replace(setup.masterName, 'other'), startTimeoutMs: 500 });
    await expect(unknown).rejects.toThrow('No such master with that name');
  });

  test('go on at the new master when the sentinel changes it, and when the old one is killed', async () => {
    totals = await openTotals({ url: url(), partitions: PARTITIONS });
    const owners = startOwners();
    await allCommit(owners, 'first commits');
    await setup.failover();
    await allCommit(owners, 'commits at the new master');
    await expectWhole(owners);

    for (const owner of owners) owner.start();
    const master = await setup.master();
    const other = setup.servers.find((server) => server !== master)!;
    await waitFor(async () => (await other.cli('INFO', 'replication')).includes('master_link_status:up'), FAILOVER);
    await master.kill();
    await setup.failover();
    await allCommit(owners, 'commits after the kill');
    await expectWhole(owners);
    await master.restart();
  }, 180_000);
});
