import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type ClickHouseProcess, startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import type { AnalyticsError, EncodedRows } from '../../src/analytics-store.ts';
import { connectHttpAnalytics, type HttpAnalyticsStore } from '../../src/http/connect-http-analytics.ts';
import type { HttpAnalyticsConfig } from '../../src/http/http-config.ts';
import { migrateServer } from '../../src/http/migrate-server.ts';
import { FINAL } from '../../src/read-settings.ts';
import { sampleRequestRow } from '../../src/sample-rows.ts';
import { encodeRows } from '../../src/tables.ts';
import { startCuttingProxy } from './cutting-proxy.ts';

jest.setTimeout(60_000);

let server: ClickHouseProcess;
let store: HttpAnalyticsStore;
const open: HttpAnalyticsStore[] = [];

/** A store that is closed when its test has ended. */
function connect(over: Partial<HttpAnalyticsConfig> = {}): HttpAnalyticsStore {
  const connected = connectHttpAnalytics({ url: server.url, ...over });
  open.push(connected);
  return connected;
}

beforeAll(async () => {
  server = await startClickHouse();
  await migrateServer({ url: server.url });
  store = connectHttpAnalytics({ url: server.url });
});

afterEach(async () => {
  if (server.pid) await server.setFault({});
  await Promise.all(open.splice(0).map((connected) => connected.close()));
});

afterAll(async () => {
  await store?.close();
  await server?.stop();
});

const BATCH = 200;
const batch = (tenant_id: string, n: number) =>
  encodeRows(
    'requests',
    Array.from({ length: BATCH }, (_, i) => sampleRequestRow(n * BATCH + i, { tenant_id })),
  );

/** Rows of a tenant: as they lie there, and folded. */
async function rowsOf(tenant_id: string): Promise<{ stored: number; folded: number }> {
  const count = async (final: string) => {
    const [row] = await store.query<{ n: string }>({
      sql: `SELECT count() AS n FROM requests ${final} WHERE tenant_id = {tenant_id:String}`,
      params: { tenant_id },
      settings: final ? FINAL : {},
    });
    return Number(row!.n);
  };
  return { stored: await count(''), folded: await count('FINAL') };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: AnalyticsError) => ({ code: error.code, retryable: error.retryable, engineCode: error.engineCode }),
  );

const MAY_PASS = { code: 'unavailable', retryable: true, engineCode: undefined };

/** Reads nothing and never ends by itself. */
const endless = (mark: string) => ({
  sql: `SELECT max(sipHash64(number)) AS m FROM numbers(1000000000000) /* ${mark} */`,
  settings: { max_rows_to_read: 0, max_bytes_to_read: 0, max_execution_time: 60 },
});

async function isRunning(mark: string): Promise<boolean> {
  const rows = await store.query({
    // The engine shows queries with their parameters, this one too.
    sql: "SELECT 1 FROM system.processes WHERE position(query, {mark:String}) > 0 AND position(query, 'processes') = 0",
    params: { mark: `/* ${mark} */` },
  });
  return rows.length > 0;
}

describe('inserts', () => {
  test('that are repeated until acknowledged are all there once, whenever the server is killed', async () => {
    const random = createRandom(seedFromEnv('kills during inserts'));
    const tenant_id = 'killed';
    let acknowledged = 0;
    let repeated = 0;
    let isOver = false;

    /** The same rows as a whole, whatever became of the attempt before. */
    async function insertUntilStored(rows: EncodedRows): Promise<void> {
      for (let failed = await failure(store.insert(rows)); failed; failed = await failure(store.insert(rows))) {
        expect(failed).toMatchObject({ code: 'unavailable', retryable: true });
        repeated++;
        await delay(20);
      }
    }

    const inserting = (async () => {
      for (; !isOver; acknowledged++) await insertUntilStored(batch(tenant_id, acknowledged));
    })();
    for (let round = 0; round < 4; round++) {
      const before = acknowledged;
      await Promise.race([inserting, waitFor(() => acknowledged > before, { timeoutMs: 30_000 })]);
      await delay(random.integer(0, 60));
      await server.kill();
      await server.restart();
    }
    isOver = true;
    await inserting;
    const { stored, folded } = await rowsOf(tenant_id);
    expect(folded).toBe(acknowledged * BATCH);
    // An insert is there as a whole or not at all: what lies there twice are whole inserts, no more than were repeated.
    expect(stored % BATCH).toBe(0);
    expect(stored).toBeLessThanOrEqual((acknowledged + repeated) * BATCH);
    const halves = await store.query({
      sql: `SELECT intDiv(source_offset, ${BATCH}) AS n FROM requests FINAL WHERE tenant_id = {tenant_id:String}
        GROUP BY n HAVING count() != ${BATCH}`,
      params: { tenant_id },
    });
    expect(halves).toEqual([]);
  });

  test('cut off anywhere on their way store nothing and may be repeated', async () => {
    await using proxy = await startCuttingProxy(server.port);
    const through = connect({ url: proxy.url });
    const rows = batch('cut', 0);
    for (const bytes of [100, 2_000, Math.floor(rows.bytes.length / 2), rows.bytes.length]) {
      proxy.cutAfter(bytes);
      expect(await failure(through.insert(rows))).toEqual(MAY_PASS);
    }
    expect(await rowsOf('cut')).toEqual({ stored: 0, folded: 0 });
    await through.insert(rows);
    expect(await rowsOf('cut')).toEqual({ stored: BATCH, folded: BATCH });
  });

  test('whose answer is lost are stored, and fold when they are repeated', async () => {
    await using proxy = await startCuttingProxy(server.port);
    const through = connect({ url: proxy.url });
    const rows = batch('answer-lost', 0);
    proxy.cutAnswerAfter(10);
    expect(await failure(through.insert(rows))).toEqual(MAY_PASS);
    await waitFor(async () => (await rowsOf('answer-lost')).stored === BATCH);
    await through.insert(rows);
    expect(await rowsOf('answer-lost')).toEqual({ stored: 2 * BATCH, folded: BATCH });
  });

  test('that a slow server does not answer in time are given up, and fold when they are repeated', async () => {
    await server.setFault({ insertDelayMs: 1_500 });
    const impatient = connect({ insertTimeoutMs: 300 });
    const rows = batch('slow', 0);
    expect(await failure(impatient.insert(rows))).toEqual(MAY_PASS);
    await server.setFault({});
    await impatient.insert(rows);
    await waitFor(async () => (await rowsOf('slow')).stored === 2 * BATCH);
    expect((await rowsOf('slow')).folded).toBe(BATCH);
  });

  test('wait for a slow server as long as they may', async () => {
    await server.setFault({ insertDelayMs: 1_000 });
    await store.insert(batch('patient', 0));
    expect((await rowsOf('patient')).folded).toBe(BATCH);
  });

  test.each([
    ['before', 0],
    ['after', BATCH],
  ] as const)('that fail %s they are stored say whether they may be repeated', async (when, stored) => {
    const tenant = `fails-${when}`;
    const fail = async (code: number) => {
      await server.setFault({ failNext: { count: 1, on: 'insert', code, when } });
      return await failure(store.insert(batch(tenant, 0)));
    };
    // TOO_MANY_PARTS, then CANNOT_PARSE_INPUT_ASSERTION_FAILED
    expect(await fail(252)).toEqual({ code: 'unavailable', retryable: true, engineCode: 252 });
    expect(await rowsOf(tenant)).toMatchObject({ folded: stored });
    expect(await fail(27)).toEqual({ code: 'rejected', retryable: false, engineCode: 27 });
  });

  test('are answered before the store closes', async () => {
    await server.setFault({ insertDelayMs: 500 });
    const closing = connect();
    const insert = failure(closing.insert(batch('closing', 0)));
    await delay(100);
    await closing.close();
    expect(await insert).toBeUndefined();
    expect((await rowsOf('closing')).folded).toBe(BATCH);
  });
});

describe('queries', () => {
  test('end on the server when their caller gives up', async () => {
    const abort = new AbortController();
    const query = failure(store.query({ ...endless('given-up'), signal: abort.signal }));
    await waitFor(() => isRunning('given-up'));
    abort.abort();
    expect(await query).toMatchObject({ code: 'cancelled' });
    await waitFor(async () => !(await isRunning('given-up')));
  });

  test('end on the server when the store is closed', async () => {
    const closing = connect();
    const query = failure(closing.query(endless('closed')));
    await waitFor(() => isRunning('closed'));
    await closing.close();
    expect(await query).toMatchObject({ code: 'closed' });
    await waitFor(async () => !(await isRunning('closed')));
  });

  test('only read', async () => {
    const sql = 'CREATE TABLE IF NOT EXISTS written (x UInt8) ENGINE = Memory';
    expect(await failure(store.query({ sql }))).toMatchObject({ code: 'rejected' });
    expect(await store.query({ sql: "SELECT 1 FROM system.tables WHERE name = 'written'" })).toEqual([]);
  });

  test('are asked again when idle connections turn out to be dead', async () => {
    await using proxy = await startCuttingProxy(server.port);
    const through = connect({ url: proxy.url });
    const both = () => Promise.all([1, 2].map((n) => through.query({ sql: 'SELECT {n:UInt8} AS n', params: { n } })));
    await both();
    proxy.forget();
    expect((await both()).flat()).toEqual([{ n: 1 }, { n: 2 }]);
    expect(proxy.connections).toBeGreaterThan(2);
  });

  test('are asked again when their answer breaks off', async () => {
    await using proxy = await startCuttingProxy(server.port);
    const through = connect({ url: proxy.url });
    proxy.cutAnswerAfter(100_000);
    const rows = await through.query({ sql: 'SELECT number AS n FROM numbers(50000)' });
    expect(rows).toHaveLength(50_000);
    expect(proxy.connections).toBeGreaterThan(1);
  });

  test('never answer with a part', async () => {
    await server.setFault({ failNext: { count: 1, on: 'query', code: 241, answer: 'midway' } });
    const query = store.query({ sql: 'SELECT number AS n FROM numbers(1000)' });
    expect(await failure(query)).toEqual({ code: 'too-large', retryable: false, engineCode: 241 });
  });

  test('take a filter with thousands of values', async () => {
    const ids = Array.from({ length: 15_000 }, (_, i) => `session-with-a-long-id-${i}`);
    const sql =
      "SELECT count() AS n FROM numbers(20000) WHERE concat('session-with-a-long-id-', toString(number)) IN {ids:Array(String)}";
    expect(await store.query({ sql, params: { ids } })).toEqual([{ n: '15000' }]);
  });
});

describe('a server', () => {
  test('that is down fails calls until it is back', async () => {
    await server.kill();
    expect(await failure(store.query({ sql: 'SELECT 1' }))).toEqual(MAY_PASS);
    expect(await failure(store.insert(batch('down', 0)))).toEqual(MAY_PASS);
    expect(await failure(store.checkSchema())).toEqual(MAY_PASS);
    expect(await failure(migrateServer({ url: server.url }))).toEqual(MAY_PASS);
    expect(await failure(store.instanceId())).toEqual(MAY_PASS);
    await server.restart();
    await store.insert(batch('down', 0));
    expect((await rowsOf('down')).folded).toBe(BATCH);
  });

  test('that answers nothing fails queries after their time', async () => {
    const impatient = connect({ limits: { executionSecondsMax: 0.1 } });
    server.pause();
    try {
      const query = failure(impatient.query({ sql: 'SELECT 1', settings: { max_execution_time: 0.1 } }));
      expect(await query).toEqual(MAY_PASS);
    } finally {
      server.resume();
    }
  });

  test('that was restarted has another name, and one that was not keeps it', async () => {
    const name = await store.instanceId();
    expect(await store.instanceId()).toBe(name);
    await server.restart();
    const next = await store.instanceId();
    expect(next).not.toBe(name);
    await delay(1_100);
    expect(await store.instanceId()).toBe(next);
  });

  test('that is asked too much at once says so', async () => {
    await server.setFault({ queryDelayMs: 300 });
    const narrow = connect({ queryConnections: 1, queueMax: 1 });
    const queries = [1, 2, 3].map(() => failure(narrow.query({ sql: 'SELECT 1' })));
    expect(await Promise.all(queries)).toEqual([undefined, undefined, MAY_PASS]);
  });
});
