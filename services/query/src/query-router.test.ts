import { afterEach, describe, expect, test } from '@jest/globals';
import {
  AnalyticsError,
  type AnalyticsErrorCode,
  type AnalyticsQuery,
  type AnalyticsStore,
} from '@throughline/analytics/analytics-store';
import { SessionTotalsError } from '@throughline/session-totals/session-totals';
import { GRANTED } from '../test/permission-matrix.ts';
import { NOW, PERMISSIONS, type QueryServer, startQueryServer } from '../test/query-server.ts';
import type { QueryDeps } from './query-deps.ts';
import { queryRoutes } from './query-router.ts';
import { isPublic, type Route } from './route.ts';

let server: QueryServer | undefined;
let asked: AnalyticsQuery[] = [];

afterEach(async () => {
  await server?.close();
  server = undefined;
  asked = [];
});

/** A store that answers every query with these rows, or fails so. */
function stub(answer: readonly object[] | Error): AnalyticsStore {
  return {
    async query<Row>(query: AnalyticsQuery): Promise<Row[]> {
      asked.push(query);
      if (answer instanceof Error) throw answer;
      return answer as Row[];
    },
    insert: async () => {},
    instanceId: async () => 'stub',
    close: async () => {},
  };
}

const LIST = '/v1/session/query';
const body = { search: '', timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: NOW }, timezoneDifference: 0, filter: {} };
const names = { nameContains: '', timezoneDifference: 0 };

describe('permissions', () => {
  const routes = queryRoutes({ config: {} } as QueryDeps);

  const withKey = routes.filter((route): route is Route => !isPublic(route));
  test.each(withKey.map(({ method, path, access }) => [method, path, access] as const))(
    '%s %s is open to whom %s is granted, and to nobody else',
    async (method, path, access) => {
      server = await startQueryServer(stub([]));
      const call = {
        method: method.toUpperCase(),
        path: path.replace(/:\w+/, 'some-id'),
        body: method === 'get' ? undefined : body,
      };
      for (const permission of PERMISSIONS) {
        const { status, json } = await server.call({ ...call, key: `acme:${permission}` });
        if (GRANTED[access].includes(permission)) expect(status).not.toBe(401);
        else {
          expect(status).toBe(401);
          expect(json).toEqual({ data: null, error: expect.any(String), trace: 'isAuthenticated.error' });
        }
      }
      expect(await server.call(call)).toMatchObject({
        status: 401,
        json: { data: null, error: 'No authorization header', trace: 'isAuthenticated.error' },
      });
      expect(await server.call({ ...call, key: 'nobody:rw' })).toMatchObject({
        status: 401,
        json: { data: null, error: 'No API key found', trace: 'isAuthenticated.error' },
      });
    },
  );

  test('POST /v1/login is open to nobody whose token was not made here, with any key or none, and asks nothing', async () => {
    server = await startQueryServer(stub([]));
    for (const key of [undefined, 'nobody:rw', ...PERMISSIONS.map((permission) => `acme:${permission}`)]) {
      const call = { method: 'POST', path: '/v1/login', body: { token: 'x' }, ...(key && { key }) };
      expect(await server.call(call)).toMatchObject({
        status: 403,
        json: { data: null, error: expect.stringContaining('This link has been used') },
      });
    }
    expect(asked).toEqual([]);
  });

  const signed = routes.filter((route) => route.access === 'public-signed');
  test.each(signed.map(({ method, path }) => [method, path] as const))(
    '%s %s is open to nobody whose link was not signed, with any key or none, and asks nothing of the store',
    async (method, path) => {
      server = await startQueryServer(stub([]));
      const call = { method: method.toUpperCase(), path: path.replace(/:\w+/, 'some-id') };
      const keys = [undefined, 'nobody:rw', ...PERMISSIONS.map((permission) => `acme:${permission}`)];
      for (const key of keys) {
        for (const query of [
          '',
          '?token=',
          '?token=x',
          '?token=x.y',
          `?token=x.${'A'.repeat(43)}`,
          '?token=x&token=y',
        ]) {
          const { status, json } = await server.call({ ...call, path: `${call.path}${query}`, ...(key && { key }) });
          expect(status).toBe(403);
          expect(json).toEqual({ data: null, error: expect.stringContaining('This link to bodies is not valid') });
        }
      }
      expect(asked).toEqual([]);
    },
  );

  test('let keys that only write read where the operator said so, and only there', async () => {
    server = await startQueryServer(stub([]), { config: { allowWriteKeysToRead: true } });
    expect((await server.call({ path: LIST, body, key: 'acme:w' })).status).toBe(200);
    expect((await server.call({ path: LIST, body, key: 'acme:operator' })).status).toBe(401);
  });

  test('are checked before the body is read', async () => {
    server = await startQueryServer(stub([]));
    expect((await server.call({ path: LIST, body: '{"not json', key: 'acme:w' })).status).toBe(401);
  });
});

describe('the body of a call', () => {
  const answerTo = async (given: unknown) => {
    server ??= await startQueryServer(stub([]));
    return server.call({ path: LIST, body: given, key: 'acme:r' });
  };

  test.each([
    ['search', "'search' is required"],
    ['timeFilter', "'timeFilter' is required"],
    ['timezoneDifference', "'timezoneDifference' is required"],
    ['filter', "'filter' is required"],
  ])('needs %s', async (field, message) => {
    const { [field as 'search']: _, ...rest } = body;
    const { status, json } = await answerTo(rest);
    expect(status).toBe(422);
    expect(json).toEqual({ message: 'Validation Failed', details: { [`requestBody.${field}`]: { message } } });
  });

  test.each<[string, object, string]>([
    ['an unknown key', { foo: 1 }, 'requestBody.foo'],
    ['a name that is null', { nameEquals: null }, 'requestBody.nameEquals'],
    [
      'a time that is no number',
      { timeFilter: { startTimeUnixMs: 'x', endTimeUnixMs: 1 } },
      'requestBody.timeFilter.startTimeUnixMs',
    ],
    ['a sort by nothing known', { sort: { name: 'asc' } }, 'requestBody.sort'],
    ['a direction that is none', { sort: { total_cost: 'up' } }, 'requestBody.sort.total_cost'],
    ['no such aggregate', { aggregateOver: 'window' }, 'requestBody.aggregateOver'],
    ['a filter that is null', { filter: null }, 'requestBody.filter'],
    ['an unknown table', { filter: { nope: {} } }, 'requestBody.filter'],
    [
      'an operator deep inside',
      { filter: { left: 'all', operator: 'and', right: { request_response_rmt: { model: { is: 'x' } } } } },
      'requestBody.filter.right',
    ],
  ])('is refused with the place of %s', async (_, over, place) => {
    const { status, json } = await answerTo({ ...body, ...over });
    expect(status).toBe(422);
    expect(Object.keys(json.details)[0]).toContain(place);
  });

  test('may give numbers as text', async () => {
    const timeFilter = { startTimeUnixMs: '1000', endTimeUnixMs: '2000' };
    const { status } = await answerTo({ ...body, timeFilter, timezoneDifference: '60', limit: '5' });
    expect(status).toBe(200);
    expect(asked[0]!.params).toMatchObject({ start: 1000, end: 2000, limit: 6 });
  });

  test.each([
    ['malformed JSON', '{"search":', 'The body is not JSON'],
    ['a zone beyond a day', JSON.stringify({ ...body, timezoneDifference: 1441 }), 'Invalid timezone difference'],
    ['a cursor of nobody', JSON.stringify({ ...body, cursor: 'x' }), 'The cursor is not one'],
  ])('is refused with 400 for %s', async (_, given, error) => {
    const { status, json } = await answerTo(given);
    expect(status).toBe(400);
    expect(json).toEqual({ data: null, error: expect.stringContaining(error) });
  });

  test('nested as deep as it likes is refused in time and in few words', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const given of [
      `{"search":${deep}}`,
      JSON.stringify(body).replace('"filter":{}', `"filter":${deep}`),
      JSON.stringify(body).replace('"filter":{}', `"filter":${'{"left":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
      JSON.stringify({ ...body, ...Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, 1])) }),
    ]) {
      const { status, text } = await answerTo(given);
      expect([400, 422]).toContain(status);
      expect(text.length).toBeLessThan(20_000);
    }
  });

  test('larger than the limit is refused with 413', async () => {
    server = await startQueryServer(stub([]), { config: { bodyBytesMax: 1_000 } });
    expect((await answerTo({ ...body, search: 'x'.repeat(1_000) })).status).toBe(413);
  });
});

describe('what fails', () => {
  test.each<[AnalyticsErrorCode, number, string]>([
    ['timeout', 503, 'Query timeout. Try a shorter time range or simpler filters.'],
    ['too-large', 503, 'Query used too much memory. Try a shorter time range or simpler filters.'],
    ['unavailable', 503, 'The store does not answer; try again in a moment'],
    ['closed', 503, 'The store does not answer; try again in a moment'],
    ['rejected', 500, 'Something failed on our side'],
  ])('a query with %s is answered %i in the envelope, never as empty', async (code, status, error) => {
    server = await startQueryServer(stub(new AnalyticsError(code, 'the engine said: SELECT secret')));
    for (const call of [
      { path: LIST, body },
      { path: '/v1/session/count', body },
      { path: '/v1/session/name/query', body: names },
      { path: '/v1/session/metrics/query', body: names },
      { path: '/v1/session/some-id' },
      { path: '/v1/session/some-id/requests' },
      { path: '/v1/request/query-clickhouse', body: { filter: {} } },
      { path: '/v1/request/count/query', body: { filter: {} } },
      { path: '/v1/request/query-ids', body: { requestIds: ['some-id'] } },
      { path: '/v1/request/some-id' },
      { path: '/v1/request/some-id/inputs' },
    ]) {
      const answer = await server.call({ ...call, key: 'acme:r' });
      expect(answer.status).toBe(status);
      expect(answer.json).toMatchObject({ data: null, error: expect.stringContaining(error) });
      expect(answer.text).not.toContain('secret');
    }
  });

  test('live totals that cannot be read for the moment are 503', async () => {
    const read = async () => {
      throw new SessionTotalsError('unavailable', 'the file is busy', { retryable: true });
    };
    server = await startQueryServer(stub([]), { totals: { read } });
    expect((await server.call({ path: '/v1/session/some-id', key: 'acme:r' })).status).toBe(503);
  });
});

test('holds the tenant in every query, and no text of a caller outside of its values', async () => {
  server = await startQueryServer(stub([]));
  const hostile = "x' OR 1 --\\";
  const filter = {
    left: {
      request_response_rmt: { properties: { [hostile]: { equals: hostile } }, request_body: { contains: hostile } },
    },
    operator: 'or',
    right: {
      sessions_request_response_rmt: { session_session_name: { like: hostile }, session_tag: { equals: hostile } },
    },
  };
  const selection = { ...body, search: hostile, nameEquals: hostile, filter };
  const path = encodeURIComponent(hostile);
  for (const call of [
    { path: LIST, body: selection },
    { path: LIST, body: { ...selection, aggregateOver: 'matching' } },
    { path: '/v1/session/count', body: selection },
    { path: '/v1/session/name/query', body: { ...names, filter, nameContains: hostile } },
    { path: '/v1/session/metrics/query', body: { ...names, filter, nameContains: hostile, nameEquals: hostile } },
    { path: `/v1/session/${path}` },
    { path: '/v1/request/query', body: { filter, sort: { properties: { [hostile]: 'asc' } } } },
    { path: '/v1/request/count/query', body: { filter } },
    { path: '/v1/request/query-ids', body: { requestIds: [hostile] } },
    { path: `/v1/request/${path}` },
  ]) {
    await server.call({ ...call, key: 'acme:r' });
  }
  expect(asked.length).toBeGreaterThanOrEqual(6);
  for (const { sql, params } of asked) {
    expect(sql).not.toContain('OR 1 --');
    expect(params!.tenant).toBe('acme');
    // Each table that is read is read for one tenant.
    const reads = sql.match(
      /\b(FROM|JOIN)\s+\(?\s*(?:SELECT[^()]*?FROM\s+)?(requests|sessions|session_keys|request_bodies)\b/g,
    );
    const tenants = sql.match(/tenant_id = \{tenant:String\}/g);
    expect(tenants!.length).toBeGreaterThanOrEqual(reads!.length);
  }
});

test('ends what it asked of the store when the caller hangs up', async () => {
  let signal: AbortSignal | undefined;
  const store: AnalyticsStore = {
    ...stub([]),
    query: (query) =>
      new Promise((_, reject) => {
        signal = query.signal;
        signal!.addEventListener('abort', () => reject(new AnalyticsError('cancelled', 'cancelled')));
      }),
  };
  server = await startQueryServer(store);
  const call = server.call({ path: LIST, body, key: 'acme:r', signal: AbortSignal.timeout(50) });
  await expect(call).rejects.toThrow();
  while (!signal?.aborted) await new Promise((resolve) => setImmediate(resolve));
  expect(signal.aborted).toBe(true);
});
