import { generateKey } from '@throughline/contracts/keys';
import type { LogBounds } from '@throughline/event-log/event-log';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';
import { openKafkaRebasableLog } from '@throughline/event-log/kafka/rebasable-log';
import {
  openRedisSessionTotals,
  type RedisSessionTotals,
} from '@throughline/session-totals/redis/redis-session-totals';
import { isRebuilding } from '@throughline/session-totals/session-totals';
import { defineService, runThroughline, type ServiceProcess } from '@throughline/testkit/process/service-process';
import { waitFor } from '@throughline/testkit/wait-for';
import type { Bench } from '../scenario.ts';
import type { Servers } from './servers.ts';

export interface WorldOptions {
  /** Also the name of its database, and of what it keeps in Redis. */
  readonly topic?: string;
  /** Default 8. */
  readonly partitions?: number;
  /** Of every service. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One topic with tables and totals of its own on servers that others may use as well, and its services. */
export interface World extends AsyncDisposable {
  readonly topic: string;
  readonly partitions: number;
  readonly key: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clickhouseUrl: string;
  readonly totals: RedisSessionTotals;
  /** Starts one of the product's services; ended with the world. @param profile name of its CPU profile. */
  start(
    command: string,
    options?: { env?: Readonly<Record<string, string>>; profile?: string },
  ): Promise<ServiceProcess>;
  /** What the topic holds, per partition. */
  bounds(): Promise<readonly LogBounds[]>;
  /** Per partition; undefined while it has no totals, or only a part of them. */
  fences(): Promise<readonly ({ readonly offset: number; readonly epoch: number } | undefined)[]>;
}

const START_MS_MAX = 60_000;

export async function openWorld(bench: Bench, servers: Servers, options: WorldOptions = {}): Promise<World> {
  await using opening = new AsyncDisposableStack();
  const { topic = 'bench', partitions = 8 } = options;
  const key = generateKey();
  const clickhouseUrl = `${servers.clickhouse.url}/${topic}`;
  const env: Record<string, string> = {
    KAFKA_BROKERS: servers.kafka.brokers.join(','),
    KAFKA_TOPIC: topic,
    KAFKA_GROUP: topic,
    KAFKA_PARTITIONS: String(partitions),
    REDIS_URL: servers.redis.url,
    CLICKHOUSE_URL: clickhouseUrl,
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const migration = await runThroughline(['migrate'], { ...env, THROUGHLINE_API_KEY: key });
  if (migration.code !== 0) throw new Error(`migrate failed:\n${migration.stdout}${migration.stderr}`);
  const totals = await openRedisSessionTotals({
    url: servers.redis.url,
    partitions,
    namespace: topic,
    onWarning: (text) => bench.progress(text),
  });
  opening.defer(() => totals.close());
  const log = openKafkaRebasableLog(createKafka({ brokers: servers.kafka.brokers }), topic);
  opening.defer(() => log.close());
  const services: ServiceProcess[] = [];
  opening.defer(async () => void (await Promise.all(services.map((service) => service.stop()))));

  const opened = opening.move();
  return {
    topic,
    partitions,
    key,
    env,
    clickhouseUrl,
    totals,
    async start(command, { env: more = {}, profile } = {}) {
      const service = await defineService(command, {
        env: { ...env, ...profileEnv(bench, profile), ...more },
        readyTimeoutMs: START_MS_MAX,
      });
      services.push(service);
      await service.start();
      return service;
    },
    async bounds() {
      const found = await log.look();
      return Array.from({ length: partitions }, (_, partition) => found.get(partition)!);
    },
    async fences() {
      const states = await Promise.all(Array.from({ length: partitions }, (_, i) => totals.loadPartition(i)));
      return states.map((state) => (state && !isRebuilding(state.fence) ? state.fence : undefined));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Waits until everything that the topic holds now is in rows and totals. */
export async function untilApplied(world: World, timeoutMs: number): Promise<void> {
  const bounds = await world.bounds();
  await waitFor(
    async () => {
      const fences = await world.fences();
      return bounds.every(({ high }, partition) => (fences[partition]?.offset ?? -1) + 1 >= high);
    },
    { timeoutMs, intervalMs: 50, what: `the end of ${world.topic}` },
  );
}

/** Settings under which a Node process writes a CPU profile at its proper end, when profiles were asked for. */
export function profileEnv(bench: Bench, name: string | undefined): Record<string, string> {
  if (!name || !bench.profileDir) return {};
  const file = `--cpu-prof-name=${name}.${Date.now()}.cpuprofile`;
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${bench.profileDir} ${file} --cpu-prof-interval=500` };
}
