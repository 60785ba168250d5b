import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { sampleBodyRow, sampleRequestRow } from '@throughline/analytics/sample-rows';
import { picoToUsd } from '@throughline/contracts/money';
import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { type Fixtures, fixturesOf, sessionIdOf, variedRequests } from '../fixtures.ts';
import { NOW, type QueryServer, startQueryServer, store } from '../query-server.ts';

jest.setTimeout(120_000);

let dir: TempDir;
let analytics: AnalyticsStore;
let server: QueryServer;
let acme: Fixtures;

const idOf = (offset: number) => sampleRequestRow(offset).request_id;
const LONG_AGO = Date.UTC(2026, 7, 1);

/** One request with bodies of its own, in a session of its own. */
function requestWithBodies(offset: number, bodies: Partial<RequestBodyRow>, row: Partial<RequestRow> = {}) {
  const request = sampleRequestRow(offset, { tenant_id: 'acme', session_id: `bodies-${offset}`, ...row });
  const { session_id, ordered_at, received_at, tenant_id, request_id } = request;
  return {
    request,
    body: sampleBodyRow(offset, { tenant_id, session_id, ordered_at, received_at, request_id, ...bodies }),
  };
}

beforeAll(async () => {
  dir = await createTempDir('query');
  analytics = await openEmbeddedAnalytics({ dir: dir.path });
  server = await startQueryServer(analytics);
  acme = fixturesOf(variedRequests('acme', 40, 0));
  await store(analytics, acme);
  await store(analytics, fixturesOf(variedRequests('rival', 40, 10_000)));
  const withBodies = [
    requestWithBodies(5_000, {
      request_body: Buffer.from('{"__proto__":1,"n":12345678901234567890}'),
      response_body: Buffer.from('data: {"delta":"hi"}\n\ndata: [DONE]\n\n'),
    }),
    requestWithBodies(5_001, {
      request_body: Buffer.from([0xff, 0x00, 0x1f]),
      request_encoding: 'bytes',
      response_body: Buffer.alloc(0),
    }),
    requestWithBodies(5_002, { request_body: Buffer.from(`"${'x'.repeat(300_000)}"`) }),
  ];
  // The same caller-chosen id in two sessions, and again by another tenant; chosen so that it looks like one of ours.
  const chosen = { request_id: idOf(5_100), request_id_chosen: true, tenant_id: 'acme' };
  const twice = [
    sampleRequestRow(5_100, { ...chosen, event_id: idOf(5_110), session_id: 'second' }),
    sampleRequestRow(5_101, { ...chosen, session_id: 'first', received_at: LONG_AGO, ordered_at: LONG_AGO }),
    sampleRequestRow(15_102, { ...chosen, tenant_id: 'rival', session_id: 'theirs', received_at: LONG_AGO - 1 }),
    sampleRequestRow(5_103, { tenant_id: 'acme', session_id: '', request_id: 'no-session', request_id_chosen: true }),
  ];
  await store(
    analytics,
    fixturesOf(
      [...withBodies.map(({ request }) => request), ...twice],
      withBodies.map(({ body }) => body),
    ),
  );
});

afterAll(async () => {
  await server.close();
  await analytics.close();
  await dir.remove();
});

const get = (path: string, key = 'acme:r') => server.call({ path, key });
const sessionPath = (id: string) => `/v1/session/${encodeURIComponent(id)}`;
const requestsOf = (id: string) => acme.requests.filter((row) => row.session_id === id);

describe('GET /v1/session/{id}', () => {
  test('answers from the live totals what the list answers from the snapshot, and the tree of paths', async () => {
    const { data: list } = (
      await server.call({
        path: '/v1/session/query',
        key: 'acme:r',
        body: {
          search: '',
          timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: NOW },
          timezoneDifference: 0,
          filter: {},
          limit: 1000,
        },
      })
    ).json;
    for (const state of acme.states) server.live.set(JSON.stringify(['acme', state.sessionId]), state);
    for (let index = 0; index < 40; index++) {
      const id = sessionIdOf(index);
      const { status, json, headers } = await get(sessionPath(id));
      expect(status).toBe(200);
      const { tree, tree_truncated: truncated, ...row } = json.data;
      expect(row).toEqual(list.find((listed: { session_id: string }) => listed.session_id === id));
      expect(truncated).toBe(false);
      const inTree = tree.reduce((sum: number, node: { total: { requests: number } }) => sum + node.total.requests, 0);
      expect(inTree).toBe(requestsOf(id).length);
      expect(headers.get('throughline-as-of')).toBe(new Date(NOW - 1).toISOString());
    }
    server.live.clear();
  });

  test('answers the same once the session was evicted', async () => {
    const state = acme.states[3]!;
    server.live.set(JSON.stringify(['acme', state.sessionId]), state);
    const live = await get(sessionPath(state.sessionId));
    server.live.clear();
    const evicted = await get(sessionPath(state.sessionId));
    expect(evicted.json).toEqual(live.json);
  });

  test.each(['nobody', 'a/b/c', '%', "' OR 1", '__proto__', 'x'.repeat(8_000)])(
    'knows nothing of %j and says so',
    async (id) => {
      for (const path of [sessionPath(id), `${sessionPath(id)}/requests`]) {
        const { status, json } = await get(path);
        expect(status).toBe(404);
        expect(json).toEqual({ data: null, error: 'Session not found' });
      }
    },
  );
});

type SummedField =
  | 'prompt_tokens'
  | 'completion_tokens'
  | 'total_tokens'
  | 'reasoning_tokens'
  | 'prompt_cache_read_tokens'
  | 'prompt_cache_write_tokens'
  | 'delay_ms';

/** Of a request in an answer, what its session's totals are made of. */
interface AnsweredRequest extends Readonly<Record<SummedField, number | null>> {
  readonly session_id: string | null;
  readonly cost: number | null;
  readonly error: object | null;
}

describe('GET /v1/session/{id}/requests', () => {
  test('pages through all requests of the session, oldest first, whose sums are its totals', async () => {
    for (const { session_id: id, total_cost_pico: cost, total_requests: total } of acme.sessions.slice(0, 15)) {
      // biome-ignore lint/suspicious/noExplicitAny: rows of an answer
      const rows: any[] = [];
      let cursor = '';
      do {
        const { status, json } = await get(`${sessionPath(id)}/requests?limit=2&cursor=${encodeURIComponent(cursor)}`);
        expect(status).toBe(200);
        expect(json.data.length).toBeLessThanOrEqual(2);
        rows.push(...json.data);
        cursor = json.next_cursor ?? '';
      } while (cursor !== '');
      const stored = requestsOf(id).toSorted(
        (a, b) => a.ordered_at - b.ordered_at || (a.request_id < b.request_id ? -1 : 1),
      );
      expect(rows.map((row) => row.request_id)).toEqual(stored.map((row) => row.request_id));
      expect(rows).toHaveLength(total);
      const summed = rows.reduce((sum, row) => sum + BigInt(Math.round((row.cost ?? 0) * 1e12)), 0n);
      expect(summed).toBe(cost);
      for (const row of rows) expect(row).toMatchObject({ request_body: null, response_body: null, session_id: id });
    }
  });

  test('answers rows whose sums are the totals of their sessions, and those add up to the count', async () => {
    const selection = {
      search: '',
      timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: NOW },
      timezoneDifference: 0,
      filter: {},
    };
    const post = async (path: string, body: object) => (await server.call({ path, key: 'acme:r', body })).json.data;
    const listed = await post('/v1/session/query', { ...selection, limit: 1000 });
    const requests: AnsweredRequest[] = await post('/v1/request/query', { filter: 'all', limit: 1000 });
    const pico = (usd: number | null) => BigInt(Math.round((usd ?? 0) * 1e12));
    const bySession = Map.groupBy(requests, (row) => row.session_id);
    bySession.delete(null);
    expect(new Set(bySession.keys())).toEqual(new Set(listed.map((row: { session_id: string }) => row.session_id)));
    for (const { session_id: id, total_cost: cost, ...session } of listed) {
      const rows = bySession.get(id)!;
      const sum = (field: SummedField) => rows.reduce((total, row) => total + (row[field] ?? 0), 0);
      const errors = rows.filter(({ error }) => error !== null).length;
      expect([id, pico(cost)]).toEqual([id, rows.reduce((total, row) => total + pico(row.cost), 0n)]);
      expect([id, session]).toMatchObject([
        id,
        {
          total_requests: rows.length,
          error_count: errors,
          success_rate: (rows.length - errors) / rows.length,
          unpriced_requests: rows.filter((row) => row.cost === null).length,
          prompt_tokens: sum('prompt_tokens'),
          completion_tokens: sum('completion_tokens'),
          total_tokens: sum('total_tokens'),
          reasoning_tokens: sum('reasoning_tokens'),
          prompt_cache_read_tokens: sum('prompt_cache_read_tokens'),
          prompt_cache_write_tokens: sum('prompt_cache_write_tokens'),
          avg_latency: sum('delay_ms') / rows.length,
        },
      ]);
    }
    const inSessions = requests.filter((row) => row.session_id !== null);
    const count = await post('/v1/session/count', selection);
    expect([count.count, pico(count.total_cost)]).toEqual([
      listed.length,
      inSessions.reduce((total, row) => total + pico(row.cost), 0n),
    ]);
    expect(count.avg_requests).toBe(inSessions.length / listed.length);
  });

  test('skips and repeats nothing while the session goes on', async () => {
    const at = Date.UTC(2026, 8, 20);
    const row = (offset: number, afterMs: number) =>
      sampleRequestRow(offset, { tenant_id: 'acme', session_id: 'going on', ordered_at: at + afterMs });
    let rows = Array.from({ length: 9 }, (_, i) => row(70_000 + i, Math.floor(i / 2) * 1000));
    const arrive = async (...arriving: RequestRow[]) => {
      rows = [...rows, ...arriving];
      await store(analytics, { ...fixturesOf(rows), requests: arriving });
    };
    await store(analytics, fixturesOf(rows));
    const before = rows.map(({ request_id }) => request_id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { json } = await get(`${sessionPath('going on')}/requests?limit=2&cursor=${encodeURIComponent(cursor)}`);
      seen.push(...json.data.map(({ request_id }: { request_id: string }) => request_id));
      cursor = json.next_cursor ?? '';
      const round = rows.length;
      // One that began before all that was read, one among what is still to come, and one after everything.
      if (round < 20)
        await arrive(row(71_000 + round, -1), row(72_000 + round, 3500), row(73_000 + round, 60_000 + round));
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.includes(id))).toEqual(before);
    const late = rows.filter(({ source_offset: offset }) => offset >= 72_000).map(({ request_id }) => request_id);
    expect(seen).toEqual(expect.arrayContaining(late));
  });

  test.each(['limit=0', 'limit=1001', 'limit=x', 'limit=1e2', 'cursor=x', 'cursor=W10', 'cursor=&cursor='])(
    'refuses %s with 400',
    async (query) => {
      expect((await get(`${sessionPath(sessionIdOf(1))}/requests?${query}`)).status).toBe(400);
    },
  );
});

const queryRequests = (body: object, key = 'acme:r', path = '/v1/request/query-clickhouse') =>
  server.call({ path, body: { filter: {}, ...body }, key });

describe('POST /v1/request/query-clickhouse', () => {
  test('loads one session as dashboards do: two properties in one leaf, newest first, sums as in the session', async () => {
    const session = acme.sessions.find(({ session_name }) => session_name === 'Support/Chat')!;
    const properties = {
      'Helicone-Session-Id': { equals: session.session_id },
      'Helicone-Session-Name': { equals: 'Support/Chat' },
    };
    const filter = {
      left: { request_response_rmt: { properties } },
      operator: 'and',
      right: { request_response_rmt: { request_created_at: { gt: '2026-01-01T00:00:00.000Z' } } },
    };
    for (const path of ['/v1/request/query-clickhouse', '/v1/request/query']) {
      const { status, json, headers } = await queryRequests({ filter, limit: 500 }, 'acme:r', path);
      expect(status).toBe(201);
      expect(headers.get('throughline-as-of')).toBe(new Date(NOW - 250).toISOString());
      const stored = requestsOf(session.session_id)
        .filter(({ session_name }) => session_name === 'Support/Chat')
        .toSorted((a, b) => b.ordered_at - a.ordered_at);
      expect(json.data.map((row: { request_id: string }) => row.request_id)).toEqual(stored.map((r) => r.request_id));
    }
  });

  test('shows every field of a request', async () => {
    const stored = acme.requests.find(({ cost_pico, is_error }) => cost_pico !== null && is_error)!;
    const filter = { request_response_rmt: { request_id: { equals: stored.request_id } } };
    const { json } = await queryRequests({ filter });
    expect(json.data).toHaveLength(1);
    expect(json.data[0]).toMatchObject({
      request_created_at: new Date(stored.request_at).toISOString(),
      response_created_at: new Date(stored.response_at).toISOString(),
      response_status: stored.status,
      request_user_id: stored.user_id === '' ? null : stored.user_id,
      properties: Object.fromEntries(stored.properties),
      model: stored.model,
      provider: stored.provider,
      delay_ms: stored.latency_ms,
      prompt_tokens: stored.prompt_tokens,
      total_tokens: (stored.prompt_tokens ?? 0) + (stored.completion_tokens ?? 0),
      cost: picoToUsd(stored.cost_pico!),
      error: { type: 'failed', message: '' },
      session_id: stored.session_id,
      session_path: stored.session_path,
      session_rule: 'helicone-session-id',
      step_kind: 'llm',
      cost_source: 'table',
      finish_reason: 'stop',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
  });

  test('answers unknown cost as null', async () => {
    const { json } = await queryRequests({ limit: 1000 });
    const unpriced = acme.requests.filter(({ cost_pico }) => cost_pico === null).map(({ request_id }) => request_id);
    const ids = new Set(acme.requests.map(({ request_id }) => request_id));
    const nulls = json.data.filter(
      (row: { cost: unknown; request_id: string }) => row.cost === null && ids.has(row.request_id),
    );
    expect(nulls.map((row: { request_id: string }) => row.request_id).sort()).toEqual(unpriced.sort());
  });

  test('sorts by each key, missing values last, and pages by offset', async () => {
    const fields: Record<string, string> = {
      latency: 'delay_ms',
      time_to_first_token: 'time_to_first_token',
      total_tokens: 'total_tokens',
      prompt_tokens: 'prompt_tokens',
      completion_tokens: 'completion_tokens',
      user_id: 'request_user_id',
      cost: 'cost',
    };
    for (const [key, field] of Object.entries(fields)) {
      for (const direction of ['asc', 'desc']) {
        const sort = { [key]: direction };
        const { json } = await queryRequests({ sort, limit: 1000 });
        const values = json.data.map((row: Record<string, unknown>) => row[field] ?? (key === 'user_id' ? '' : null));
        const known = values.filter((value: unknown) => value !== null);
        expect(values.slice(known.length).every((value: unknown) => value === null)).toBe(true);
        const ascending = known.toSorted((a: never, b: never) => (a < b ? -1 : a > b ? 1 : 0));
        expect(known).toEqual(direction === 'asc' ? ascending : ascending.toReversed());
        const page = await queryRequests({ sort, limit: 7, offset: '13' });
        const ids = (rows: { request_id: string }[]) => rows.map((row) => row.request_id);
        expect(ids(page.json.data)).toEqual(ids(json.data).slice(13, 20));
      }
    }
  });

  test('has ten rows unless asked for more, and an order by property or none', async () => {
    expect((await queryRequests({})).json.data).toHaveLength(10);
    expect((await queryRequests({ limit: 0 })).json.data).toEqual([]);
    expect((await queryRequests({ sort: { random: true }, limit: 3 })).json.data).toHaveLength(3);
    const { json } = await queryRequests({ sort: { properties: { env: 'desc' } }, limit: 20 });
    expect(json.data[0].properties.env).toBe('staging');
    expect((await queryRequests({ sort: { is_cached: 'desc' } })).status).toBe(201);
    expect((await queryRequests({ isScored: 'true' })).json.data).toEqual([]);
  });

  test.each([
    [{ limit: -1 }, 400, 'invalid limit'],
    [{ limit: 1001 }, 400, 'invalid limit'],
    [{ offset: -1 }, 400, 'unsupport offset value'],
    [{ offset: 1e300 }, 400, 'unsupport offset value'],
  ])('refuses %j', async (body, status, error) => {
    const answer = await queryRequests(body);
    expect([answer.status, answer.json.error]).toEqual([status, error]);
  });

  test('puts bodies into the list, as far as they are small', async () => {
    const filter = { request_response_rmt: { properties: { 'Helicone-Session-Id': { like: 'bodies-%' } } } };
    const { text, json } = await queryRequests({ filter, sort: { created_at: 'asc' } });
    expect(json.data).toHaveLength(3);
    expect(text).toContain('"request_body":{"__proto__":1,"n":12345678901234567890}');
    expect(json.data[0].response_body).toBe('data: {"delta":"hi"}\n\ndata: [DONE]\n\n');
    expect(json.data[1]).toMatchObject({ request_body: { encoding: 'bytes', base64: '/wAf' }, response_body: null });
    expect(json.data[2].request_body.helicone_message).toContain(`/v1/request/${idOf(5_002)}?includeBody=true`);
  });

  test('searches bodies, for keys that may read them', async () => {
    const filter = { request_response_rmt: { response_body: { contains: 'DELTA' } } };
    const { json } = await queryRequests({ filter });
    expect(json.data.map((row: { request_id: string }) => row.request_id)).toEqual([idOf(5_000)]);
    expect((await queryRequests({ filter }, 'acme:m')).status).toBe(401);
    const body = {
      search: '',
      timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: NOW },
      timezoneDifference: 0,
      filter,
    };
    expect((await server.call({ path: '/v1/session/count', key: 'acme:r', body })).json.data.count).toBe(1);
    for (const path of ['/v1/session/count', '/v1/session/query']) {
      expect((await server.call({ path, key: 'acme:m', body })).status).toBe(401);
    }
  });

  test('shows keys that may not read bodies everything else', async () => {
    const { status, json } = await queryRequests({ limit: 1000 }, 'acme:m');
    expect(status).toBe(201);
    expect(json.data.length).toBeGreaterThan(40);
    for (const row of json.data) expect([row.request_body, row.response_body]).toEqual([null, null]);
  });

  test('honours conditions about sessions, false for a request without one', async () => {
    const filter = { sessions_request_response_rmt: { session_total_cost: { gte: 0 } } };
    const { json } = await queryRequests({ filter, limit: 1000 });
    const ids = json.data.map((row: { request_id: string }) => row.request_id);
    expect(ids).not.toContain('no-session');
    expect(ids).toContain(acme.requests[0]!.request_id);
  });
});

describe('GET /v1/request/{id}', () => {
  test('answers one request, with its bodies when asked', async () => {
    const without = await get(`/v1/request/${idOf(5_000)}`);
    expect(without.json.data).toMatchObject({
      request_id: idOf(5_000),
      request_body: null,
      response_body: null,
      same_id: [],
    });
    const full = await get(`/v1/request/${idOf(5_000)}?includeBody=true`);
    expect(full.text).toContain('"request_body":{"__proto__":1,"n":12345678901234567890}');
    const large = await get(`/v1/request/${idOf(5_002)}?includeBody=true`);
    expect(large.json.data.request_body).toHaveLength(300_000);
    expect((await get(`/v1/request/${idOf(5_000)}?includeBody=true`, 'acme:m')).status).toBe(401);
    expect((await get(`/v1/request/${idOf(5_000)}?includeBody=yes`)).status).toBe(400);
  });

  test('shows its headers to keys that may read bodies', async () => {
    const seen = (await get(`/v1/request/${idOf(5_000)}`)).json.data;
    expect(Object.entries(seen.request_headers)).toEqual(
      expect.arrayContaining(sampleRequestRow(5_000).request_headers as [string, string][]),
    );
    expect(Object.entries(seen.response_headers)).toEqual(sampleRequestRow(5_000).response_headers);
    const unseen = (await get(`/v1/request/${idOf(5_000)}`, 'acme:m')).json.data;
    expect([unseen.request_headers, unseen.response_headers]).toEqual([null, null]);
  });

  test('answers the first request of an id that was used in several sessions, and names the others', async () => {
    const { json } = await get(`/v1/request/${idOf(5_100)}`);
    expect(json.data.session_id).toBe('first');
    expect(json.data.same_id).toEqual([
      { session_id: 'second', request_created_at: new Date(sampleRequestRow(5_100).request_at).toISOString() },
    ]);
  });

  test('answers a request outside of any session', async () => {
    const { status, json } = await get('/v1/request/no-session');
    expect(status).toBe(200);
    expect(json.data.session_id).toBeNull();
  });

  test.each([
    '00000000-0000-7000-8000-000000000000',
    'ffffffff-ffff-7fff-bfff-ffffffffffff',
    'no uuid at all',
    "' OR 1 --",
    '%2F',
    'x'.repeat(8_000),
  ])('knows nothing of %j and says so', async (id) => {
    const { status, json } = await get(`/v1/request/${encodeURIComponent(id)}`);
    expect(status).toBe(404);
    expect(json).toEqual({ data: null, error: 'Request not found' });
  });

  test("does not show another tenant's request", async () => {
    const theirs = `/v1/request/${variedRequests('rival', 1, 10_000)[0]!.request_id}`;
    expect((await get(theirs)).status).toBe(404);
    expect((await get(theirs, 'rival:r')).status).toBe(200);
  });
});
