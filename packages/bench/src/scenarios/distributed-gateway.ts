import { join } from 'node:path';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { CONTESTANT_CORE, OTHERS_CORE, startGateway, startRawProxy } from '../contestants/contestants.ts';
import { pinServers, startKafkaGateway } from '../contestants/kafka-gateway.ts';
import { drained, startProduct } from '../contestants/product.ts';
import { startServers } from '../contestants/servers.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { openWorld } from '../contestants/world.ts';
import { type LoadJob, runLoad } from '../load/load.ts';
import { watchCpu } from '../measure/cpu-watch.ts';
import { interleave } from '../measure/interleave.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { warmUp } from '../measure/warm-up.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Figure, Scenario } from '../scenario.ts';
import { CHAT_PATH, chatCalls, GATEWAY_PATH } from '../traffic/chat-calls.ts';

const CONNECTIONS = [16, 1];

type Name = 'raw' | 'alone' | 'start' | 'kafka' | 'plain';

const TITLES: Readonly<Record<Name, string>> = {
  raw: 'raw Node',
  alone: 'embedded gateway, a process of its own',
  start: '`throughline start`, its HTTP thread',
  kafka: 'gateway over Kafka',
  plain: 'the same, KAFKA_COMPRESSION=none',
};

interface Target {
  readonly origin: string;
  readonly path: string;
  readonly pid: number;
  /** Name of the thread that answers HTTP. */
  readonly httpThread: string;
  /** Everything recorded is where it belongs. */
  settle(): Promise<unknown>;
}

/** CPU per request, µs. */
interface Sample {
  readonly httpUs: number;
  /** All threads: compiler, garbage collector, compression and disk included. */
  readonly processUs: number;
  readonly requestsPerSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

export const distributedGateway: Scenario = {
  name: 'distributed-gateway',
  about: 'the gateway with an outbox emptied into Kafka, against the embedded gateway and bare pass-through',
  async run(bench) {
    await using servers = await startServers();
    await using stack = new AsyncDisposableStack();
    await using log = await createTempDir('bench-log');
    await using data = await createTempDir('bench-gateway');
    const upstream = stack.adopt(await startUpstream(bench), (one) => one.stop());
    const world = stack.use(
      await openWorld(bench, servers, {
        env: { PROVIDER_OPENAI_URL: upstream.origin },
      }),
    );
    const pinned = { core: CONTESTANT_CORE };
    const raw = stack.adopt(await startRawProxy(bench, upstream.origin, pinned), (one) => one.stop());
    const alone = stack.adopt(
      await startGateway(
        bench,
        upstream.origin,
        { record: 'log', dir: log.path },
        { ...pinned, profile: 'gateway-alone' },
      ),
      (one) => one.stop(),
    );
    const product = stack.use(await startProduct(bench, upstream.origin));
    const startService = async (profile: string, env: Readonly<Record<string, string>>): Promise<Target> => {
      const dataDir = join(data.path, profile);
      const gateway = await startKafkaGateway(bench, world, { profile, dataDir, env });
      return { ...gateway, path: GATEWAY_PATH, httpThread: 'MainThread' };
    };
    pinServers(bench, servers);
    const targets: Readonly<Record<Name, Target>> = {
      raw: { ...raw, path: CHAT_PATH, httpThread: 'MainThread', settle: async () => {} },
      alone: { ...alone, path: GATEWAY_PATH, httpThread: 'MainThread', settle: async () => {} },
      start: {
        origin: product.url,
        path: GATEWAY_PATH,
        pid: product.pid!,
        httpThread: 'http',
        settle: () => drained(product),
      },
      kafka: await startService('distributed-gateway', {}),
      plain: await startService('distributed-gateway-plain', { KAFKA_COMPRESSION: 'none' }),
    };
    const names = Object.keys(targets) as Name[];
    const rows: string[][] = [];
    const figures: Figure[] = [];
    const all: Record<string, unknown> = {};
    for (const connections of CONNECTIONS) {
      const load = { calls: chatCalls(), connections, seconds: bench.seconds, core: OTHERS_CORE };
      bench.progress(`c=${connections}`);
      if (connections === CONNECTIONS[0]) {
        for (const name of names) {
          await warmUp(bench, { ...load, ...targets[name] });
          await targets[name].settle();
        }
      }
      const measures = Object.fromEntries(names.map((name) => [name, () => measure(bench, targets[name], load)]));
      const samples = (await interleave(bench.rounds, measures, { warmUp: false })) as Record<Name, Sample[]>;
      all[`c=${connections}`] = samples;
      const of = (name: Name, what: keyof Sample) => samples[name].map((sample) => sample[what]);
      const compared = (what: keyof Sample, name: Name, reference: Name) =>
        medianRatio(of(name, what), of(reference, what));
      for (const name of names) {
        rows.push([
          `${TITLES[name]}, c=${connections}`,
          medianWithSpread(of(name, 'httpUs')),
          name === 'start' ? '-' : medianWithSpread(of(name, 'processUs')),
          name === 'raw' || name === 'start' ? '-' : ratio(compared('processUs', name, 'raw')),
          medianWithSpread(of(name, 'requestsPerSecond')),
          number(median(of(name, 'p50Us'))),
          number(median(of(name, 'p99Us'))),
        ]);
      }
      const limit = connections === CONNECTIONS[0] ? { atMost: 1.4 } : {};
      figures.push(
        {
          name: `gateway over Kafka: CPU per request of its process against the embedded gateway alone, c=${connections}`,
          value: compared('processUs', 'kafka', 'alone'),
          unit: 'x',
          ...limit,
        },
        {
          name: `gateway over Kafka: CPU per request of its main thread against the HTTP thread of \`throughline start\`, c=${connections}`,
          value: compared('httpUs', 'kafka', 'start'),
          unit: 'x',
          ...limit,
        },
        {
          name: `gateway over Kafka without compression: CPU per request of its process against the embedded gateway alone, c=${connections}`,
          value: compared('processUs', 'plain', 'alone'),
          unit: 'x',
        },
        {
          name: `gateway over Kafka: CPU per request of its process against raw Node, c=${connections}`,
          value: compared('processUs', 'kafka', 'raw'),
          unit: 'x',
        },
      );
    }
    return {
      columns: ['CPU µs/request', 'HTTP thread', 'process', 'against raw', 'requests/s', 'p50 µs', 'p99 µs'],
      rows,
      figures,
      notes: [
        'the embedded gateway is compared twice: as a process of its own, which has the same router and a log of segment files and nothing else, all threads; and as the HTTP thread of `throughline start`, whose other threads (aggregator, ClickHouse, and V8’s and libuv’s helpers for both) cannot be told apart',
        'the gateway over Kafka is measured until Kafka has every event; what the broker takes is not in it',
        'raw, alone and the gateway over Kafka run on one core; load, upstream and servers on the other; `throughline start` on both, as it has many threads',
        'Kafka’s messages are compressed with zstd by default; no consumer runs',
      ],
      samples: all,
    };
  },
};

async function measure(bench: Bench, target: Target, load: Omit<LoadJob, 'origin' | 'path'>): Promise<Sample> {
  const used = watchCpu({ target: [target.pid] });
  const result = await runLoad(bench, { ...load, origin: target.origin, path: target.path });
  await target.settle();
  const { processUs, threads } = used().target;
  return {
    httpUs: (threads[target.httpThread] ?? Number.NaN) / result.requests,
    processUs: processUs / result.requests,
    requestsPerSecond: result.requests / result.seconds,
    p50Us: result.p50Us,
    p99Us: result.p99Us,
  };
}
