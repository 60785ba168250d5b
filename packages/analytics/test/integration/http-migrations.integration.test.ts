import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ClickHouseProcess, startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { openEmbeddedAnalytics } from '../../src/embedded/open-embedded-analytics.ts';
import { connectHttpAnalytics } from '../../src/http/connect-http-analytics.ts';
import { type HttpAnalyticsConfig, readEndpoint } from '../../src/http/http-config.ts';
import { migrateServer } from '../../src/http/migrate-server.ts';
import { openServerClient } from '../../src/http/server-client.ts';
import { renderForServer } from '../../src/http/server-statement.ts';
import { loadMigrations } from '../../src/migrations.ts';
import { FINAL } from '../../src/read-settings.ts';
import { sampleRequestRow } from '../../src/sample-rows.ts';
import { encodeRows } from '../../src/tables.ts';

let dir: TempDir;
let server: ClickHouseProcess;
let config: HttpAnalyticsConfig;
let databases = 0;

const NUMBERS = loadMigrations().map(({ number }) => number);

beforeAll(async () => {
  dir = await createTempDir('clickhouse');
  server = await startClickHouse({ dir: dir.path });
});

afterAll(async () => {
  await server?.stop();
  await dir?.remove();
});

beforeEach(() => {
  config = { url: server.url, database: `d${databases++}` };
});

async function execute(sql: string): Promise<void> {
  const client = openServerClient(readEndpoint(config), { connections: 1, compress: false });
  await client.run({ sql, timeoutMs: 10_000 });
  await client.close();
}

async function check(): Promise<void> {
  const store = connectHttpAnalytics(config);
  try {
    await store.checkSchema();
  } finally {
    await store.close();
  }
}

describe('migrating a server', () => {
  test('makes database and tables once', async () => {
    expect(await migrateServer(config)).toEqual(NUMBERS);
    expect(await migrateServer(config)).toEqual([]);
    await check();
  });

  test('works from several sides at once', async () => {
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrateServer(config)));
    expect(new Set(applied.flat())).toEqual(new Set(NUMBERS));
    await check();
    expect(await migrateServer(config)).toEqual([]);
  });

  test('goes on where it was interrupted', async () => {
    await migrateServer({ ...config, database: 'other' });
    await execute(`CREATE DATABASE ${config.database} ENGINE = Atomic`).catch(() => {});
    const outside = openServerClient(readEndpoint(config), { connections: 1, compress: false, database: 'system' });
    await outside.run({ sql: `CREATE DATABASE ${config.database} ENGINE = Atomic`, timeoutMs: 10_000 });
    await outside.close();
    for (const statement of loadMigrations()[0]!.statements.slice(0, 3))
      await execute(renderForServer(statement, undefined));
    await expect(check()).rejects.toMatchObject({ code: 'rejected' });
    expect(await migrateServer(config)).toEqual(NUMBERS);
    await check();
  });

  test.each([
    ['newer', `(${NUMBERS.length + 1}, 'later', 'x', now64(3))`, 'start a newer version'],
    ['made from another text', "(1, 'first_tables', 'other', now64(3) + 1)", 'applied from another text'],
  ])('refuses tables that are %s', async (_, record, message) => {
    await migrateServer(config);
    await execute(`INSERT INTO schema_migrations VALUES ${record}`);
    const refusal = { code: 'rejected', retryable: false, message: expect.stringContaining(message) };
    await expect(migrateServer(config)).rejects.toMatchObject(refusal);
    await expect(check()).rejects.toMatchObject(refusal);
  });

  test('makes tables that sync what is inserted', async () => {
    await migrateServer(config);
    const store = connectHttpAnalytics(config);
    const without = await store.query({
      sql: `SELECT name FROM system.tables WHERE database = {database:String} AND NOT
        (position(engine_full, 'fsync_after_insert = 1') > 0 AND position(engine_full, 'fsync_part_directory = 1') > 0)`,
      params: { database: config.database! },
    });
    await store.close();
    expect(without).toEqual([]);
  });
});

describe('a cluster', () => {
  const replication = { cluster: 'all' };

  // There is no cluster here: the engine can only say that it would know what to do.
  test('has statements that the engine can read', async () => {
    await migrateServer(config);
    for (const { statements } of loadMigrations()) {
      for (const statement of statements) await execute(`EXPLAIN AST ${renderForServer(statement, replication)}`);
    }
    await expect(migrateServer({ ...config, database: 'on_cluster', replication })).rejects.toMatchObject({
      // CLUSTER_DOESNT_EXIST
      engineCode: 701,
    });
  });

  test('has settings for inserts and queries that the engine knows', async () => {
    await migrateServer(config);
    const store = connectHttpAnalytics({ ...config, replication });
    await store.checkSchema();
    await store.insert(encodeRows('requests', [sampleRequestRow(1)]));
    expect(await store.query({ sql: 'SELECT count() AS n FROM requests FINAL', settings: FINAL })).toEqual([
      { n: '1' },
    ]);
    expect(await store.instanceId()).toBe(await store.instanceId());
    await store.close();
  });
});

// Last: it takes the server's folder.
test('tables of a server and of one process are of the same migrations, and open in either', async () => {
  config = { url: server.url };
  await migrateServer(config);
  const store = connectHttpAnalytics(config);
  await store.insert(encodeRows('requests', [sampleRequestRow(1), sampleRequestRow(2)]));
  await store.close();
  await server.stop();

  const embedded = await openEmbeddedAnalytics({ dir: dir.path });
  expect(await embedded.query({ sql: 'SELECT count() AS n FROM requests' })).toEqual([{ n: '2' }]);
  await embedded.insert(encodeRows('requests', [sampleRequestRow(3)]));
  await embedded.close();

  await server.restart();
  const again = connectHttpAnalytics(config);
  await again.checkSchema();
  expect(await again.query({ sql: 'SELECT count() AS n FROM requests' })).toEqual([{ n: '3' }]);
  await again.close();
});
