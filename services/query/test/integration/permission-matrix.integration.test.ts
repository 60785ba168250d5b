import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { encodeRows } from '@throughline/analytics/tables';
import { isPublic } from '../../src/route.ts';
import { ENGINES, type EngineName, openBothEngines } from '../both-engines.ts';
import { FIXTURES_AT, fixturesOf, sessionIdOf, variedRequests } from '../fixtures.ts';
import { isOpenTo, type MatrixRoute, pathWith, ROUTES } from '../permission-matrix.ts';
import { NOW, type QueryServer, startQueryServer, store } from '../query-server.ts';
import { INVALID_KEYS, storeKeys, TENANTS_WITH_KEYS, VALID_KEYS } from '../stored-keys.ts';

// Route × permission × tenant, made from the routes themselves: one that is added is tested here at once.

jest.setTimeout(120_000);

const timeFilter = { startTimeUnixMs: FIXTURES_AT - 86_400_000, endTimeUnixMs: NOW };
/** Tried in turn until one has the shape that a route wants. */
const BODIES: readonly unknown[] = [
  {},
  { filter: 'all' },
  { timeFilter },
  { filter: 'all', timeFilter },
  { search: '', timeFilter, timezoneDifference: 0, filter: 'all' },
  { searchTerm: '' },
  { requestIds: [] },
  { name: 'mine', url: '/' },
];

/** In sessions that nobody else has one of the same id as. */
const RIVALS_REQUESTS = variedRequests('rival', 20, 10_000).map((row) => ({
  ...row,
  ...(row.session_id !== '' && { session_id: `rivals-${row.session_id}` }),
}));

/** Ids of the rival tenant, by what the path calls them. Other names stand for things that nobody has. */
const RIVALS_IDS: Readonly<Record<string, string>> = {
  sessionId: `rivals-${sessionIdOf(1)}`,
  otherSessionId: `rivals-${sessionIdOf(2)}`,
  requestId: RIVALS_REQUESTS[1]!.request_id,
  apiKeyId: 'rival-rw',
  viewId: 'rivals-view',
  webhookId: 'rivals-webhook',
};

const RIVALS_VIEW = {
  tenant_id: 'rival',
  view_id: 'rivals-view',
  name: 'theirs',
  url: '/',
  created_at: FIXTURES_AT,
  updated_at: FIXTURES_AT,
  version: 1n,
  is_deleted: 0,
} as const;

const RIVALS_WEBHOOK = {
  tenant_id: 'rival',
  webhook_id: 'rivals-webhook',
  name: 'theirs',
  destination: 'https://hooks.example/theirs',
  secret: 'whsec_theirs',
  include_data: true,
  sample_rate: 100,
  property_filters: [],
  api_origin: '',
  created_at: FIXTURES_AT,
  version: 0n,
  is_deleted: 0,
} as const;

const servers = {} as Record<EngineName, QueryServer>;
/** Queries and inserts that calls have made of each engine. */
const asked = { 'in process': 0, 'over HTTP': 0 };
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const engines = await openBothEngines();
  closing.push(() => engines.close());
  for (const engine of ENGINES) {
    const analytics = engines[engine];
    await store(analytics, fixturesOf(variedRequests('acme', 20, 0)));
    await store(analytics, fixturesOf(RIVALS_REQUESTS));
    await analytics.insert(encodeRows('views', [RIVALS_VIEW]));
    await analytics.insert(encodeRows('webhooks', [RIVALS_WEBHOOK]));
    const keys = await storeKeys(analytics);
    closing.push(() => keys.close());
    servers[engine] = await startQueryServer(counted(analytics, engine), { keys });
    closing.push(() => servers[engine].close());
  }
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

function counted(analytics: AnalyticsStore, engine: EngineName): AnalyticsStore {
  const count = () => {
    asked[engine] += 1;
  };
  return {
    insert(rows) {
      count();
      return analytics.insert(rows);
    },
    query(query) {
      count();
      return analytics.query(query);
    },
    instanceId: () => analytics.instanceId(),
    close: () => analytics.close(),
  };
}

function call(
  engine: EngineName,
  route: MatrixRoute,
  key: string | undefined,
  body: unknown = {},
  ids: Readonly<Record<string, string>> = {},
) {
  return servers[engine].call({
    method: route.method,
    path: pathWith(route, ids),
    ...(route.method !== 'GET' && { body }),
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  });
}

describe.each(ENGINES)('%s', (engine) => {
  // All of them together: an unknown key is looked for, and who calls with it waits for half a second.
  test('no route is open to those who have no key, or one that is not valid', async () => {
    const askedBefore = asked[engine];
    const refusals = await Promise.all(
      ROUTES.map(async (route) => {
        const body = route.access === 'public-login' ? { token: 'nobodys' } : {};
        const keys = [{ name: 'none', key: undefined }, ...INVALID_KEYS];
        const answers = keys.map(async ({ name, key }) => [name, (await call(engine, route, key, body)).json]);
        return [route.name, await Promise.all(answers)] as const;
      }),
    );
    expect(refusals).toEqual(
      ROUTES.map((route) => [
        route.name,
        [
          ['none', refused(route, 'No authorization header')],
          ...INVALID_KEYS.map(({ name }) => [name, refused(route, 'No API key found')]),
        ],
      ]),
    );
    expect(asked[engine]).toBe(askedBefore);
  });

  describe.each(ROUTES)('$name ($access)', (route) => {
    test('is open to the keys that it is declared for, of every tenant, and to no others', async () => {
      for (const { key, permissions, tenant, name } of VALID_KEYS) {
        const askedBefore = asked[engine];
        const { status, json } = await call(engine, route, key);
        const isOpen = isOpenTo(route, permissions);
        expect([tenant, name, status === 401]).toEqual([tenant, name, !isOpen]);
        // A call that was let in may be wrong in every other way, but is never our fault.
        expect(status).toBeLessThan(500);
        if (isOpen) continue;
        expect(json).toEqual({
          data: null,
          error: expect.stringMatching(/^This key lacks the permission `/),
          trace: 'isAuthenticated.error',
        });
        expect(asked[engine]).toBe(askedBefore);
      }
    });

    if (!route.path.includes(':')) return;
    test("answers about another tenant's id as about one that nobody has", async () => {
      const { key } = VALID_KEYS.find(
        ({ tenant, permissions }) => tenant === TENANTS_WITH_KEYS[0] && isOpenTo(route, permissions),
      )!;
      for (const body of route.hasBody ? BODIES : [undefined]) {
        const theirs = await call(engine, route, key, body, RIVALS_IDS);
        const nobodys = await call(engine, route, key, body);
        expect([theirs.status, theirs.text]).toEqual([nobodys.status, nobodys.text]);
      }
    });
  });
});

function refused(route: MatrixRoute, error: string) {
  if (!isPublic(route)) return { data: null, error, trace: 'isAuthenticated.error' };
  const sentence = route.access === 'public-login' ? 'This link has been used' : 'This link to bodies is not valid';
  return { data: null, error: expect.stringContaining(sentence) };
}

test('the ids of the rival mean something to the rival', async () => {
  const rival = VALID_KEYS.find(({ tenant, name }) => tenant === 'rival' && name === 'rw')!.key;
  const bearer = { headers: { authorization: `Bearer ${rival}` } };
  for (const path of [
    `/v1/session/${encodeURIComponent(RIVALS_IDS.sessionId!)}`,
    `/v1/request/${RIVALS_IDS.requestId}`,
  ]) {
    expect(await servers['in process'].call({ path, ...bearer })).toMatchObject({ status: 200 });
  }
  const { json } = await servers['in process'].call({ path: '/v1/api-keys', ...bearer });
  expect(json.data.map(({ id }: { id: string }) => id)).toContain(RIVALS_IDS.apiKeyId);
  const views = await servers['in process'].call({ path: '/v1/views', ...bearer });
  expect(views.json.data.map(({ id }: { id: string }) => id)).toContain(RIVALS_IDS.viewId);
  const webhooks = await servers['in process'].call({ path: '/v1/webhooks', ...bearer });
  expect(webhooks.json.data.map(({ id }: { id: string }) => id)).toContain(RIVALS_IDS.webhookId);
});
