import { randomUUID } from 'node:crypto';
import { generateKey } from '@throughline/contracts/keys';
import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import type { AuditReport } from '@throughline/session-aggregator/audit/audit-report';
import { type ApiClient, createApiClient } from '@throughline/testkit/api-client';
import { type ClickHouseProcess, startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { type FakeProvider, startFakeProvider } from '@throughline/testkit/fake-provider/fake-provider';
import { checkExactness, type ExactnessOptions, type ExactnessReport } from '@throughline/testkit/load/check-exactness';
import { createLedger, type Ledger } from '@throughline/testkit/load/ledger';
import { type Load, type LoadOptions, startLoad } from '@throughline/testkit/load/run-load';
import { defineService, runThroughline, type ServiceProcess } from '@throughline/testkit/process/service-process';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import { FAULT_LOAD } from './fault-load.ts';
import { unsure } from './unsure-ledger.ts';

export interface WorldOptions {
  readonly seed: number;
  /** Default 4, 1 and 2. */
  readonly partitions?: number;
  readonly gateways?: number;
  readonly aggregators?: number;
  /** Of every service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: one of its own, ended with the world. One that is given is its owner's, and the world has topic and group of its own in it. */
  readonly kafka?: KafkaServer;
  /** Where services find Kafka, Redis or ClickHouse instead of at the servers themselves, e.g. through a proxy. */
  readonly through?: (servers: Servers) => Promise<Readonly<Record<string, string>>>;
}

export interface Servers {
  readonly kafka: KafkaServer;
  readonly redis: RedisServer;
  readonly clickhouse: ClickHouseProcess;
}

export interface ExactOptions extends ExactnessOptions {
  /** Calls that may have been refused after their headers had left: counted in the ledger, or visible once. */
  readonly mayBeMissing?: ReadonlySet<number>;
}

/** Real servers, real services, a provider that misbehaves, and clients that know what they were promised. */
export interface World extends AsyncDisposable {
  readonly servers: Servers;
  readonly provider: FakeProvider;
  /** Settings that every service has; commands need them too. */
  readonly env: Readonly<Record<string, string>>;
  readonly key: string;
  readonly gateways: readonly ServiceProcess[];
  readonly aggregators: readonly ServiceProcess[];
  readonly query: ServiceProcess;
  readonly api: ApiClient;
  readonly ledger: Ledger;
  /** One more, started. */
  addAggregator(env?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  /** One more on a folder, by default one of its own. */
  addGateway(dataDir?: string, env?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  dataDirOf(gateway: ServiceProcess): string;
  /** Against one gateway, the first by default. */
  load(options?: Partial<LoadOptions> & { readonly gateway?: ServiceProcess }): Load;
  /** Waits until everything in Kafka is applied and the product's own ledger agrees. */
  cleanAudit(timeoutMs?: number): Promise<AuditReport>;
  /** Everything is as the clients know it, and the product's own ledger agrees. */
  exact(options?: ExactOptions): Promise<ExactnessReport>;
}

/** On a machine that is busy with other things as well. */
const START_MS_MAX = 60_000;
/** Until what was asked of services that were killed in the middle is applied and visible, on a busy machine. */
export const SETTLE_MS_MAX = 60_000;

export async function startWorld(options: WorldOptions): Promise<World> {
  await using opening = new AsyncDisposableStack();
  const { seed, partitions = 4, gateways: gatewayCount = 1, aggregators: aggregatorCount = 2 } = options;
  const [kafka, redis, clickhouse] = await Promise.all([
    options.kafka ?? startKafka(),
    startRedis(),
    startClickHouse(),
  ]);
  if (!options.kafka) opening.defer(() => kafka.remove());
  opening.defer(() => redis.remove());
  opening.defer(() => clickhouse.stop());
  const servers: Servers = { kafka, redis, clickhouse };
  const provider = await startFakeProvider({ exchangesMax: 100 });
  opening.defer(() => provider.close());
  const dir = await createTempDir('world');
  opening.defer(() => dir.remove());
  const key = generateKey();
  const env: Record<string, string> = {
    KAFKA_BROKERS: kafka.brokers.join(','),
    ...(options.kafka && ownNames()),
    KAFKA_PARTITIONS: String(partitions),
    REDIS_URL: redis.url,
    CLICKHOUSE_URL: clickhouse.url,
    LOG_LEVEL: 'warn',
    PROVIDER_OPENAI_URL: provider.origin,
    PROVIDER_ANTHROPIC_URL: provider.origin,
    ...options.env,
    ...(await options.through?.(servers)),
  };
  const migration = await runThroughline(['migrate'], { ...env, THROUGHLINE_API_KEY: key });
  if (migration.code !== 0) throw new Error(`migrate failed:\n${migration.stdout}${migration.stderr}`);

  // Services come later as well: they are ended before the servers.
  const services: ServiceProcess[] = [];
  opening.defer(async () => {
    // What is tested has been tested: nobody waits for a drain.
    await Promise.all(services.map((service) => service.pid !== undefined && service.kill('SIGKILL')));
  });
  const gateways: ServiceProcess[] = [];
  const aggregators: ServiceProcess[] = [];
  const dataDirs = new Map<ServiceProcess, string>();
  const add = async (list: ServiceProcess[], command: string, more: Record<string, string> = {}) => {
    const service = await defineService(command, { env: { ...env, ...more }, readyTimeoutMs: START_MS_MAX });
    services.push(service);
    list.push(service);
    await service.start();
    return service;
  };
  const addGateway = async (dataDir = `${dir.path}/gateway-${gateways.length}`, more: Record<string, string> = {}) => {
    const gateway = await add(gateways, 'gateway', { THROUGHLINE_DATA_DIR: dataDir, ...more });
    dataDirs.set(gateway, dataDir);
    return gateway;
  };
  const addAggregator = (more: Record<string, string> = {}) => add(aggregators, 'aggregator', more);
  const queries: ServiceProcess[] = [];
  await Promise.all([
    ...Array.from({ length: gatewayCount }, () => addGateway()),
    ...Array.from({ length: aggregatorCount }, () => addAggregator()),
    add(queries, 'query', { THROUGHLINE_DATA_DIR: `${dir.path}/query` }),
  ]);
  const query = queries[0]!;
  const api = createApiClient(query.url, key);
  const ledger = createLedger();
  let loads = 0;

  const cleanAudit = (timeoutMs = SETTLE_MS_MAX) =>
    waitFor(
      async () => {
        const { stdout, stderr } = await runThroughline(['audit', '--json'], env);
        if (!stdout) throw new Error(stderr);
        const report = JSON.parse(stdout) as AuditReport;
        if (report.clean && report.partitions.every(({ applied, logged }) => applied === logged)) return report;
        throw new Error(JSON.stringify(report.partitions, null, 1));
      },
      { what: 'a clean audit', intervalMs: 300, timeoutMs },
    );

  const opened = opening.move();
  return {
    servers,
    provider,
    env,
    key,
    gateways,
    aggregators,
    query,
    api,
    ledger,
    addAggregator,
    addGateway,
    dataDirOf: (gateway) => dataDirs.get(gateway)!,
    load: ({ gateway = gateways[0]!, ...more } = {}) =>
      startLoad({
        url: gateway.url,
        key,
        seed: seed + loads++,
        ledger,
        ...FAULT_LOAD,
        sessionPrefix: `world-${seed}-`,
        ...more,
      }),
    cleanAudit,
    async exact({ timeoutMs = SETTLE_MS_MAX, mayBeMissing = new Set<number>(), ...more } = {}) {
      await untilSent(gateways, timeoutMs);
      const audit = await cleanAudit(timeoutMs);
      return checkExactness(unsure(ledger, mayBeMissing), api, { timeoutMs, ...more }).catch((error: unknown) => {
        const summary = audit.partitions.map(({ stored, losses, logged }) => ({ logged, ...stored, losses }));
        throw new Error(`the audit was clean: ${JSON.stringify(summary)}`, { cause: error });
      });
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** In a broker that has served other worlds, whose members it may not have missed yet. */
function ownNames(): Record<string, string> {
  const own = randomUUID();
  return { KAFKA_TOPIC: `llm.requests.${own}`, KAFKA_GROUP: `aggregators.${own}` };
}

/** Every gateway that runs has emptied its outbox. */
async function untilSent(gateways: readonly ServiceProcess[], timeoutMs: number): Promise<void> {
  for (const gateway of gateways) {
    if (gateway.pid === undefined) continue;
    await waitFor(
      async () => {
        const waiting = await metric(gateway, 'throughline_outbox_events');
        if (waiting === 0) return true;
        throw new Error(`${waiting} events wait`);
      },
      { what: `an empty outbox of ${gateway.url}`, timeoutMs },
    );
  }
}

/** The value of a metric without labels, NaN where there is none. */
export async function metric(service: ServiceProcess, name: string): Promise<number> {
  const [line] = await metricLines(service, `${name} `);
  return line === undefined ? Number.NaN : Number(line.slice(name.length + 1));
}

/** Lines of metrics, with labels and value, whose name begins with this. */
export async function metricLines(service: ServiceProcess, start: string): Promise<string[]> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(start));
}
