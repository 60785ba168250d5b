import { waitFor } from '@throughline/testkit/wait-for';
import { readMetric } from '../measure/metric.ts';
import { pinProcess } from '../processes/pin.ts';
import type { Bench } from '../scenario.ts';
import { CONTESTANT_CORE, OTHERS_CORE } from './contestants.ts';
import type { Servers } from './servers.ts';
import type { World } from './world.ts';

export interface KafkaGateway {
  readonly pid: number;
  readonly origin: string;
  /** Waits until Kafka has everything that was recorded. */
  settle(): Promise<void>;
}

export interface KafkaGatewayOptions {
  /** Of its CPU profile. */
  readonly profile: string;
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** `throughline gateway`, whose outbox is emptied into Kafka, on the core of contestants; it ends with its world. */
export async function startKafkaGateway(
  bench: Bench,
  world: World,
  { profile, dataDir, env }: KafkaGatewayOptions,
): Promise<KafkaGateway> {
  const { url, pid } = await world.start('gateway', { profile, env: { THROUGHLINE_DATA_DIR: dataDir, ...env } });
  pinProcess(bench.tools, pid!, CONTESTANT_CORE);
  return { pid: pid!, origin: url, settle: () => untilSent(url) };
}

/** Moves servers to the core that contestants do not have. */
export function pinServers({ tools }: Bench, { kafka, redis, clickhouse }: Servers): void {
  for (const { pid } of [kafka, redis, clickhouse]) pinProcess(tools, pid!, OTHERS_CORE);
}

async function untilSent(url: string): Promise<void> {
  await waitFor(
    async () => readMetric(await (await fetch(`${url}/metrics`)).text(), 'throughline_outbox_events') === 0,
    { timeoutMs: DRAIN_MS_MAX, intervalMs: 50, what: 'an empty outbox' },
  );
}

const DRAIN_MS_MAX = 60_000;
