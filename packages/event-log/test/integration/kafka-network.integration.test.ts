import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import { startTcpProxy, type TcpProxy } from '@throughline/testkit/faults/tcp-proxy';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import { createKafka } from '../../src/kafka/kafka-options.ts';
import { FencedStore } from '../fenced-owner.ts';
import { GroupWorld, SESSION_TIMEOUT_MS } from '../group-world.ts';

jest.setTimeout(240_000);

let kafka: KafkaServer;
let proxy: TcpProxy;
let world: GroupWorld | undefined;

beforeAll(async () => {
  const port = await findFreePort();
  kafka = await startKafka({ proxyPorts: [port] });
  proxy = await startTcpProxy({ target: kafka.proxyTargets[0]!, port });
});
afterAll(async () => {
  await world?.destroy();
  await proxy.close();
  await kafka.remove();
});

test('a member whose network stalls, cuts and delays loses and doubles nothing, and comes back by itself', async () => {
  const random = createRandom(seedFromEnv('a bad network'));
  const created = await GroupWorld.create(kafka.brokers, 4, new FencedStore());
  world = created;
  const throughProxy = createKafka({ brokers: [proxy.address], requestTimeoutMs: 2_000, connectionTimeoutMs: 1_000 });
  const [near, far] = [created.join(), created.join({ kafka: throughProxy })];
  created.startLoad();
  await created.settled([near, far]);

  const faults: Record<string, () => Promise<void>> = {
    'answers stall past the session': async () => {
      proxy.stall('toClient');
      await sleep(SESSION_TIMEOUT_MS * 1.5);
      proxy.unstall();
    },
    'requests stall for a moment': async () => {
      proxy.stall('toServer');
      await sleep(1_000);
      proxy.unstall();
    },
    'all connections are cut': async () => proxy.cut(),
    'a connection ends in the middle of an answer': () => proxy.cutAfter('toClient', random.integer(1, 5_000)),
    'nobody listens': async () => {
      proxy.refuse();
      proxy.cut();
      await sleep(2_000);
      await proxy.accept();
    },
    'everything is slow': async () => {
      proxy.delay(50, 150);
      await sleep(2_000);
      proxy.delay(0);
    },
  };
  const left = Object.entries(faults);
  while (left.length > 0) {
    const [[name, fault]] = left.splice(random.integer(0, left.length - 1), 1) as [(typeof left)[number]];
    await fault();
    await created.settled([near, far]).catch((error: Error) => {
      throw new Error(`after "${name}": ${error.message}`);
    });
    const before = created.applied().reduce((sum, values) => sum + values.length, 0);
    await waitFor(() => created.applied().reduce((sum, values) => sum + values.length, 0) > before + 100, {
      timeoutMs: 60_000,
      what: `more to be applied after "${name}"`,
    });
  }
  await created.stopLoad();
  await created.caughtUp();
  expect(created.applied()).toEqual(await created.contents());
  expect([near, far].flatMap(({ errors }) => errors)).toEqual([]);
});
