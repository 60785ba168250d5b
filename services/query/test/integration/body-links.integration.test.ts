import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { sampleBodyRow, sampleRequestRow } from '@throughline/analytics/sample-rows';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { createBodyLinks } from '../../src/auth/body-link.ts';
import { onRequest } from '../filter-arbitraries.ts';
import { fixturesOf } from '../fixtures.ts';
import { NOW, type QueryServer, startQueryServer, store } from '../query-server.ts';

jest.setTimeout(120_000);

const config = { bodyUrlSecret: 'a secret of more than 32 characters' };
/** Above what a list holds, and below. */
const LARGE = { input: 'x'.repeat(300_000) };
const SMALL = { input: 'small' };

let dir: TempDir;
let analytics: AnalyticsStore;
let server: QueryServer;

/** A request of one id in each tenant, with bodies that name the tenant. */
function requestOf(tenant_id: string, offset: number, request_id: string, prompt: object | undefined) {
  const request = sampleRequestRow(offset, {
    tenant_id,
    request_id,
    session_id: 'session',
    request_bytes: prompt ? JSON.stringify(prompt).length : 0,
    response_bytes: prompt ? 20 : 0,
  });
  const { session_id, ordered_at, received_at } = request;
  const body = sampleBodyRow(offset, {
    tenant_id,
    session_id,
    ordered_at,
    received_at,
    request_id,
    request_body: Buffer.from(prompt ? JSON.stringify(prompt) : ''),
    response_body: Buffer.from(prompt ? JSON.stringify({ of: tenant_id }) : ''),
  });
  return { request, body };
}

beforeAll(async () => {
  dir = await createTempDir('query');
  analytics = await openEmbeddedAnalytics({ dir: dir.path });
  server = await startQueryServer(analytics, { config });
  const stored = [
    requestOf('acme', 1, 'large', LARGE),
    requestOf('acme', 2, 'small', SMALL),
    requestOf('acme', 3, 'none', undefined),
    requestOf('rival', 4, 'large', LARGE),
    requestOf('rival', 5, 'theirs', LARGE),
  ];
  await store(
    analytics,
    fixturesOf(
      stored.map(({ request }) => request),
      stored.map(({ body }) => body),
    ),
  );
});

afterAll(async () => {
  await server.close();
  await analytics.close();
  await dir.remove();
});

async function listed(id: string, key = 'acme:r') {
  const body = { filter: onRequest('request_id', { equals: id }) };
  return (await server.call({ path: '/v1/request/query', body, key })).json.data[0];
}

const fetched = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, json: JSON.parse(await answer.text()), headers: answer.headers };
};

test('a list leaves a large body to a link, which anybody who has it can fetch without a key', async () => {
  const row = await listed('large');
  expect(row.request_body).toEqual({ helicone_message: expect.stringContaining('bytes') });
  expect(row.response_body).toEqual({ of: 'acme' });
  expect(row.signed_body_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/request\/large\/body\?token=/);
  const { status, json, headers } = await fetched(row.signed_body_url);
  expect([status, json]).toEqual([200, { request: LARGE, response: { of: 'acme' } }]);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('throughline-as-of')).not.toBeNull();
});

test('there is no link where everything is in the answer, or there is nothing to read', async () => {
  for (const id of ['small', 'none']) expect((await listed(id)).signed_body_url).toBeNull();
  const whole = await server.call({ path: '/v1/request/large?includeBody=true', key: 'acme:r' });
  expect([whole.json.data.request_body, whole.json.data.signed_body_url]).toEqual([LARGE, null]);
  expect((await server.call({ path: '/v1/request/none', key: 'acme:r' })).json.data.signed_body_url).toBeNull();
});

test('answers without bodies link to them: one request, and the requests of a session', async () => {
  const one = await server.call({ path: '/v1/request/small', key: 'acme:r' });
  expect(one.json.data.request_body).toBeNull();
  expect((await fetched(one.json.data.signed_body_url)).json).toEqual({ request: SMALL, response: { of: 'acme' } });
  const session = await server.call({ path: '/v1/session/session/requests', key: 'acme:r' });
  const urls = session.json.data.map((row: { signed_body_url: string | null }) => row.signed_body_url);
  expect(urls.filter((url: string | null) => url === null)).toHaveLength(1);
  const byIds = await server.call({ path: '/v1/request/query-ids', body: { requestIds: ['large'] }, key: 'acme:r' });
  expect((await fetched(byIds.json.data[0].signed_body_url)).json.request).toEqual(LARGE);
});

test('a key that may not read bodies is given no link', async () => {
  for (const call of [
    { path: '/v1/request/large' },
    { path: '/v1/session/session/requests' },
    { path: '/v1/request/query', body: { filter: {} } },
    { path: '/v1/request/query-ids', body: { requestIds: ['large', 'small'] } },
  ]) {
    const { text, status } = await server.call({ ...call, key: 'acme:m' });
    expect(status).toBeLessThan(300);
    expect(text).not.toContain('token=');
  }
});

test("a link opens its own tenant's request, though another tenant's has the same id", async () => {
  const [own, theirs] = [await listed('large'), await listed('large', 'rival:r')];
  expect((await fetched(own.signed_body_url)).json.response).toEqual({ of: 'acme' });
  expect((await fetched(theirs.signed_body_url)).json.response).toEqual({ of: 'rival' });
});

test('a link to another request, changed or expired, is refused like one that nobody made', async () => {
  const url: string = (await listed('large')).signed_body_url;
  const links = createBodyLinks({ clock: { now: () => NOW - 15 * 60_000 }, config });
  const linked = { tenantId: 'acme', requestId: 'large', orderedAtMs: 0, partition: 0, offset: '1' };
  const expired = links.make(linked, { headers: { host: new URL(url).host } } as Parameters<typeof links.make>[1]);
  const answers = await Promise.all(
    [
      url.replace('/large/', '/theirs/'),
      url.replace('/large/', '/small/'),
      url.replace('/large/', '/nobody/'),
      `${url}A`,
      url.replace(/token=.*/, ''),
      expired,
    ].map(fetched),
  );
  for (const { status, json } of answers) {
    expect(status).toBe(403);
    expect(json).toEqual(answers[0]!.json);
  }
});

test('a link to a request that is not there any more finds nothing', async () => {
  const links = createBodyLinks({ clock: { now: () => NOW }, config });
  const host = new URL((await listed('large')).signed_body_url).host;
  const deleted = { tenantId: 'acme', requestId: 'deleted', orderedAtMs: NOW, partition: 0, offset: '7' };
  const url = links.make(deleted, { headers: { host } } as Parameters<typeof links.make>[1]);
  const { status, json } = await fetched(url);
  expect([status, json]).toEqual([404, { data: null, error: 'Request not found' }]);
});
