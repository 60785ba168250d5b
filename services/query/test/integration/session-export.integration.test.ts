import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { AnalyticsError } from '@throughline/analytics/analytics-store';
import { REQUEST_EXPORT_COLUMNS, SESSION_EXPORT_COLUMNS } from '@throughline/contracts/api/session-export';
import { FIXTURES_AT, type Fixtures, fixturesOf, variedRequests } from '../fixtures.ts';
import { NOW, plainKey, startQueryServer, store } from '../query-server.ts';
import { useQueryServer } from '../use-query-server.ts';

jest.setTimeout(180_000);

const SESSIONS = 1_200;
const ALWAYS = { startTimeUnixMs: FIXTURES_AT - 86_400_000, endTimeUnixMs: NOW * 2 };

let acme: Fixtures;
const folder = mkdtemp(join(tmpdir(), 'export-'));
afterAll(async () => rm(await folder, { recursive: true }));

const api = useQueryServer(async (analytics) => {
  acme = fixturesOf(
    variedRequests('acme', SESSIONS, 0).map((row, index) => ({
      ...row,
      user_id: index % 50 === 0 ? '=1+1' : row.user_id,
      error_message: row.is_error ? '@"quoted",\r\n\u2028 näher' : '',
      scores: index % 3 === 0 ? [['__proto__', 0.5] as const] : [],
    })),
  );
  await store(analytics, acme);
  await store(analytics, fixturesOf(variedRequests('rival', 20, 100_000)));
});

const bodyOf = (asked: object) => ({ search: '', timeFilter: ALWAYS, timezoneDifference: 0, filter: {}, ...asked });

async function download(asked: object, key = 'acme:m') {
  const answer = await fetch(`${api.server.url}/v1/session/export`, {
    method: 'POST',
    headers: { authorization: `Bearer ${plainKey(key)}` },
    body: JSON.stringify(bodyOf(asked)),
  });
  expect(answer.status).toBe(200);
  return { headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

/** Every session of the list, page by page. */
async function listed(asked: object) {
  const rows: Record<string, unknown>[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const body = bodyOf({ ...asked, limit: 500, cursor });
    const { json } = await api.server.call({ path: '/v1/session/query', body, key: 'acme:r' });
    rows.push(...json.data);
    cursor = json.next_cursor;
  }
  return rows;
}

/** Requests of sessions as the API answers each of them, in the order of an export. */
async function requestsOf(sessions: readonly Record<string, unknown>[]) {
  const rows: Record<string, unknown>[] = [];
  for (const { session_id } of sessions) {
    const path = `/v1/session/${encodeURIComponent(String(session_id))}/requests?limit=1000`;
    rows.push(...(await api.server.call({ path, key: 'acme:m' })).json.data);
  }
  return rows.map((row) => {
    const error = row.error as { type: string; message: string } | null;
    return { ...row, error_type: error?.type ?? null, error_message: error?.message ?? null };
  });
}

const picked = (row: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  JSON.stringify(names.map((name) => [name, row[name] ?? null]));
const linesOf = (bytes: Buffer) =>
  bytes
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const names = { sessions: Object.keys(SESSION_EXPORT_COLUMNS), requests: Object.keys(REQUEST_EXPORT_COLUMNS) };
const FAILED = { request_response_rmt: { status: { gte: 500 } } };

describe('POST /v1/session/export', () => {
  test('as JSON lines: every selected session as the list has it, newest first, and how many there are', async () => {
    for (const asked of [{}, { filter: FAILED }, { search: 'TEAM' }, { search: 'nowhere' }]) {
      const expected = await listed(asked);
      const { bytes, headers } = await download({ ...asked, format: 'jsonl' });
      const rows = linesOf(bytes);
      expect(rows.map((row) => picked(row, names.sessions))).toEqual(
        expected.map((row) => picked(row, names.sessions)),
      );
      expect(headers.get('throughline-total-rows')).toBe(String(expected.length));
      expect(headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
      expect(headers.get('content-disposition')).toBe('attachment; filename="sessions-2026-10-01T00-00-00Z.jsonl"');
      expect(headers.get('throughline-as-of')).toBe(new Date(NOW - 250).toISOString());
    }
  });

  test('of requests: all those of the selected sessions, session by session, by their start', async () => {
    const asked = { search: 'TEAM/CHAT 11' };
    const expected = await requestsOf(await listed(asked));
    const { bytes, headers } = await download({ ...asked, what: 'requests', format: 'jsonl' });
    expect(linesOf(bytes).map((row) => picked(row, names.requests))).toEqual(
      expected.map((row) => picked(row, names.requests)),
    );
    expect(headers.get('throughline-total-rows')).toBe(String(expected.length));
    const everything = linesOf((await download({ what: 'requests', format: 'jsonl' })).bytes);
    expect(new Set(everything.map(({ request_id }) => request_id)).size).toBe(acme.requests.length);
    expect(everything).toHaveLength(acme.requests.length);
  });

  test('a session of more requests than a page comes whole', async () => {
    const [one] = variedRequests('empty', 1, 0);
    const rows = Array.from({ length: 2_500 }, (_, i) => ({
      ...one!,
      session_id: 'long',
      request_id: `r-${i % 7}-${i}`,
      source_offset: i,
      // Many begin at the same instant.
      ordered_at: FIXTURES_AT + Math.floor(i / 100),
    }));
    await store(api.analytics, fixturesOf(rows));
    const { bytes } = await download({ what: 'requests', format: 'jsonl', columns: ['request_id'] }, 'empty:r');
    const ids = linesOf(bytes).map(({ request_id }) => request_id);
    expect(new Set(ids).size).toBe(2_500);
    expect(ids).toHaveLength(2_500);
  });

  test('as CSV: the columns that were asked for, in their order, formulas without effect', async () => {
    const columns = ['total_cost', 'session_id', 'user_ids', 'created_at', 'tag'];
    const asked = { search: 'TEAM', timezoneDifference: 60 };
    const rows = await listed(asked);
    const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const { bytes } = await download({ ...asked, format: 'csv', columns });
    expect(bytes.toString()).toBe(
      [
        columns.join(','),
        ...rows.map((row) =>
          [
            String(row.total_cost),
            cell(String(row.session_id)),
            cell(JSON.stringify(row.user_ids)),
            String(row.created_at),
            '',
          ].join(','),
        ),
        '',
      ].join('\r\n'),
    );
    const users = await download({ format: 'csv', what: 'requests', columns: ['request_user_id', 'error_message'] });
    expect(users.bytes.toString()).toContain("'=1+1,");
    expect(users.bytes.toString()).toContain('"\'@""quoted"",\r\n');
  });

  test.each(['sessions', 'requests'] as const)('as Parquet: %s as the engine reads them', async (what) => {
    const { bytes, headers } = await download({ format: 'parquet', what });
    expect(headers.get('content-type')).toBe('application/vnd.apache.parquet');
    const path = join(await folder, `${what}.parquet`);
    await writeFile(path, bytes);
    const rows = linesOf((await download({ format: 'jsonl', what })).bytes);
    const times = Object.entries(what === 'sessions' ? SESSION_EXPORT_COLUMNS : REQUEST_EXPORT_COLUMNS);
    const read = await api.analytics.query<Record<string, unknown>>({
      sql: `SELECT ${times
        .map(([name, kind]) =>
          kind === 'time'
            ? `toUnixTimestamp64Milli(${name}) AS ${name}`
            : kind === 'int'
              ? `toFloat64(${name}) AS ${name}`
              : name,
        )
        .join(', ')} FROM file({path:String}, 'Parquet')`,
      params: { path },
      settings: { max_threads: 1, input_format_parquet_preserve_order: 1 },
    });
    expect(read).toHaveLength(rows.length);
    const asRead = rows.map((row) =>
      Object.fromEntries(
        times.map(([name, kind]) => {
          const value = row[name] ?? null;
          if (value === null) return [name, null];
          if (kind === 'time') return [name, String(Date.parse(String(value)))];
          return [name, kind === 'json' ? JSON.stringify(value) : value];
        }),
      ),
    );
    expect(read).toEqual(asRead);
  });

  test('an empty selection is a whole file in every format', async () => {
    for (const format of ['csv', 'jsonl', 'parquet']) {
      const { bytes, headers } = await download({ format, search: 'nowhere', columns: ['session_id', 'total_cost'] });
      expect(headers.get('throughline-total-rows')).toBe('0');
      if (format === 'csv') expect(bytes.toString()).toBe('session_id,total_cost\r\n');
      if (format === 'jsonl') expect(bytes.length).toBe(0);
      if (format !== 'parquet') continue;
      const path = join(await folder, 'empty.parquet');
      await writeFile(path, bytes);
      const sql = "SELECT session_id FROM file({path:String}, 'Parquet')";
      expect(await api.analytics.query({ sql, params: { path } })).toEqual([]);
    }
  });

  test.each([
    { format: 'xlsx' },
    { format: 'csv', columns: ['request_id'] },
    { format: 'csv', what: 'requests', columns: ['total_cost'] },
    { format: 'csv', columns: ['session_id', 'session_id'] },
    { format: 'csv', columns: [] },
    { format: 'csv', sort: { total_cost: 'desc' } },
  ])('refuses %j', async (asked) => {
    const { status } = await api.server.call({ path: '/v1/session/export', body: bodyOf(asked), key: 'acme:r' });
    expect(status).toBe(422);
  });

  test('asks for bodies only with a key that may read them', async () => {
    const filter = { request_response_rmt: { request_body: { contains: 'x' } } };
    const call = (key: string) =>
      api.server.call({ path: '/v1/session/export', body: bodyOf({ format: 'csv', filter }), key });
    expect((await call('acme:m')).status).toBe(401);
    expect((await call('acme:r')).status).toBe(200);
  });
});

describe('while it is written', () => {
  /** Fails, or waits, from the given query on. */
  async function serving(from: number, then: () => Promise<void>) {
    let asked = 0;
    const server = await startQueryServer({
      ...api.analytics,
      query: async (query) => {
        if (++asked >= from) await then();
        return api.analytics.query(query);
      },
    });
    const open = async () => {
      const req = http.request(`${server.url}/v1/session/export`, {
        method: 'POST',
        headers: { authorization: `Bearer ${plainKey('acme:r')}` },
      });
      req.end(JSON.stringify(bodyOf({ format: 'csv' })));
      const [res] = (await once(req, 'response')) as [http.IncomingMessage];
      return { req, res };
    };
    return { server, open, asked: () => asked };
  }

  test('a failure in the middle cuts the connection, and one at the start is refused', async () => {
    const fail = async () => {
      throw new AnalyticsError('timeout', 'too slow');
    };
    // The window's edges, the sums, and the first page; the second page fails.
    const { server, open, asked } = await serving(4, fail);
    const { res } = await open();
    expect([res.statusCode, res.headers['throughline-total-rows']]).toEqual([200, String(SESSIONS)]);
    let bytes = 0;
    res.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    await expect(once(res, 'end')).rejects.toThrow('aborted');
    expect(res.complete).toBe(false);
    expect(bytes).toBeGreaterThan(0);
    expect(asked()).toBe(4);
    await server.close();

    const refusing = await serving(1, fail);
    const refused = await refusing.open();
    expect(refused.res.statusCode).toBe(503);
    refused.res.resume();
    await refusing.server.close();
  });

  test('a caller who reads nothing holds the next page up, and one who hangs up ends it', async () => {
    const rows = fixturesOf(
      variedRequests('empty', 1, 500_000).flatMap((row) =>
        Array.from({ length: 3_000 }, (_, i) => ({
          ...row,
          session_id: `many-${i}-${'x'.repeat(8_000)}`,
          request_id: `many-${i}`,
          source_offset: 500_000 + i,
          ordered_at: FIXTURES_AT + i * 1_000,
        })),
      ),
    );
    await store(api.analytics, rows);
    let asked = 0;
    const server = await startQueryServer({
      ...api.analytics,
      query: (query) => {
        asked++;
        return api.analytics.query(query);
      },
    });
    const open = async () => {
      const req = http.request(`${server.url}/v1/session/export`, {
        method: 'POST',
        headers: { authorization: `Bearer ${plainKey('empty:r')}` },
      });
      req.end(JSON.stringify(bodyOf({ format: 'jsonl' })));
      const [res] = (await once(req, 'response')) as [http.IncomingMessage];
      return { req, res };
    };
    const { res } = await open();
    // Once nothing is asked any more: what was taken waits in sockets.
    let before = -1;
    while (asked !== before) {
      before = asked;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    // Of the window's edges, the sums, and six pages of four megabytes.
    expect(asked).toBeLessThan(8);
    // Those who wait hold places.
    const waiting = Array.from({ length: 9 }, () => open());
    for (const one of await Promise.all(waiting)) expect(one.res.statusCode).toBe(200);
    const refused = await open();
    expect(refused.res.statusCode).toBe(429);
    refused.res.resume();
    const others = await server.call({ path: '/v1/session/export', body: bodyOf({ format: 'csv' }), key: 'rival:r' });
    expect(others.status).toBe(200);
    for (const one of await Promise.all(waiting)) one.res.destroy();
    res.destroy();
    // Places are free again once the server has noticed, and nobody is asked for the rest: six pages for each of eleven.
    let status = 429;
    while (status === 429) {
      const again = await open();
      status = again.res.statusCode!;
      again.res.destroy();
    }
    expect(status).toBe(200);
    expect(asked).toBeLessThan(75);
    await server.close();
  });
});
