import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryTree, EVERYWHERE, OF_USERS } from '../../../../packages/filter-tree/test/arbitrary-tree.ts';
import { ALWAYS, SEED, storeFigures } from '../figures.ts';
import { useBothQueryServers } from '../use-query-server.ts';

// Properties, metrics and users over a ClickHouse server and over the engine in process.

jest.setTimeout(120_000);

const both = useBothQueryServers(async (analytics) => void (await storeFigures(analytics)));

/** Ask both, and expect of both the same. */
async function expectAlike(path: string, body: unknown): Promise<void> {
  const call = { path, body, key: 'acme:rw' };
  const [here, there] = await Promise.all([both.inProcess, both.overHttp].map((api) => api.call(call)));
  expect([path, there!.status, there!.json]).toEqual([path, 200, here!.json]);
}

const figure = { filter: 'all' as unknown, timeFilter: ALWAYS };
const series = { ...figure, dbIncrement: 'week', timeZoneDifference: -330 };
const users = { filter: 'all' as unknown, offset: 0, limit: 1000, timeZoneDifferenceMinutes: 480 };

describe(`both ways to run the engine answer alike (FIGURES_SEED=${SEED})`, () => {
  test.each<[string, object]>([
    ['property/query', {}],
    ['property/step/search', { searchTerm: 'ACME' }],
    ['property/ENV/top-costs/query', { timeFilter: ALWAYS }],
    ['property/step/top-requests/query', { timeFilter: ALWAYS }],
    ['property/properties/over-time', { ...series, propertyKey: 'build' }],
    ['metrics/totalRequests', figure],
    ['metrics/totalCost', figure],
    ['metrics/averageLatency', figure],
    ['metrics/averageTimeToFirstToken', figure],
    ['metrics/activeUsers', figure],
    ['metrics/averageTokensPerRequest', figure],
    ['metrics/models', figure],
    ['metrics/requestCount', { filter: {} }],
    ['metrics/requestStatusOverTime', { ...series, dbIncrement: 'month' }],
    ['metrics/costOverTime', { ...series, dbIncrement: 'day' }],
    ['metrics/tokensOverTime', { ...series, dbIncrement: 'hour' }],
    ['metrics/usersOverTime', { ...series, dbIncrement: 'year' }],
    ['metrics/quantiles', { ...series, metric: 'cost' }],
    ['dashboard/scores/query', series],
    ['user/metrics/query', users],
    ['user/metrics-overview/query', { filter: {}, pSize: 'p95', useInterquartile: true }],
    ['user/query', { userIds: ['ada', "it's", 'Ada'] }],
  ])('POST /v1/%s', async (path, body) => {
    await expectAlike(`/v1/${path}`, body);
  });

  test('whatever the filter', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTree(), arbitraryTree([...EVERYWHERE, ...OF_USERS]), async (filter, aboutUsers) => {
        await expectAlike('/v1/metrics/costOverTime', { ...series, filter });
        await expectAlike('/v1/user/metrics/query', { ...users, filter: aboutUsers });
      }),
      { seed: SEED, numRuns: 25 },
    );
  });

  test('when a property is hidden and shown again', async () => {
    for (const path of ['hide', 'hidden/query', 'query', 'restore', 'hidden/query', 'query']) {
      await expectAlike(`/v1/property/${path}`, path === 'hide' || path === 'restore' ? { key: "it's" } : {});
    }
    const { json } = await both.overHttp.call({ path: '/v1/property/hide', body: { key: 'env' }, key: 'acme:w' });
    expect(json).toEqual({ data: { ok: true }, error: null });
    const left = await both.overHttp.call({ path: '/v1/property/query', body: {}, key: 'acme:r' });
    expect(left.json.data).not.toContainEqual({ property: 'env' });
  });
});
