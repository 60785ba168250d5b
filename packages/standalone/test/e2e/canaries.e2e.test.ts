import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { rawCall } from '@throughline/testkit/raw-call';
import {
  askWithCanaries,
  CANARIES,
  CANARY_SETTINGS,
  canariesIn,
  sendCanaries,
  untilSettled,
} from './support/canaries.ts';
import { WORLD_MS_MAX } from './support/fault-length.ts';
import { type Instance, leaksOf, SETUP_MS_MAX, startInstance } from './support/instance.ts';
import { filesIn } from './support/search-data-dir.ts';
import { useWorld } from './support/use-world.ts';

// Keys that exist nowhere else are sent through everything; afterwards everything that keeps or shows something is
// searched for them.

let instance: Instance | undefined;
afterEach(async () => {
  await instance?.stop();
  instance = undefined;
}, SETUP_MS_MAX);
const world = useWorld();

const metricsOf = async (url: string) => (await rawCall({ url: `${url}/metrics` })).body.toString();

/** Which canaries are in which of the places, by name. */
function leaks(places: Readonly<Record<string, string>>, ours: string): string[] {
  return Object.entries(places).flatMap(([place, text]) => canariesIn(text, ours).map((name) => `${place}: ${name}`));
}

/** What goes on to the provider: `proxy-authorization` is for the hop to us, and AWS's are for a signature of ours. */
const FORWARDED = [
  'authorization',
  'apiKey',
  'azure',
  'google',
  'cookie',
  'query',
  'token',
  'signature',
  'subscription',
];
const NOT_FORWARDED = ['proxy', 'awsSecret', 'ours', 'unknown', 'password'];

test.each([
  ['with masking rules', CANARY_SETTINGS, '[masked]'],
  ['without', { LOG_LEVEL: 'trace' }, CANARIES.masked],
])(
  'in one process, no credential is in files, answers, log lines or metrics, nor what is masked: %s',
  async (_name, env, shown) => {
    const session = `canaries-${randomUUID()}`;
    instance = await startInstance(env);
    const { throughline, api, provider } = instance;
    const { url, key, dataDir } = throughline;
    const answers = await sendCanaries(url, key, session);
    await untilSettled(async () => (await api.sessionRequests(session)).length);
    const asked = await askWithCanaries(url, key, session);
    const metrics = await metricsOf(url);
    // Stopped first, so that everything that is only in memory would have been written.
    await throughline.kill('SIGTERM');
    const files = await filesIn(dataDir);
    const { stdout, stderr } = throughline;
    // Without rules it may be wherever the call is stored and shown, but in no log line or metric.
    const stored =
      shown === CANARIES.masked ? withoutText({ answers, asked, ...files }, shown) : { answers, asked, ...files };
    expect(leaks({ metrics, stdout, stderr, ...stored }, key)).toEqual([]);

    // The search itself works: what went through did, and what may be there is found, in plain and in compressed form.
    const received = provider.exchanges
      .map(({ headers, url: path }) => `${JSON.stringify(headers)} ${path}`)
      .join('\n');
    const seen = canariesIn(received, key);
    expect(seen).toEqual(expect.arrayContaining(FORWARDED));
    expect(seen.filter((name) => NOT_FORWARDED.includes(name))).toEqual([]);
    expect(provider.exchanges.flatMap((exchange) => leaksOf(exchange, key))).toEqual([]);
    expect(asked).toContain(shown);
    const texts = Object.entries(files);
    expect(texts.some(([path, text]) => !path.endsWith('(unpacked)') && text.includes(session))).toBe(true);
    expect(texts.some(([path, text]) => path.endsWith('(unpacked)') && text.includes(`Hello, ${shown}`))).toBe(true);
  },
  SETUP_MS_MAX * 2,
);

function withoutText(places: Readonly<Record<string, string>>, text: string): Record<string, string> {
  return Object.fromEntries(Object.entries(places).map(([place, found]) => [place, found.replaceAll(text, '')]));
}

test(
  'over servers, none is in Kafka, Redis, ClickHouse or the folders of services either',
  async () => {
    const session = `canaries-${randomUUID()}`;
    const { servers, gateways, aggregators, query, api, key, dataDirOf, cleanAudit, provider } = await world(
      'canaries',
      {
        aggregators: 1,
        env: { ...CANARY_SETTINGS, KAFKA_COMPRESSION: 'none' },
      },
    );
    const [gateway] = gateways;
    const answers = await sendCanaries(gateway!.url, key, session);
    await untilSettled(async () => (await api.sessionRequests(session)).length);
    await cleanAudit();
    const asked = await askWithCanaries(query.url, key, session);
    const services = { gateway: gateway!, aggregator: aggregators[0]!, query };
    const metrics = (await Promise.all(Object.values(services).map(({ url }) => metricsOf(url)))).join('\n');

    await servers.redis.cli('CONFIG', 'SET', 'rdbcompression', 'no');
    let redis = '';
    for (const name of (await servers.redis.cli('--scan')).split('\n').filter(Boolean)) {
      redis += `${name}\n${await servers.redis.cli('DUMP', name)}\n`;
    }
    const sql = async (text: string) => (await rawCall({ url: servers.clickhouse.url, body: text })).body.toString();
    let clickhouse = '';
    const tables = await sql(
      "SELECT database || '.`' || name || '`' FROM system.tables WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema') FORMAT TSVRaw",
    );
    for (const table of tables.split('\n').filter(Boolean))
      clickhouse += await sql(`SELECT * FROM ${table} FORMAT TSVRaw`);
    const files = { ...(await filesIn(dataDirOf(gateway!))), ...(await filesIn(servers.kafka.dataDir)) };
    const logs = Object.fromEntries(
      Object.entries(services).map(([name, { stdout, stderr }]) => [`log of ${name}`, stdout + stderr]),
    );
    expect(leaks({ answers, asked, metrics, redis, clickhouse, ...logs, ...files }, key)).toEqual([]);

    const received = provider.exchanges.map(({ headers }) => JSON.stringify(headers)).join('\n');
    expect(canariesIn(received, key)).toContain('authorization');
    // What may be there is found.
    expect(clickhouse).toContain('Hello, [masked]');
    expect([redis, clickhouse].map((text) => text.includes(session))).toEqual([true, true]);
    expect(Object.values(files).some((text) => text.includes('Hello, [masked]'))).toBe(true);
    expect(canariesIn(`x ${CANARIES.masked} x`, key)).toEqual(['masked']);
  },
  WORLD_MS_MAX,
);
