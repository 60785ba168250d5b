import { describe, expect, jest, test } from '@jest/globals';
import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { waitFor } from '@throughline/testkit/wait-for';
import fc from 'fast-check';
import { arbitraryTree } from '../../../../packages/filter-tree/test/arbitrary-tree.ts';
import { FIXTURES_AT, fixturesOf, sessionIdOf, variedRequests } from '../fixtures.ts';
import { type ApiCall, NOW, type QueryServer, startQueryServer, store } from '../query-server.ts';
import { useBothQueryServers } from '../use-query-server.ts';

// The same API over a ClickHouse server and over the engine in process.

jest.setTimeout(120_000);

const body = {
  search: '',
  timeFilter: { startTimeUnixMs: FIXTURES_AT - 86_400_000, endTimeUnixMs: NOW },
  timezoneDifference: 0,
  filter: {} as unknown,
};

const names = { nameContains: '', timezoneDifference: -60 };

const CALLS: readonly ApiCall[] = [
  { path: '/v1/session/query', body },
  { path: '/v1/session/count', body },
  { path: '/v1/session/name/query', body: names },
  { path: '/v1/session/metrics/query', body: { ...names, pSize: 'p95', useInterquartile: true } },
  { path: '/v1/session/has-session' },
  { path: '/v1/request/query-clickhouse', body: { filter: {} } },
  { path: '/v1/request/count/query', body: { filter: {} } },
  { path: '/v1/request/query-ids', body: { requestIds: variedRequests('acme', 2, 0).map((row) => row.request_id) } },
  { path: `/v1/session/${encodeURIComponent(sessionIdOf(1))}` },
  { path: `/v1/session/${encodeURIComponent(sessionIdOf(1))}/requests` },
];

const both = useBothQueryServers(async (analytics) => {
  await store(analytics, fixturesOf(variedRequests('acme', 40, 0)));
  await store(analytics, fixturesOf(variedRequests('rival', 40, 10_000)));
});

/** Links to bodies begin with the address that was called. */
const withoutPort = (text: string) => text.replaceAll(/(http:\/\/127\.0\.0\.1):\d+/g, '$1');

test('every endpoint answers the same', async () => {
  for (const call of CALLS) {
    const [here, there] = await Promise.all(
      [both.inProcess, both.overHttp].map((api) => api.call({ ...call, key: 'acme:r' })),
    );
    expect(there!.json).toMatchObject({ data: expect.anything(), error: null });
    expect([there!.status, withoutPort(there!.text)]).toEqual([here!.status, withoutPort(here!.text)]);
  }
});

test('every filter finds the same sessions', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryTree(), async (filter) => {
      const call = { path: '/v1/session/query', body: { ...body, filter }, key: 'acme:r' };
      const [here, there] = await Promise.all([both.inProcess, both.overHttp].map((api) => api.call(call)));
      expect([there!.status, there!.json]).toEqual([here!.status, here!.json]);
    }),
    { numRuns: 60 },
  );
});

describe('when ClickHouse fails', () => {
  const answers = async (api: QueryServer) =>
    await Promise.all(
      CALLS.map(async (call) => {
        const { status, json } = await api.call({ ...call, key: 'acme:r' });
        return { status, error: json.error };
      }),
    );
  const all = (status: number, error: string) => CALLS.map(() => ({ status, error }));
  const UNAVAILABLE = all(503, 'The store does not answer; try again in a moment');

  test('it is down: 503, and well again when it is back', async () => {
    await both.clickhouse.kill();
    expect(await answers(both.overHttp)).toEqual(UNAVAILABLE);
    await both.clickhouse.restart();
    expect((await answers(both.overHttp)).map(({ error }) => error)).toEqual(CALLS.map(() => null));
  });

  test('it refuses the user: 503, without a word of the user', async () => {
    const analytics = connectHttpAnalytics({ url: both.clickhouse.url, username: 'nobody', password: 'x' });
    const refused = await startQueryServer(analytics);
    expect(await answers(refused)).toEqual(UNAVAILABLE);
    await refused.close();
    await analytics.close();
  });

  test.each([
    ['a query took too long', 159, 'Query timeout. Try a shorter time range or simpler filters.'],
    ['a query needed too much memory', 241, 'Query used too much memory. Try a shorter time range or simpler filters.'],
    ['too many queries run', 202, 'The store does not answer; try again in a moment'],
  ])('%s: 503 that says so', async (_, code, error) => {
    await both.clickhouse.setFault({ failNext: { count: 100, on: 'query', code } });
    expect(await answers(both.overHttp)).toEqual(all(503, error));
    await both.clickhouse.setFault({});
  });

  test('it is slow and the caller hangs up: the connection is free for the next one', async () => {
    const analytics = connectHttpAnalytics({ url: both.clickhouse.url, queryConnections: 1 });
    const narrow = await startQueryServer(analytics);
    await both.clickhouse.setFault({ queryDelayMs: 60_000 });
    const hangUp = new AbortController();
    const call = narrow.call({ path: '/v1/session/query', body, key: 'acme:r', signal: hangUp.signal });
    await waitFor(() => analytics.load.queriesRunning === 1);
    hangUp.abort();
    await expect(call).rejects.toThrow();
    await waitFor(() => analytics.load.queriesRunning === 0);
    await both.clickhouse.setFault({});
    expect((await narrow.call({ path: '/v1/session/query', body, key: 'acme:r' })).json.error).toBeNull();
    await narrow.close();
    await analytics.close();
  });
});
