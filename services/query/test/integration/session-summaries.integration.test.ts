import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { sampleRequestRow } from '@throughline/analytics/sample-rows';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import fc from 'fast-check';
import { filterTrees, onRequest, onSession, windows } from '../filter-arbitraries.ts';
import { FIXTURES_AT, type Fixtures, fixturesOf, variedRequests } from '../fixtures.ts';
import { type QueryServer, startQueryServer, store } from '../query-server.ts';
import { compareText, type SelectedSession, selectedSessions } from '../selected-sessions.ts';

// Hundreds of queries, on a machine that may be busy.
jest.setTimeout(300_000);

let dir: TempDir;
let analytics: AnalyticsStore;
let server: QueryServer;
let acme: Fixtures;

/** More names than a snapshot holds, one of them in other letters. */
const MANY_NAMES = Array.from({ length: 120 }, (_, i) => (i === 7 ? 'Straße 7' : `step ${i}`));

beforeAll(async () => {
  dir = await createTempDir('query');
  analytics = await openEmbeddedAnalytics({ dir: dir.path });
  server = await startQueryServer(analytics);
  const manyNames = MANY_NAMES.map((session_name, i) =>
    sampleRequestRow(5_000 + i, {
      tenant_id: 'acme',
      session_id: 'many names',
      session_name,
      ordered_at: FIXTURES_AT + i * 60_000,
      request_at: FIXTURES_AT + i * 60_000,
      latency_ms: i,
    }),
  );
  acme = fixturesOf([...variedRequests('acme', 60, 0), ...manyNames]);
  await store(analytics, acme);
  await store(analytics, fixturesOf(variedRequests('rival', 60, 10_000)));
});

afterAll(async () => {
  await server.close();
  await analytics.close();
  await dir.remove();
});

interface Asked {
  readonly nameContains?: string;
  readonly filter?: unknown;
  readonly timeFilter?: { startTimeUnixMs: number; endTimeUnixMs: number };
  readonly [more: string]: unknown;
}

async function ask(path: string, asked: Asked, key = 'acme:r') {
  const body = { nameContains: '', timezoneDifference: 0, ...asked };
  const answer = await server.call({ path, body, key });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text} for ${JSON.stringify(asked)}`);
  return answer.json.data;
}

/** Whose numbers are asked for. */
const requestsOf = (session: SelectedSession, asked: Asked) =>
  asked.aggregateOver === 'matching' ? session.matching : session.requests;

describe('POST /v1/session/name/query', () => {
  const PATH = '/v1/session/name/query';

  /** Names of the selected sessions with what their sessions add up to, computed from the requests. */
  function expectedNames(asked: Asked) {
    const byName = new Map<string, SelectedSession[]>();
    for (const selected of selectedSessions(acme, asked)) {
      for (const name of selected.names.length === 0 ? [''] : selected.names) {
        if (!name.toUpperCase().includes((asked.nameContains ?? '').toUpperCase())) continue;
        byName.set(name, [...(byName.get(name) ?? []), selected]);
      }
    }
    return [...byName]
      .map(([name, sessions]) => {
        const rows = sessions.flatMap((session) => requestsOf(session, asked));
        const times = rows.map(({ ordered_at }) => ordered_at);
        const first = new Date(Math.min(...times)).toISOString();
        return {
          name,
          created_at: first,
          first_used: first,
          last_used: new Date(Math.max(...times)).toISOString(),
          session_count: sessions.length,
          avg_latency: rows.reduce((sum, { latency_ms }) => sum + latency_ms, 0) / rows.length,
        };
      })
      .sort((a, b) => compareText(b.last_used, a.last_used) || compareText(a.name, b.name));
  }

  test('counts each session under each of its names, last used first, those without any under the empty one', async () => {
    const names = await ask(PATH, { limit: 1000 });
    expect(names).toEqual(expectedNames({}));
    expect(names.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['', ...MANY_NAMES]));
    expect(await ask(PATH, { limit: 1000, pSize: 'p95', useInterquartile: 'true' })).toEqual(names);
  });

  test.each<Asked>([
    { nameContains: 'RUN' },
    { nameContains: 'strasse' },
    { nameContains: 'STRASSE' },
    { nameContains: '%' },
    { nameContains: '/chat' },
    { nameContains: 'no such name' },
    { nameContains: 'step 11', filter: onSession('session_session_name', { equals: 'step 119' }) },
    { nameContains: 'step', aggregateOver: 'matching', filter: onRequest('latency', { gte: 110 }) },
    { timeFilter: { startTimeUnixMs: FIXTURES_AT - 1, endTimeUnixMs: FIXTURES_AT + 1 } },
    { timeFilter: { startTimeUnixMs: FIXTURES_AT, endTimeUnixMs: FIXTURES_AT } },
    { timeFilter: { startTimeUnixMs: -1e300, endTimeUnixMs: 1e300 } },
  ])('honours %j', async (asked) => {
    expect(await ask(PATH, { ...asked, limit: 1000 })).toEqual(expectedNames(asked));
  });

  test('agrees with the definition for any filter and window, over whole sessions and matching requests', async () => {
    await fc.assert(
      fc.asyncProperty(filterTrees, fc.option(windows, { nil: undefined }), async (filter, timeFilter) => {
        for (const aggregateOver of ['session', 'matching']) {
          const asked = { filter, timeFilter, aggregateOver };
          expect(await ask(PATH, { ...asked, limit: 1000 })).toEqual(expectedNames(asked));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('pages by offset, and clamps what is out of range', async () => {
    const whole = await ask(PATH, { limit: 1000 });
    const paged = [];
    for (let offset = 0; offset < whole.length; offset += 9) paged.push(...(await ask(PATH, { limit: 9, offset })));
    expect(paged).toEqual(whole);
    expect(await ask(PATH, { limit: 0, offset: -3 })).toEqual(whole.slice(0, 50));
  });

  test.each([
    [60, '-01:00'],
    [-330, '+05:30'],
  ])('subtracts %i minutes and names the offset %s', async (timezoneDifference, offset) => {
    const plain = await ask(PATH, { limit: 1000 });
    const shifted = await ask(PATH, { limit: 1000, timezoneDifference });
    for (const field of ['created_at', 'first_used', 'last_used']) {
      const instants = (rows: Record<string, string>[]) => rows.map((row) => Date.parse(row[field]!));
      expect(shifted.every((row: Record<string, string>) => row[field]!.endsWith(offset))).toBe(true);
      expect(instants(shifted)).toEqual(instants(plain));
    }
  });

  test('answers a tenant from its own data alone', async () => {
    const theirs = await ask(PATH, { limit: 1000 }, 'rival:r');
    expect(theirs.map(({ name }: { name: string }) => name)).not.toContain('step 1');
    expect(await ask(PATH, { limit: 1000 }, 'rival:r')).not.toEqual(await ask(PATH, { limit: 1000 }));
  });

  test.each([
    [{ timezoneDifference: 1441 }, 400],
    [{ nameContains: null }, 422],
    [{ nameContains: undefined }, 422],
    [{ filter: null }, 422],
    [{ search: '' }, 422],
    [{ pSize: 'p42' }, 422],
  ])('refuses %j', async (over, status) => {
    const body = { nameContains: '', timezoneDifference: 0, ...over };
    expect((await server.call({ path: PATH, body, key: 'acme:r' })).status).toBe(status);
  });
});
