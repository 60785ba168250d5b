import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { startKafka } from '@throughline/local-servers/kafka';
import { startTcpProxy, type TcpProxy } from '@throughline/testkit/faults/tcp-proxy';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { NETWORK_ROUNDS, WORLD_MS_MAX } from '../e2e/support/fault-length.ts';
import { useWorld } from '../e2e/support/use-world.ts';

const world = useWorld();

test(
  'a network that stalls, cuts and delays between services and any server costs time and nothing else',
  async () => {
    const random = createRandom(seedFromEnv('what the network does'));
    const kafkaPort = await findFreePort();
    await using kafka = await startKafka({ proxyPorts: [kafkaPort] });
    const proxies: TcpProxy[] = [];
    const proxyTo = async (target: { host?: string; port: number }, port?: number) => {
      const proxy = await startTcpProxy({ target, random, ...(port !== undefined && { port }) });
      proxies.push(proxy);
      return proxy;
    };
    const { load, exact } = await world('a bad network', {
      kafka,
      through: async ({ redis, clickhouse }) => {
        await proxyTo(kafka.proxyTargets[0]!, kafkaPort);
        return {
          KAFKA_BROKERS: `127.0.0.1:${kafkaPort}`,
          REDIS_URL: `redis://${(await proxyTo(redis)).address}`,
          CLICKHOUSE_URL: `http://${(await proxyTo(clickhouse)).address}`,
        };
      },
    });
    const running = load();
    try {
      for (let round = 0; round < NETWORK_ROUNDS; round++) {
        const proxy = random.pick(proxies);
        switch (random.pick(['stall', 'stall-answers', 'cut', 'delay', 'refuse'])) {
          case 'stall':
            proxy.stall();
            await sleep(random.integer(500, 4_000));
            proxy.unstall();
            break;
          case 'stall-answers':
            // The server has done it and nobody knows.
            proxy.stall('toClient');
            await sleep(random.integer(500, 2_000));
            proxy.cut();
            proxy.unstall('toClient');
            break;
          case 'cut':
            proxy.cut();
            break;
          case 'delay':
            proxy.delay(100, 200);
            await sleep(random.integer(500, 2_000));
            proxy.delay(0);
            break;
          case 'refuse':
            proxy.refuse();
            proxy.cut();
            await sleep(random.integer(500, 3_000));
            await proxy.accept();
            break;
        }
        await sleep(random.integer(200, 1_000));
      }
    } finally {
      await running.stop();
    }
    expect((await exact({ timeoutMs: 120_000 })).fullyReceived).toBeGreaterThan(20);
    await Promise.all(proxies.map((proxy) => proxy.close()));
  },
  WORLD_MS_MAX,
);
