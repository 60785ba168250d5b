import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { RefusedError, sessionPages } from '@throughline/client/session-pages';
import { createThroughlineClient, type Schemas, type ThroughlineClient } from '@throughline/client/throughline-client';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { type Fixtures, fixturesOf, sessionIdOf, variedRequests } from '../fixtures.ts';
import { NOW, plainKey, type QueryServer, startQueryServer, store } from '../query-server.ts';

let dir: TempDir;
let analytics: AnalyticsStore;
let server: QueryServer;
let acme: Fixtures;
let client: ThroughlineClient;

beforeAll(async () => {
  dir = await createTempDir('client');
  analytics = await openEmbeddedAnalytics({ dir: dir.path });
  server = await startQueryServer(analytics);
  acme = fixturesOf(variedRequests('acme', 11, 0));
  await store(analytics, acme);
  await store(analytics, fixturesOf(variedRequests('rival', 11, 10_000)));
  client = createThroughlineClient({ baseUrl: server.url, apiKey: plainKey('acme:rw') });
});

afterAll(async () => {
  await server.close();
  await analytics.close();
  await dir.remove();
});

const all = {
  search: '',
  timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: NOW },
  timezoneDifference: 0,
  filter: 'all',
} as const;

test('takes every session once, page by page', async () => {
  const pages: (readonly Schemas['Session'][])[] = [];
  for await (const page of sessionPages(client, { ...all, limit: 4 })) pages.push(page);
  expect(pages.map((page) => page.length)).toEqual([4, 4, 3]);
  const requests = new Map(pages.flat().map((session) => [session.session_id, session.total_requests]));
  expect(requests).toEqual(new Map(acme.states.map((state) => [state.sessionId, Number(state.requests)])));
});

test('takes filters as the document describes them, and ids as they are', async () => {
  const filter: Schemas['Filter'] = {
    left: { request_response_rmt: { properties: { env: { equals: 'prod' } } } },
    operator: 'and',
    right: { request_response_rmt: { status: { gte: 400 } } },
  };
  const { data } = await client.POST('/v1/request/count/query', { body: { filter } });
  const expected = acme.requests.filter(
    (row) => row.status >= 400 && row.properties.some(([key, value]) => key === 'env' && value === 'prod'),
  );
  expect(data?.data).toBe(expected.length);
  expect(expected.length).toBeGreaterThan(0);

  // With slashes, spaces, quotes and percent signs.
  for (let i = 0; i < 5; i++) {
    const sessionId = sessionIdOf(i);
    const one = await client.GET('/v1/session/{sessionId}', { params: { path: { sessionId } } });
    expect(one.data?.data.session_id).toBe(sessionId);
  }
});

test('hands over a refusal as it came', async () => {
  const { data, error, response } = await client.GET('/v1/session/{sessionId}', {
    params: { path: { sessionId: 'nobody’s' } },
  });
  expect([data, error, response.status]).toEqual([undefined, { data: null, error: 'Session not found' }, 404]);
  const refused = sessionPages(client, { ...all, timezoneDifference: 1_441 }).next();
  await expect(refused).rejects.toThrow(RefusedError);
  await expect(refused).rejects.toMatchObject({ status: 400, message: 'Invalid timezone difference' });
});
