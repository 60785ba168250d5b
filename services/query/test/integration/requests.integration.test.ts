import { describe, expect, jest, test } from '@jest/globals';
import { sampleRequestRow } from '@throughline/analytics/sample-rows';
import type { RequestRow } from '@throughline/contracts/request-row';
import { evaluateFilter } from '@throughline/filter-tree/evaluate';
import { parseFilter } from '@throughline/filter-tree/parse-filter';
import fc from 'fast-check';
import { filterTrees, onRequest, onSession } from '../filter-arbitraries.ts';
import { FIXTURES_AT, type Fixtures, fixturesOf, variedRequests } from '../fixtures.ts';
import { NOW, store } from '../query-server.ts';
import { compareText } from '../selected-sessions.ts';
import { useQueryServer } from '../use-query-server.ts';

// Hundreds of queries, on a machine that may be busy.
jest.setTimeout(300_000);

let acme: Fixtures;

const THEIR_OFFSETS = 10_000;

const api = useQueryServer(async (analytics) => {
  const varied = variedRequests('acme', 40, 0).map((row, i) => ({
    ...row,
    scores: i % 3 === 0 ? ([['quality', i]] as const) : [],
  }));
  const alone = Array.from({ length: 12 }, (_, i) =>
    sampleRequestRow(5_000 + i, {
      tenant_id: 'acme',
      session_id: '',
      session_name: '',
      model: i % 2 === 0 ? 'gpt-4o' : 'unknown',
      ordered_at: FIXTURES_AT + i * 3_600_000,
      response_at: FIXTURES_AT + i * 3_600_000 + 40,
      latency_ms: 40,
    }),
  );
  // One id of a caller's own in two sessions, and again by another tenant.
  const chosen = { request_id: 'chosen by a caller', request_id_chosen: true, tenant_id: 'acme' };
  const twice = [
    sampleRequestRow(5_101, { ...chosen, session_id: 'second', received_at: FIXTURES_AT + 2 }),
    sampleRequestRow(5_100, { ...chosen, session_id: 'first', received_at: FIXTURES_AT + 1 }),
  ];
  acme = fixturesOf([...varied, ...alone, ...twice]);
  await store(analytics, acme);
  const theirs = sampleRequestRow(THEIR_OFFSETS + 5_000, { ...chosen, tenant_id: 'rival', received_at: FIXTURES_AT });
  await store(analytics, fixturesOf([...variedRequests('rival', 40, THEIR_OFFSETS), theirs]));
});

interface Asked {
  readonly filter?: unknown;
  readonly isScored?: boolean | undefined;
  readonly [more: string]: unknown;
}

/** The requests that a body asks for, from their definition: newest first. */
function expected({ filter: tree = {}, isScored }: Asked): RequestRow[] {
  const parsed = parseFilter(tree);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const sessions = new Map(acme.sessions.map((session) => [session.session_id, session]));
  return acme.requests
    .filter((row) => isScored === undefined || row.scores.length > 0 === isScored)
    .filter((row) => evaluateFilter(parsed.filter, row, sessions.get(row.session_id), NOW))
    .toSorted(
      (a, b) =>
        b.ordered_at - a.ordered_at ||
        compareText(a.request_id, b.request_id) ||
        Number(a.source_offset) - Number(b.source_offset),
    );
}

const post = (path: string, body: object, key = 'acme:r') => api.server.call({ path, body, key });
const idsOf = (rows: readonly { request_id: string }[]) => rows.map(({ request_id }) => request_id);

async function ask(path: string, asked: Asked, status: number) {
  const answer = await post(path, { filter: {}, ...asked });
  if (answer.status !== status) throw new Error(`${answer.status} ${answer.text} for ${JSON.stringify(asked)}`);
  return answer.json.data;
}

describe('POST /v1/request/count/query', () => {
  const PATH = '/v1/request/count/query';

  test.each<Asked>([
    {},
    { isScored: true },
    { isScored: false, filter: onRequest('model', { equals: 'gpt-4o' }) },
    { filter: onSession('session_total_requests', { gte: 0 }) },
    { filter: onRequest('scores', { quality: { gte: 60 } }) },
    { limit: 0, offset: 99, sort: { cost: 'desc' } },
    { filter: onRequest('model', { equals: 'no such model' }) },
  ])('counts the requests of %j', async (asked) => {
    expect(await ask(PATH, asked, 200)).toBe(expected(asked).length);
  });

  test('counts no other tenant’s, and searches bodies for keys that may read them', async () => {
    const theirs = await post(PATH, { filter: {} }, 'rival:r');
    expect(theirs.json).toEqual({ data: variedRequests('rival', 40, THEIR_OFFSETS).length + 1, error: null });
    expect((await post(PATH, { filter: {} }, 'empty:r')).json.data).toBe(0);
    expect((await post(PATH, { filter: onRequest('response_body', { contains: 'x' }) }, 'acme:m')).status).toBe(401);
  });

  test.each([{}, { filter: null }, { filter: {}, search: '' }])('refuses %j', async (body) => {
    expect((await post(PATH, body)).status).toBe(422);
  });
});

test('list and count of requests agree with the definition for any filter', async () => {
  const scored = fc.constantFrom(undefined, undefined, true, false);
  await fc.assert(
    fc.asyncProperty(filterTrees, scored, async (filter, isScored) => {
      const asked = { filter, isScored };
      const wanted = expected(asked);
      const listed = await ask('/v1/request/query', { ...asked, limit: 1000 }, 201);
      expect(idsOf(listed)).toEqual(idsOf(wanted));
      expect(await ask('/v1/request/count/query', asked, 200)).toBe(wanted.length);
      const paged = [];
      for (let offset = 0; offset < wanted.length; offset += 60) {
        paged.push(...(await ask('/v1/request/query-clickhouse', { ...asked, limit: 60, offset }, 201)));
      }
      expect(idsOf(paged)).toEqual(idsOf(wanted));
    }),
    { numRuns: 30 },
  );
});

describe('POST /v1/request/query-ids', () => {
  const PATH = '/v1/request/query-ids';
  const theirId = () => variedRequests('rival', 1, THEIR_OFFSETS)[0]!.request_id;

  test('answers requests in the order of the ids, leaving out what it does not know', async () => {
    const [first, second, third] = [acme.requests[50]!, acme.requests[3]!, acme.requests[77]!];
    const ids = [
      first.request_id,
      'nobody',
      second.request_id,
      theirId(),
      third.request_id,
      second.request_id,
      "' OR 1",
    ];
    const { status, json } = await post(PATH, { requestIds: ids });
    expect(status).toBe(200);
    expect(idsOf(json.data)).toEqual(idsOf([first, second, third, second]));
    const { json: listed } = await post('/v1/request/query', {
      filter: onRequest('request_id', { equals: first.request_id }),
    });
    expect(json.data[0]).toEqual(listed.data[0]);
  });

  test('answers the first request of an id that was used in several sessions', async () => {
    const { json } = await post(PATH, { requestIds: ['chosen by a caller'] });
    expect(json.data).toHaveLength(1);
    expect(json.data[0].session_id).toBe('first');
  });

  test('finds every request by its id', async () => {
    const ids = [...new Set(idsOf(acme.requests))];
    const { json } = await post(PATH, { requestIds: ids });
    expect(idsOf(json.data)).toEqual(ids);
  });

  test('knows nothing of another tenant’s', async () => {
    const known = await post(PATH, { requestIds: [theirId()] }, 'rival:r');
    expect(known.json.data).toHaveLength(1);
    const [theirs, nobodys] = [await post(PATH, { requestIds: [theirId()] }), await post(PATH, { requestIds: ['x'] })];
    expect(theirs.text).toBe(nobodys.text);
    expect(theirs.json).toEqual({ data: [], error: null });
  });

  test('takes a thousand ids and refuses more, saying so', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, i) => `id ${i}`);
    expect((await post(PATH, { requestIds: ids(1000) })).json.data).toEqual([]);
    const { status, json } = await post(PATH, { requestIds: ids(1001) });
    expect([status, json.error]).toEqual([400, 'These are 1001 request ids: at most 1000 can be asked for at a time']);
    expect((await post(PATH, { requestIds: [] })).json.data).toEqual([]);
  });

  test.each([{}, { requestIds: 'x' }, { requestIds: [1] }, { requestIds: [], more: 1 }])('refuses %j', async (body) => {
    expect((await post(PATH, body)).status).toBe(422);
  });
});

describe('GET /v1/request/{id}/inputs', () => {
  const inputs = (id: string, key = 'acme:r') =>
    api.server.call({ path: `/v1/request/${encodeURIComponent(id)}/inputs`, key });

  test('answers null: a request has no stored inputs', async () => {
    const { status, json } = await inputs(acme.requests[0]!.request_id);
    expect([status, json]).toEqual([200, { data: null, error: null }]);
  });

  test('knows nothing of a request that is not there, or is not the tenant’s', async () => {
    for (const { status, json } of [await inputs('nobody'), await inputs(acme.requests[0]!.request_id, 'rival:r')]) {
      expect([status, json]).toEqual([404, { data: null, error: 'Request not found' }]);
    }
  });
});
