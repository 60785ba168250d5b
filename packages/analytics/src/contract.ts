import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RequestRow } from '@throughline/contracts/request-row';
import { packVersion } from '@throughline/contracts/version';
import type { AnalyticsErrorCode, AnalyticsStore } from './analytics-store.ts';
import { AnalyticsError } from './analytics-store.ts';
import { FINAL, PAGE } from './read-settings.ts';
import { sampleBodyRow, sampleRequestRow, sampleSessionRow } from './sample-rows.ts';
import { encodeRows } from './tables.ts';

/** A migrated store without rows, and what removes it again after `close`. */
export interface AnalyticsUnderTest {
  readonly store: AnalyticsStore;
  readonly dispose?: () => Promise<void>;
}

/** A test of the suite that an adapter cannot pass, and why. */
export interface SkippedTest {
  readonly test: string;
  readonly reason: string;
}

/**
 * What every adapter of `AnalyticsStore` has to do alike.
 *
 * @param make called once: an engine may allow one data directory per process.
 */
export function analyticsContract(
  name: string,
  make: () => Promise<AnalyticsUnderTest>,
  options: { readonly skip?: readonly SkippedTest[] } = {},
): void {
  // Time limits of queries are part of what is tested, and a busy machine stretches them.
  jest.setTimeout(60_000);
  describe(`${name} is an AnalyticsStore`, () => {
    let subject: AnalyticsUnderTest;
    let store: AnalyticsStore;

    beforeAll(async () => {
      subject = await make();
      store = subject.store;
    });

    afterAll(async () => {
      await store.close();
      await subject.dispose?.();
    });

    /** Every name in `skip` has to be one of the suite, so that none outlives its test. */
    const unknown = new Set(options.skip?.map((skipped) => skipped.test));
    function it(title: string, run: () => Promise<void>): void {
      if (!unknown.delete(title)) test(title, run);
    }

    const insertRequests = (rows: RequestRow[]) => store.insert(encodeRows('requests', rows));

    it('gives rows back as they were inserted, times in UTC', async () => {
      const tenant_id = 'given-back';
      await insertRequests([sampleRequestRow(3, { tenant_id, cost_pico: 123_456_789_012_345n })]);
      const rows = await store.query({
        sql: `SELECT session_id, properties, request_at, first_byte_at, received_at, ordered_at, latency_ms,
            time_to_first_token_ms, status, is_error, model, prompt_tokens, cost, response_headers, source_offset, version
          FROM requests WHERE tenant_id = {tenant_id:String}`,
        params: { tenant_id },
      });
      expect(rows).toEqual([
        {
          session_id: 'session-3',
          properties: { environment: 'staging', build: 'b3', 'Helicone-Session-Id': 'session-3' },
          request_at: '2026-09-10 12:00:00.750',
          first_byte_at: '2026-09-10 12:00:00.930',
          received_at: '2026-09-10 12:00:01.655',
          ordered_at: '2026-09-10 12:00:00.750',
          latency_ms: '903',
          time_to_first_token_ms: '180',
          status: 200,
          is_error: false,
          model: 'gpt-4o-mini-2024-07-18',
          prompt_tokens: '815',
          cost: '123.456789012345',
          response_headers: {
            'content-type': 'application/json',
            'x-request-id': 'req_000000000003',
            'openai-processing-ms': '861',
          },
          source_offset: '3',
          version: String(packVersion(3, 1)),
        },
      ]);
    });

    it('keeps unknown apart from nought', async () => {
      const tenant_id = 'nulls';
      await insertRequests([
        sampleRequestRow(1, { tenant_id, cost_pico: null, prompt_tokens: null, first_byte_at: null }),
        sampleRequestRow(2, { tenant_id, cost_pico: 0n, prompt_tokens: 0 }),
      ]);
      const rows = await store.query({
        sql: `SELECT cost, prompt_tokens, isNull(first_byte_at) AS no_byte FROM requests
          WHERE tenant_id = {tenant_id:String} ORDER BY source_offset`,
        params: { tenant_id },
      });
      expect(rows).toEqual([
        { cost: null, prompt_tokens: null, no_byte: 1 },
        { cost: '0', prompt_tokens: '0', no_byte: 0 },
      ]);
    });

    it('sums money exactly beyond what a double or 64 bits hold', async () => {
      const tenant_id = 'money';
      const rows = Array.from({ length: 40 }, (_, i) =>
        sampleRequestRow(i, { tenant_id, cost_pico: 900_000_000_000_000_001n }),
      );
      await insertRequests(rows);
      const sums = await store.query({
        sql: "SELECT sum(CAST(cost, 'Nullable(Decimal(38, 12))')) AS cost FROM requests WHERE tenant_id = {tenant_id:String}",
        params: { tenant_id },
      });
      expect(sums).toEqual([{ cost: '36000000.00000000004' }]);
    });

    it('folds rows that are inserted again', async () => {
      const tenant_id = 'folds';
      const rows = Array.from({ length: 100 }, (_, i) => sampleRequestRow(i, { tenant_id }));
      await insertRequests(rows);
      await insertRequests(rows.slice(20));
      await insertRequests(rows.slice(0, 50));
      const count = await store.query({
        sql: 'SELECT count() AS n, sum(prompt_tokens) AS tokens FROM requests FINAL WHERE tenant_id = {tenant_id:String}',
        params: { tenant_id },
        settings: FINAL,
      });
      const tokens = rows.reduce((sum, row) => sum + row.prompt_tokens!, 0);
      expect(count).toEqual([{ n: '100', tokens: String(tokens) }]);
    });

    it('keeps the row with the highest version, whichever came last', async () => {
      const tenant_id = 'versions';
      const row = (user_id: string, epoch: number) =>
        sampleRequestRow(7, { tenant_id, user_id, version: packVersion(7, epoch) });
      await insertRequests([row('first', 1)]);
      await insertRequests([row('third', 3)]);
      await insertRequests([row('second', 2)]);
      const rows = await store.query({
        sql: 'SELECT user_id FROM requests FINAL WHERE tenant_id = {tenant_id:String}',
        params: { tenant_id },
        settings: FINAL,
      });
      expect(rows).toEqual([{ user_id: 'third' }]);
    });

    it('pages newest first without what was replaced or deleted', async () => {
      const tenant_id = 'pages';
      const session = (i: number, over: Parameters<typeof sampleSessionRow>[1] = {}) =>
        sampleSessionRow(i, { tenant_id, ...over });
      await store.insert(
        encodeRows(
          'sessions',
          Array.from({ length: 60 }, (_, i) => session(i)),
        ),
      );
      await store.insert(encodeRows('sessions', [session(59, { total_requests: 9, version: packVersion(100, 1) })]));
      // Session 58 moves to an earlier start: the new key, then a marker for the old one.
      const moved = { created_at: session(0).created_at - 1000, version: packVersion(101, 1) };
      await store.insert(encodeRows('sessions', [session(58, moved)]));
      await store.insert(encodeRows('sessions', [session(58, { is_deleted: 1, version: packVersion(101, 1) })]));
      const page = (where: string, limit: number) =>
        store.query<{ session_id: string; total_requests: string }>({
          sql: `SELECT session_id, total_requests FROM sessions FINAL
            WHERE tenant_id = {tenant_id:String} AND ${where} ORDER BY created_at DESC, session_id LIMIT {limit:UInt32}`,
          params: { tenant_id, limit },
          settings: PAGE,
        });
      expect(await page('1', 3)).toEqual([
        { session_id: 'session-59', total_requests: '9' },
        { session_id: 'session-57', total_requests: '1' },
        { session_id: 'session-56', total_requests: '1' },
      ]);
      expect((await page('1', 100)).map((row) => row.session_id).slice(-2)).toEqual(['session-0', 'session-58']);
      expect(await page("session_id = 'session-58'", 10)).toHaveLength(1);
      expect(await page("session_id = 'session-59'", 10)).toEqual([{ session_id: 'session-59', total_requests: '9' }]);
    });

    it('keeps bodies byte for byte', async () => {
      const tenant_id = 'bodies';
      const everyByte = Uint8Array.from({ length: 65_536 }, (_, i) => (i * 7 + (i >> 8)) & 255);
      const bodies = [
        new Uint8Array(0),
        Uint8Array.of(0),
        Uint8Array.of(0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0a),
        Buffer.from('{"text":"naïve 😀 \\u0000 \'; --"}\r\n\t'),
        everyByte,
      ];
      const rows = bodies.map((request_body, i) =>
        sampleBodyRow(i, {
          tenant_id,
          session_id: 's',
          request_body,
          response_body: everyByte,
          request_encoding: 'bytes',
        }),
      );
      await store.insert(encodeRows('request_bodies', rows));
      const read = await store.query<{ request: string; response: string; encoding: string }>({
        sql: `SELECT base64Encode(request_body) AS request, base64Encode(response_body) AS response,
          request_encoding AS encoding FROM request_bodies FINAL
          WHERE tenant_id = {tenant_id:String} AND session_id = 's' ORDER BY ordered_at`,
        params: { tenant_id },
        settings: FINAL,
      });
      expect(read.map((row) => row.request)).toEqual(bodies.map((body) => Buffer.from(body).toString('base64')));
      expect(new Set(read.map((row) => row.response))).toEqual(new Set([Buffer.from(everyByte).toString('base64')]));
      expect(new Set(read.map((row) => row.encoding))).toEqual(new Set(['bytes']));
    });

    it('takes an insert that touches more months than the engine allows by itself', async () => {
      const tenant_id = 'months';
      const rows = Array.from({ length: 130 }, (_, month) =>
        sampleRequestRow(month, { tenant_id, received_at: Date.UTC(2015, month, 2) }),
      );
      await insertRequests(rows);
      const count = await store.query({
        sql: `SELECT count() AS n, uniqExact(toYYYYMM(received_at)) AS months FROM requests WHERE tenant_id = {tenant_id:String}`,
        params: { tenant_id },
      });
      expect(count).toEqual([{ n: '130', months: '130' }]);
    });

    it('treats an insert without rows as done', async () => {
      await store.insert(encodeRows('requests', []));
    });

    it('answers no rows with no rows', async () => {
      expect(await store.query({ sql: 'SELECT 1 AS one WHERE 0' })).toEqual([]);
    });

    it('writes numbers that a double cannot hold as text', async () => {
      const rows = await store.query({
        sql: `SELECT {u:UInt64} AS u, {i:Int64} AS i, {big:UInt128} AS big, {d:Decimal(38, 12)} AS d, {f:Float64} AS f,
          1.5 AS x, 7 AS small, {n:Float64} AS nan, {t:DateTime64(3)} AS t`,
        params: {
          u: 2n ** 64n - 1n,
          i: -(2n ** 63n),
          big: 2n ** 128n - 1n,
          d: '1.000000000001',
          f: 0.1,
          n: Number.NaN,
          t: Date.UTC(2026, 0, 1),
        },
      });
      expect(rows).toEqual([
        {
          u: '18446744073709551615',
          i: '-9223372036854775808',
          big: '340282366920938463463374607431768211455',
          d: '1.000000000001',
          f: 0.1,
          x: 1.5,
          small: 7,
          nan: 'nan',
          t: '2026-01-01 00:00:00.000',
        },
      ]);
    });

    it('passes values as values, whatever they look like', async () => {
      const nasty = ["'; DROP TABLE requests; --", '{x:String}', '\\', "\\'", 'a\0b', '__proto__', '\ud83d\ude00'];
      const rows = await store.query({ sql: 'SELECT {all:Array(String)} AS all', params: { all: nasty } });
      expect(rows).toEqual([{ all: nasty }]);
    });

    it('runs queries side by side', async () => {
      const slow = store.query({ sql: 'SELECT sleep(1) AS slept' });
      let fastEnded = false;
      const order = slow.then(() => fastEnded);
      for (let i = 0; i < 5; i++) await store.query({ sql: 'SELECT {i:UInt8} AS i', params: { i } });
      fastEnded = true;
      expect(await order).toBe(true);
    });

    it('does not leak a setting into the next query', async () => {
      const sql = "SELECT getSetting('max_threads') AS threads, getSetting('max_block_size') AS block";
      const before = await store.query({ sql });
      await Promise.all([1, 2, 3, 4].map((n) => store.query({ sql, settings: { max_threads: n, max_block_size: n } })));
      const after = await Promise.all([1, 2, 3, 4].map(() => store.query({ sql })));
      expect(after).toEqual([before, before, before, before]);
    });

    const failure = (query: Parameters<AnalyticsStore['query']>[0]) =>
      store.query(query).then(
        () => undefined,
        (error: unknown) =>
          error instanceof AnalyticsError ? { code: error.code, retryable: error.retryable } : error,
      );
    const permanent = (code: AnalyticsErrorCode) => ({ code, retryable: false });

    /** Reads nothing and never ends by itself within any test. */
    const ENDLESS = { sql: 'SELECT max(sipHash64(number)) AS m FROM numbers(1000000000000)' };
    const UNBOUND = { max_rows_to_read: 0, max_bytes_to_read: 0 };

    it('ends a query at its time limit', async () => {
      expect(await failure({ ...ENDLESS, settings: { ...UNBOUND, max_execution_time: 1 } })).toEqual(
        permanent('timeout'),
      );
    });

    it('refuses what is too large to read, to hold or to return, instead of a part of it', async () => {
      expect(await failure(ENDLESS)).toEqual(permanent('too-large'));
      const sorted = 'SELECT groupArray(number) AS all FROM numbers(100000000)';
      expect(await failure({ sql: sorted, settings: { max_memory_usage: 20_000_000 } })).toEqual(
        permanent('too-large'),
      );
      const rows = 'SELECT number FROM numbers(1001)';
      expect(await failure({ sql: rows, settings: { max_result_rows: 1000 } })).toEqual(permanent('too-large'));
      expect(await store.query({ sql: rows, settings: { max_result_rows: 1001 } })).toHaveLength(1001);
    });

    it('says that a query is wrong', async () => {
      expect(await failure({ sql: 'SELECT nosuchcolumn' })).toEqual(permanent('rejected'));
      expect(await failure({ sql: 'SELECT FROM WHERE' })).toEqual(permanent('rejected'));
      expect(await failure({ sql: 'SELECT {missing:String}' })).toEqual(permanent('rejected'));
      expect(await failure({ sql: 'SELECT {n:UInt8}', params: { n: 256 } })).toEqual(permanent('rejected'));
      expect(await failure({ sql: 'SELECT {n:Identifier}', params: { n: 'x' } })).toEqual(permanent('rejected'));
      expect(await failure({ sql: 'SELECT 1 SETTINGS max_execution_time = 0' })).toEqual(permanent('rejected'));
      expect(await failure({ sql: 'SELECT 1', settings: { 'x = 1, y': 2 } })).toEqual(permanent('rejected'));
      expect(await failure({ sql: 'SELECT 1', settings: { nosuchsetting: 1 } })).toEqual(permanent('rejected'));
    });

    it('ends a query whose caller gives up, and goes on serving', async () => {
      const abort = new AbortController();
      const running = failure({ ...ENDLESS, settings: { ...UNBOUND, max_execution_time: 60 }, signal: abort.signal });
      await new Promise((resolve) => setTimeout(resolve, 100));
      abort.abort();
      expect(await running).toEqual(permanent('cancelled'));
      // As many as there could be connections: none of them is held by the query that was given up.
      const more = Array.from({ length: 8 }, (_, i) => store.query({ sql: 'SELECT {i:UInt8} AS i', params: { i } }));
      expect((await Promise.all(more)).flat()).toHaveLength(8);
    });

    it('does not begin what was given up before', async () => {
      expect(await failure({ sql: 'SELECT 1', signal: AbortSignal.abort() })).toEqual(permanent('cancelled'));
    });

    it('names the running engine, always the same', async () => {
      const id = await store.instanceId();
      expect(id).toMatch(/.{8,}/);
      expect(await store.instanceId()).toBe(id);
    });

    test('skips only tests that exist', () => {
      expect([...unknown]).toEqual([]);
    });

    // Last, since nothing works after it.
    test('refuses everything once it is closed', async () => {
      await store.close();
      await store.close();
      expect(await failure({ sql: 'SELECT 1' })).toEqual(permanent('closed'));
      await expect(insertRequests([sampleRequestRow(1)])).rejects.toMatchObject({ code: 'closed' });
    });
  });
}
