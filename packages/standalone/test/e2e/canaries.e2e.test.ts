import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import zlib from 'node:zlib';
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
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';
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

/** Every file below, with what is compressed in it. */
async function filesIn(dir: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    files[path] = bytes.toString('latin1');
    files[`${path} (unpacked)`] = unpacked(bytes);
  }
  return files;
}

/** Frames of zstd, wherever they are: ClickHouse's blocks, Kafka's batches. LZ4 leaves a random key as it is. */
function unpacked(bytes: Buffer): string {
  const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
  const frames: string[] = [];
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 4)) {
    try {
      const options = { maxOutputLength: 64 * 1024 * 1024, finishFlush: zlib.constants.ZSTD_e_flush };
      frames.push(zlib.zstdDecompressSync(bytes.subarray(at), options).toString('latin1'));
    } catch {
      // Four bytes that look like a frame.
    }
  }
  return frames.join('\n');
}

/** Which canaries are in which of the places, by name. */
function leaks(places: Readonly<Record<string, string>>, ours: string): string[] {
  return Object.entries(places).flatMap(([place, text]) => canariesIn(text, ours).map((name) => `${place}: ${name}`));
}

test(
  'in one process, no credential is in files, answers, log lines or metrics, and nothing that is masked',
  async () => {
    const session = `canaries-${randomUUID()}`;
    instance = await startInstance(CANARY_SETTINGS);
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
    expect(leaks({ answers, asked, metrics, stdout, stderr, ...files }, key)).toEqual([]);

    // The search itself works: what went through did, and what may be there is found, in plain and in compressed form.
    const received = provider.exchanges
      .map(({ headers, url: path }) => `${JSON.stringify(headers)} ${path}`)
      .join('\n');
    expect(canariesIn(received, key)).toEqual(
      expect.arrayContaining(['authorization', 'apiKey', 'query', 'signature']),
    );
    expect(canariesIn(received, key)).not.toContain('ours');
    expect(asked).toContain('[masked]');
    const texts = Object.entries(files);
    expect(texts.some(([path, text]) => !path.endsWith('(unpacked)') && text.includes(session))).toBe(true);
    expect(texts.some(([path, text]) => path.endsWith('(unpacked)') && text.includes('Hello, [masked]'))).toBe(true);
  },
  SETUP_MS_MAX * 2,
);

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
