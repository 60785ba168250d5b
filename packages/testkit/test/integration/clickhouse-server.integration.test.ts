import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type ClickHouseProcess, startClickHouse } from '../../src/clickhouse-server/start-clickhouse.ts';
import { waitFor } from '../../src/wait-for.ts';

let server: ClickHouseProcess;
let client: ClickHouseClient;

const USER = 'tester';
const PASSWORD = 'p:äß/ 1';

type Config = NonNullable<Parameters<typeof createClient>[0]>;
const connectClient = (over: Config = {}) =>
  createClient({
    url: `http://127.0.0.1:${server.port}`,
    username: USER,
    password: PASSWORD,
    database: 'd',
    log: { level: ClickHouseLogLevel.OFF },
    ...over,
  });

beforeAll(async () => {
  server = await startClickHouse({ user: USER, password: PASSWORD });
  const admin = connectClient({ database: 'default' });
  await admin.command({ query: 'CREATE DATABASE d ENGINE = Atomic' });
  await admin.close();
  client = connectClient();
  await client.command({
    query: 'CREATE TABLE t (n UInt64, s String) ENGINE = ReplacingMergeTree ORDER BY n SETTINGS fsync_after_insert = 1',
  });
});

afterEach(async () => {
  await server.setFault({});
});

afterAll(async () => {
  await client?.close();
  await server?.stop();
});

async function rows(query: string, over: Partial<Parameters<ClickHouseClient['query']>[0]> = {}): Promise<unknown[]> {
  return await (await client.query({ query, ...over, format: 'JSONEachRow' })).json();
}

const count = async (where = '1') =>
  Number(((await rows(`SELECT count() AS rows FROM t WHERE ${where}`)) as { rows: string }[])[0]!.rows);

/** Whether a statement with that comment runs. */
const isRunning = async (mark: string) =>
  (await rows(`SELECT 1 FROM system.processes WHERE query LIKE '%/* ${mark} */%' AND query NOT LIKE '%system%'`))
    .length > 0;

/** UInt64 and a string of one byte: one row of `t` in `RowBinary`. */
function binaryRow(n: number): Buffer {
  const bytes = Buffer.alloc(10);
  bytes.writeBigUInt64LE(BigInt(n), 0);
  bytes[8] = 1;
  bytes[9] = n % 256;
  return bytes;
}

async function insertBinary(through: ClickHouseClient, from: number, size: number): Promise<void> {
  const values = Readable.from(Array.from({ length: size }, (_, i) => binaryRow(from + i)));
  await through.command({ query: 'SELECT 1' });
  const { stream } = await through.exec({ query: 'INSERT INTO t (n, s) FORMAT RowBinary', values });
  stream.resume();
  await once(stream, 'close');
}

/** Writes bytes as they are; resolves with what came back until the server closed or `ms` passed. */
async function raw(text: string | Buffer, ms = 2_000): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes.toString('latin1');
  });
  socket.on('error', () => {});
  socket.write(text);
  await Promise.race([once(socket, 'close'), delay(ms)]);
  socket.destroy();
  return answer;
}

const AUTH = `Authorization: Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
const INSERT = encodeURIComponent('INSERT INTO t (n, s) FORMAT RowBinary');

describe('queries', () => {
  test('answer ping, with and without a statement', async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
  });

  test('take bound parameters of every shape', async () => {
    const params = {
      s: "it's\ta \\ 'quote' {x:String} 😀\n",
      n: null,
      a: ["a'b", 'c\\d', 'e\tf'],
      i: 18446744073709551615n,
      m: { k: 'v' },
      d: '1.000000000001',
    };
    const query = `SELECT {s:String} AS s, {n:Nullable(String)} AS n, {a:Array(String)} AS a, toString({i:UInt64}) AS i,
      {m:Map(String, String)} AS m, toString({d:Decimal(38, 12)}) AS d`;
    expect(await rows(query, { query_params: params })).toEqual([{ ...params, i: '18446744073709551615' }]);
    await expect(rows('SELECT {s:String} AS s')).rejects.toMatchObject({ code: '456' });
  });

  test('run under the settings of their request alone', async () => {
    const query = "SELECT getSetting('max_threads') AS threads";
    const before = await rows(query);
    expect(await rows(query, { clickhouse_settings: { max_threads: 3 } })).toEqual([{ threads: 3 }]);
    expect(await rows(`${query} SETTINGS max_threads = 5`)).toEqual([{ threads: 5 }]);
    expect(await rows(query)).toEqual(before);
  });

  test('come in the format that they, or their request, name', async () => {
    const call = (query: string) =>
      fetch(`http://127.0.0.1:${server.port}/?${query}`, { headers: { Authorization: AUTH.slice(15) } });
    const tabs = await call('query=SELECT+1,2');
    expect([tabs.headers.get('x-clickhouse-format'), await tabs.text()]).toEqual(['TabSeparated', '1\t2\n']);
    const csv = await call('query=SELECT+1,2&default_format=CSV');
    expect([csv.headers.get('x-clickhouse-format'), await csv.text()]).toEqual(['CSV', '1,2\n']);
    const named = await call(`query=${encodeURIComponent("SELECT 'FORMAT x' AS s FORMAT JSONEachRow")}`);
    expect([named.headers.get('x-clickhouse-format'), await named.text()]).toEqual([
      'JSONEachRow',
      '{"s":"FORMAT x"}\n',
    ]);
    expect(named.headers.get('content-type')).toMatch('x-ndjson');
  });

  test.each(['gzip', 'zstd', 'br'] as const)('come compressed with %s when that is asked for', async (codec) => {
    const compressed = connectClient({ compression: { response: { codec }, request: { codec } } });
    const answer = await compressed.query({ query: 'SELECT number AS n FROM numbers(50000)', format: 'JSONEachRow' });
    expect(answer.response_headers['content-encoding']).toBe(codec);
    expect(await answer.json()).toHaveLength(50_000);
    await compressed.close();
  });

  test('that are sent with GET may not write', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/?query=CREATE+TABLE+d.no+(x+UInt8)+ENGINE=Memory`, {
      headers: { Authorization: AUTH.slice(15) },
    });
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('164');
  });

  test('keep settings within a session, which serves one statement at a time', async () => {
    const session = connectClient({ session_id: 'one' });
    await session.command({ query: 'SET max_threads = 7' });
    const answer = await session.query({ query: "SELECT getSetting('max_threads') AS t", format: 'JSONEachRow' });
    expect(await answer.json()).toEqual([{ t: 7 }]);
    const slow = session.command({ query: 'SELECT sleep(3) /* locks */' });
    await waitFor(() => isRunning('locks'));
    await expect(session.command({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '373' });
    await slow;
    await session.close();
  });

  test('can be seen and killed by their id', async () => {
    const query_id = 'to-be-killed';
    const running = rows('SELECT max(sipHash64(number)) FROM numbers(1000000000000)', { query_id });
    const outcome = running.then(
      () => 'ended',
      (error) => error.code,
    );
    await waitFor(async () => {
      await client.command({ query: `KILL QUERY WHERE query_id = '${query_id}' ASYNC` });
      return (await Promise.race([outcome, delay(50)])) === '394';
    });
  });
});

describe('a query whose client leaves', () => {
  const ENDLESS = 'SELECT max(sipHash64(number)) FROM numbers(1000000000000)';

  async function leave(mark: string, clickhouse_settings: Record<string, number>): Promise<void> {
    const abort = new AbortController();
    const query = `${ENDLESS} /* ${mark} */`;
    const left = rows(query, { abort_signal: abort.signal, clickhouse_settings }).catch(() => {});
    await waitFor(() => isRunning(mark));
    abort.abort();
    await left;
  }

  test('ends when it is read-only and asked for that', async () => {
    await leave('ends', { readonly: 2, cancel_http_readonly_queries_on_client_close: 1 });
    await waitFor(async () => !(await isRunning('ends')));
  });

  test('runs on to its limit otherwise', async () => {
    await leave('stays', { max_execution_time: 2, cancel_http_readonly_queries_on_client_close: 1 });
    await delay(200);
    expect(await isRunning('stays')).toBe(true);
    await waitFor(async () => !(await isRunning('stays')));
  });
});

describe('inserts', () => {
  test('store rows of text and binary formats, streamed, and say how many', async () => {
    const json = await client.insert({
      table: 't',
      values: Readable.from(
        [
          { n: 1, s: 'x' },
          { n: 2, s: 'ä\n' },
        ],
        { objectMode: true },
      ),
      format: 'JSONEachRow',
    });
    expect(json.summary).toMatchObject({ written_rows: '2' });
    await client.insert({ table: 't', values: Readable.from('3,"c,c"\n4,d\n', { objectMode: false }), format: 'CSV' });
    await insertBinary(client, 5, 3);
    await client.command({ query: "INSERT INTO t VALUES (8, 'FORMAT CSV'), (9, ';')" });
    await client.command({ query: 'INSERT INTO t FORMAT JSONEachRow\n{"n":10,"s":"€"}' });
    await client.command({ query: 'INSERT INTO t SELECT number + 11, toString(number) FROM numbers(2)' });
    expect(await rows('SELECT n, s FROM t WHERE n < 100 ORDER BY n')).toEqual(
      ['x', 'ä\n', 'c,c', 'd', '\x05', '\x06', '\x07', 'FORMAT CSV', ';', '€', '0', '1'].map((s, i) => ({
        n: i + 1,
        s,
      })),
    );
  });

  test.each(['gzip', 'zstd', 'br'] as const)('take bodies compressed with %s', async (codec) => {
    const compressed = connectClient({ compression: { request: { codec } } });
    const from = { gzip: 1_000, zstd: 2_000, br: 3_000 }[codec];
    await insertBinary(compressed, from, 500);
    expect(await count(`n >= ${from} AND n < ${from + 500}`)).toBe(500);
    await compressed.close();
  });

  test('store nothing when the body ends within a row', async () => {
    const values = Readable.from([binaryRow(10_000), binaryRow(10_001).subarray(0, 5)]);
    await expect(client.exec({ query: 'INSERT INTO t (n, s) FORMAT RowBinary', values })).rejects.toMatchObject({
      code: '33',
    });
    expect(await count('n >= 10000 AND n < 11000')).toBe(0);
  });

  test.each([
    ['a promised length', `Content-Length: 100\r\n\r\n`, Buffer.concat([binaryRow(11_000), binaryRow(11_001)])],
    [
      'chunks',
      `Transfer-Encoding: chunked\r\n\r\n14\r\n`,
      Buffer.concat([binaryRow(11_000), binaryRow(11_001), Buffer.from('\r\n')]),
    ],
  ])('store nothing when the connection is cut within %s', async (_, head, body) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      Buffer.concat([Buffer.from(`POST /?database=d&query=${INSERT} HTTP/1.1\r\nHost: x\r\n${AUTH}\r\n${head}`), body]),
    );
    await delay(100);
    socket.destroy();
    await client.command({ query: 'SELECT 1' });
    await delay(100);
    expect(await count('n >= 11000 AND n < 12000')).toBe(0);
  });

  test('without rows store nothing and succeed', async () => {
    const before = await count();
    await client.exec({ query: 'INSERT INTO t (n, s) FORMAT RowBinary', values: Readable.from([]) });
    expect(await count()).toBe(before);
  });
});

describe('errors', () => {
  const failure = (query: string, over: Config = {}) => {
    const other = connectClient(over);
    return other
      .query({ query })
      .then(
        () => 'none',
        (error) => ({ code: error.code, type: error.type }),
      )
      .finally(() => other.close());
  };

  test('have the number, name and words of the engine', async () => {
    expect(await failure('SELECT * FROM nosuch')).toEqual({ code: '60', type: 'UNKNOWN_TABLE' });
    expect(await failure('SELECT FROM WHERE')).toEqual(expect.objectContaining({ code: '62' }));
    expect(await failure('SELECT 1; SELECT 2')).toEqual({ code: '62', type: 'SYNTAX_ERROR' });
    expect(await failure('SELECT 1', { database: 'nosuch' })).toEqual({ code: '81', type: 'UNKNOWN_DATABASE' });
    expect(await failure('SELECT 1', { clickhouse_settings: { nosuch: 1 } as Config['clickhouse_settings'] })).toEqual({
      code: '115',
      type: 'UNKNOWN_SETTING',
    });
    expect(await failure('SELECT 1', { password: 'wrong' })).toEqual({ code: '516', type: 'AUTHENTICATION_FAILED' });
    await expect(client.query({ query: 'SELECT * FROM nosuch' })).rejects.toThrow(/nosuch/);
  });

  test('have the HTTP status that a server gives them', async () => {
    const status = async (query: string, init: RequestInit = {}) => {
      const answer = await fetch(`http://127.0.0.1:${server.port}/?${query}`, {
        method: 'POST',
        headers: { 'X-ClickHouse-User': USER, 'X-ClickHouse-Key': encodeURI('x') },
        ...init,
      });
      const text = await answer.text();
      expect(text).toMatch(
        /^Code: \d+\. DB::Exception: [\s\S]* \([A-Z_]+\) \(version \d+\.\d+\.\d+\.\d+ \(official build\)\)\n$/,
      );
      expect(text).toContain(`Code: ${answer.headers.get('x-clickhouse-exception-code')}.`);
      return answer.status;
    };
    const headers = { Authorization: AUTH.slice(15) };
    expect(await status('query=SELECT+1')).toBe(403);
    expect(await status('query=SELECT+FROM+WHERE', { headers })).toBe(400);
    expect(await status('query=SELECT+*+FROM+d.nosuch', { headers })).toBe(404);
    expect(await status('query=SELECT+throwIf(1)', { headers })).toBe(500);
    expect(
      await status('query=SELECT+max(sipHash64(number))+FROM+numbers(1000000000000)&max_execution_time=1', { headers }),
    ).toBe(408);
    expect(await status(`query=${INSERT}`, { headers: { ...headers, 'Content-Encoding': 'snappy' }, body: 'x' })).toBe(
      500,
    );
    expect(await status(`query=${INSERT}`, { headers: { ...headers, 'Content-Encoding': 'gzip' }, body: 'x' })).toBe(
      500,
    );
  });

  test('leave the connection usable', async () => {
    const one = connectClient({ max_open_connections: 1 });
    for (let i = 0; i < 3; i++) {
      await expect(one.query({ query: 'SELECT * FROM nosuch' })).rejects.toMatchObject({ code: '60' });
      await one.command({ query: 'SELECT 1' });
    }
    await one.close();
  });

  test('are answered to what is no ClickHouse client at all', async () => {
    expect(await raw('GET /nosuch HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 /);
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('faults', () => {
  test('slow inserts down and leave queries alone', async () => {
    await server.setFault({ insertDelayMs: 600 });
    const began = performance.now();
    const insert = insertBinary(client, 20_000, 1);
    expect(await count('n = 20000')).toBe(0);
    await insert;
    expect(performance.now() - began).toBeGreaterThan(500);
    expect(await count('n = 20000')).toBe(1);
  });

  test('fail the next statements with a code, before or after they took effect', async () => {
    await server.setFault({ failNext: { count: 1, on: 'insert', code: 252 } });
    await expect(insertBinary(client, 21_000, 1)).rejects.toMatchObject({ code: '252', type: 'TOO_MANY_PARTS' });
    expect(await count('n = 21000')).toBe(0);
    await insertBinary(client, 21_000, 1);
    await server.setFault({ failNext: { count: 1, on: 'insert', code: 319, when: 'after' } });
    await expect(insertBinary(client, 21_001, 1)).rejects.toMatchObject({ type: 'UNKNOWN_STATUS_OF_INSERT' });
    expect(await count('n >= 21000 AND n < 22000')).toBe(2);
  });

  test('cut connections without an answer', async () => {
    await server.setFault({ failNext: { count: 1, on: 'insert', when: 'after', answer: 'cut' } });
    await expect(insertBinary(client, 22_000, 1)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await count('n = 22000')).toBe(1);
  });

  test('break a query off among its rows, unless its client waits for the end of it', async () => {
    const query = 'SELECT number AS n FROM numbers(1000)';
    const fault = { failNext: { count: 1, on: 'query', code: 241, answer: 'midway' } } as const;
    await server.setFault(fault);
    const answer = await client.query({ query, format: 'TabSeparated' });
    expect(await answer.text()).toMatch(/Code: 241\. DB::Exception: /);
    await server.setFault(fault);
    await expect(rows(query, { clickhouse_settings: { wait_end_of_query: 1 } })).rejects.toMatchObject({ code: '241' });
  });
});

describe('the process', () => {
  test('keeps what it acknowledged over kill -9, on the same folder and port', async () => {
    const { port, pid } = server;
    await insertBinary(client, 30_000, 100);
    await server.kill();
    expect(server.pid).toBeUndefined();
    await expect(client.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    expect(server.port).toBe(port);
    expect(server.pid).not.toBe(pid);
    expect(await count('n >= 30000 AND n < 31000')).toBe(100);
  });

  test('answers nothing while it is paused', async () => {
    server.pause();
    const ping = client.ping();
    expect(await Promise.race([ping, delay(300, 'silent')])).toBe('silent');
    server.resume();
    expect(await ping).toEqual({ success: true });
  });
});
