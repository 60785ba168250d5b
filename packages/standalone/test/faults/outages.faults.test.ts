import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { startRedisCluster } from '@throughline/local-servers/redis-cluster';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import type { World } from '../e2e/support/distributed-world.ts';
import { isLong, OUTAGE_MS, SHORT_OUTAGE_MS, WORLD_MS_MAX } from '../e2e/support/fault-length.ts';
import { shiftedClock } from '../e2e/support/shifted-clock.ts';
import { useWorld } from '../e2e/support/use-world.ts';

const world = useWorld();

/** Of what else can happen to Redis, one in a usual run, which the seed chooses, and all in the long form. */
const CHOSEN = createRandom(seedFromEnv('which fault of Redis')).pick(['evictions', 'failover'] as const);
const isChosen = (fault: typeof CHOSEN) => isLong || fault === CHOSEN;

/** Of the two ways to lose what ClickHouse was told, likewise. */
const CLICKHOUSE_FAULT = createRandom(seedFromEnv('which fault of ClickHouse')).pick(['trouble', 'set back'] as const);
const isClickHouseFault = (fault: typeof CLICKHOUSE_FAULT) => isLong || fault === CLICKHOUSE_FAULT;

/** Under load between two faults. */
const BETWEEN_MS = 2_000;

describe('while servers are down, calls go on, and afterwards nothing is missing or double', () => {
  test(
    'Kafka, Redis, ClickHouse, two of them, and all three',
    async () => {
      const { servers, load, exact } = await world('servers down');
      const running = load();
      try {
        for (const [names, outageMs] of [
          [['kafka'], OUTAGE_MS],
          [['redis'], SHORT_OUTAGE_MS],
          [['clickhouse'], SHORT_OUTAGE_MS],
          [['kafka', 'clickhouse'], SHORT_OUTAGE_MS],
          [['kafka', 'redis', 'clickhouse'], SHORT_OUTAGE_MS],
        ] as const) {
          await sleep(BETWEEN_MS);
          await Promise.all(names.map((name) => servers[name].kill()));
          await sleep(outageMs);
          await Promise.all(names.map((name) => servers[name].restart()));
        }
        await sleep(BETWEEN_MS);
      } finally {
        await running.stop();
      }
      expect((await exact({ timeoutMs: 120_000 })).fullyReceived).toBeGreaterThan(50);
    },
    WORLD_MS_MAX,
  );

  if (isClickHouseFault('trouble')) {
    test(
      'ClickHouse is slow, fails, and dies in the middle of inserts',
      async () => {
        const { servers, load, exact } = await world('ClickHouse in trouble');
        const { clickhouse } = servers;
        const running = load();
        try {
          await clickhouse.setFault({ insertDelayMs: 5_000 });
          await sleep(8_000);
          await clickhouse.kill();
          await clickhouse.restart();
          for (const answer of ['error', 'cut'] as const) {
            await clickhouse.setFault({ failNext: { count: 3, on: 'insert', when: 'after', answer } });
            await sleep(BETWEEN_MS);
          }
          for (let round = 0; round < 3; round++) {
            await clickhouse.setFault({ insertDelayMs: 200 });
            await sleep(700);
            await clickhouse.kill();
            await clickhouse.restart();
          }
        } finally {
          await running.stop();
        }
        expect((await exact()).fullyReceived).toBeGreaterThan(20);
      },
      WORLD_MS_MAX,
    );
  }
});

describe('what a store has lost comes back', () => {
  test(
    'Redis is emptied, emptied again while it is rebuilt, cut off, and set back to an older copy',
    async () => {
      const { servers, load, exact, cleanAudit } = await world('Redis loses its memory');
      const { redis } = servers;
      const running = load();
      try {
        await sleep(BETWEEN_MS);
        await redis.cli('FLUSHALL');
        await sleep(BETWEEN_MS);
        await redis.cli('FLUSHALL');
        await sleep(300);
        await redis.cli('FLUSHALL');
        await sleep(BETWEEN_MS);
        await copyAside(redis);
        await sleep(BETWEEN_MS);
        await setBack(redis);
        await sleep(BETWEEN_MS);
        await redis.kill();
        cutAppendOnlyFile(redis.dir);
        await redis.restart();
        await sleep(BETWEEN_MS);
      } finally {
        await running.stop();
      }
      await cleanAudit();
      expect((await exact()).fullyReceived).toBeGreaterThan(20);
    },
    WORLD_MS_MAX,
  );

  if (isChosen('evictions')) {
    test(
      'Redis is emptied after sessions were evicted, which are called again',
      async () => {
        const { servers, addGateway, aggregators, load, exact } = await world('evicted, emptied, called again', {
          aggregators: 1,
          partitions: 1,
        });
        const [aggregator] = aggregators;
        const early = { sessionPrefix: 'early-', callsMax: 100 };
        await load(early).done;
        const ahead = await addGateway(undefined, shiftedClock(2 * 3_600_000));
        const running = [load({ sessionPrefix: 'now-' })];
        try {
          await aggregator!.kill('SIGTERM');
          await aggregator!.start({ THROUGHLINE_CRASH_AT: 'aggregator:sessions-evicted' });
          await sleep(BETWEEN_MS);
          // The log's time passes the hour after which a session counts as idle.
          running.push(load({ gateway: ahead, sessionPrefix: 'late-' }));
          // Sessions have been evicted, and their owner is dead.
          expect((await aggregator!.exited()).signal).toBe('SIGKILL');
          await aggregator!.start();
          await sleep(BETWEEN_MS);
          await servers.redis.cli('FLUSHALL');
          await load(early).done;
        } finally {
          await Promise.all(running.map((one) => one.stop()));
        }
        expect((await exact()).fullyReceived).toBeGreaterThan(20);
      },
      WORLD_MS_MAX,
    );
  }

  if (isChosen('failover')) {
    test(
      'a primary of a Redis Cluster dies, and its replica takes over',
      async () => {
        await using cluster = await startRedisCluster({ replicas: 1 });
        const hosts = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`);
        const { load, exact } = await world('Redis Cluster fails over', {
          through: async () => ({ REDIS_URL: `redis+cluster://${hosts.join(',')}` }),
        });
        const running = load();
        try {
          await sleep(BETWEEN_MS);
          for (const primary of await cluster.masters()) {
            await primary.kill();
            await cluster.failover(primary);
            await primary.restart();
            await cluster.settled();
            await sleep(BETWEEN_MS);
          }
        } finally {
          await running.stop();
        }
        expect((await exact({ timeoutMs: 120_000 })).fullyReceived).toBeGreaterThan(20);
      },
      WORLD_MS_MAX,
    );
  }

  if (isClickHouseFault('set back')) {
    test(
      'ClickHouse is set back to an older copy',
      async () => {
        const { servers, load, exact, api, aggregators } = await world('ClickHouse loses rows');
        const { clickhouse } = servers;
        const running = load();
        const moreRows = async () => {
          const before = (await api.requests()).length;
          const enough = async () => (await api.requests()).length > before + 40;
          await waitFor(enough, { what: 'more rows', timeoutMs: 60_000 });
        };
        try {
          await moreRows();
          await copyAside(clickhouse);
          await moreRows();
          await setBack(clickhouse);
          await sleep(BETWEEN_MS);
        } finally {
          await running.stop();
        }
        expect((await exact({ timeoutMs: 120_000 })).fullyReceived).toBeGreaterThan(20);
        expect(aggregators.map(({ stdout }) => stdout).join()).toContain('are inserted again');
      },
      WORLD_MS_MAX,
    );
  }
});

type Stoppable = Pick<World['servers']['redis'], 'dir' | 'kill' | 'restart'>;

async function copyAside(server: Stoppable): Promise<void> {
  await server.kill();
  cpSync(server.dir, `${server.dir}-copy`, { recursive: true });
  await server.restart();
}

async function setBack(server: Stoppable): Promise<void> {
  await server.kill();
  for (const name of readdirSync(server.dir)) rmSync(join(server.dir, name), { recursive: true });
  cpSync(`${server.dir}-copy`, server.dir, { recursive: true });
  rmSync(`${server.dir}-copy`, { recursive: true });
  await server.restart();
}

/** What the last seconds wrote is gone, in the middle of a command. */
function cutAppendOnlyFile(dir: string): void {
  const folder = join(dir, 'appendonlydir');
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.incr.aof'))
    .map((name) => join(folder, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]!;
  truncateSync(newest, Math.floor(statSync(newest).size * 0.8));
}
