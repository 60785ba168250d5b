import { describe, expect, jest, test } from '@jest/globals';
import { sampleRequestRow } from '@throughline/analytics/sample-rows';
import { encodeRows } from '@throughline/analytics/tables';
import { P_SIZES, type PSize } from '@throughline/contracts/api/session-summary';
import { picoToUsd } from '@throughline/contracts/money';
import fc from 'fast-check';
import { type HistogramRow, histogramSql, readBins } from '../../src/queries/histogram-sql.ts';
import { filterTrees, onRequest, onSession, windows } from '../filter-arbitraries.ts';
import { FIXTURES_AT, type Fixtures, fixturesOf, variedRequests } from '../fixtures.ts';
import { referenceHistogram } from '../histogram-reference.ts';
import { store } from '../query-server.ts';
import { compareText, type SelectedSession, selectedSessions } from '../selected-sessions.ts';
import { useQueryServer } from '../use-query-server.ts';

// Hundreds of queries, on a machine that may be busy.
jest.setTimeout(300_000);

let acme: Fixtures;

/** More names than a snapshot holds, one of them in other letters. */
const MANY_NAMES = Array.from({ length: 120 }, (_, i) => (i === 7 ? 'Straße 7' : `step ${i}`));

const api = useQueryServer(async (analytics) => {
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

interface Asked {
  readonly nameContains?: string;
  readonly filter?: unknown;
  readonly timeFilter?: { startTimeUnixMs: number; endTimeUnixMs: number };
  readonly [more: string]: unknown;
}

async function ask(path: string, asked: Asked, key = 'acme:r') {
  const body = { nameContains: '', timezoneDifference: 0, ...asked };
  const answer = await api.server.call({ path, body, key });
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
      { numRuns: 25 },
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
    expect((await api.server.call({ path: PATH, body, key: 'acme:r' })).status).toBe(status);
  });
});

describe('POST /v1/session/metrics/query', () => {
  const PATH = '/v1/session/metrics/query';

  /** The answer computed from the requests of the selected sessions. */
  function expectedMetrics(asked: Asked & { pSize?: PSize; useInterquartile?: boolean; nameEquals?: string }) {
    const contained = (asked.nameContains ?? '').toUpperCase();
    const selected = selectedSessions(acme, asked).filter(
      ({ names }) =>
        (contained === '' || names.some((name) => name.toUpperCase().includes(contained))) &&
        (!asked.nameEquals || names.includes(asked.nameEquals)),
    );
    const groups = selected.map((session) => requestsOf(session, asked));
    const second = (ms: number) => Math.floor(ms / 1000);
    const seconds = groups.map((rows) => {
      const times = rows.map(({ ordered_at }) => ordered_at);
      return second(Math.max(...times)) - second(Math.min(...times));
    });
    const costs = groups.map((rows) => rows.reduce((sum, { cost_pico }) => sum + (cost_pico ?? 0n), 0n));
    const cost = picoToUsd(costs.reduce((sum, each) => sum + each, 0n));
    const rows = groups.flat();
    const average = (sum: number) => [{ average: groups.length === 0 ? null : sum / groups.length }];
    const perRequest = (sum: number) => (rows.length === 0 ? null : sum / rows.length);
    const bins = (values: readonly (bigint | number)[]) => {
      const { pSize = 'p75', useInterquartile = false } = asked;
      return referenceHistogram(values.map(BigInt), pSize, useInterquartile);
    };
    return {
      bins: {
        session_count: bins(groups.map((g) => g.length)),
        session_duration: bins(seconds),
        session_cost: bins(costs),
      },
      rest: {
        average: {
          session_count: average(rows.length),
          session_duration: average(seconds.reduce((sum, each) => sum + each, 0)),
          session_cost: average(cost),
        },
        total_cost: cost,
        session_count_total: groups.length,
        avg_latency: perRequest(rows.reduce((sum, { latency_ms }) => sum + latency_ms, 0)),
        success_rate: perRequest(rows.filter(({ is_error }) => !is_error).length),
      },
    };
  }

  async function expectAgreement(asked: Parameters<typeof expectedMetrics>[0]): Promise<void> {
    const { session_count, session_duration, session_cost, ...rest } = await ask(PATH, asked);
    const { bins, rest: expectedRest } = expectedMetrics(asked);
    expect(rest).toEqual(expectedRest);
    for (const [answered, expected, unit] of [
      [session_count, bins.session_count, 1],
      [session_duration, bins.session_duration, 1],
      [session_cost, bins.session_cost, 1e-12],
    ] as const) {
      expect(answered.map(({ value }: { value: number }) => value)).toEqual(expected.map(({ count }) => count));
      expect(answered.length).toBeLessThanOrEqual(10);
      for (const [i, bin] of expected.entries()) {
        const { range_start: start, range_end: end } = answered[i];
        expect(`${start} ${end}`).toMatch(/^\d+(\.\d+)? \d+(\.\d+)?$/);
        const next = expected[i + 1];
        if (next) {
          expect(answered[i + 1].range_start).toBe(end);
          expect(Number(end)).toBeCloseTo((Number(bin.most + next.least) / 2) * unit, 11);
        } else expect(Number(end)).toBeCloseTo(Number(bin.most) * unit, 11);
        if (i === 0) expect(Number(start)).toBeCloseTo(Number(bin.least) * unit, 11);
        else expect(Number(end)).toBeGreaterThan(Number(start));
      }
    }
  }

  test.each([
    {},
    ...P_SIZES.flatMap((pSize) => [{ pSize }, { pSize, useInterquartile: true }]),
    { aggregateOver: 'matching', filter: onRequest('status', { gte: 400 }) },
    { nameContains: 'CHAT' },
    { nameContains: '%' },
    { nameEquals: 'run 3' },
    { nameEquals: 'run', pSize: 'p50' as const },
    { nameContains: 'run', nameEquals: 'Course outline' },
    { nameContains: 'straße' },
    { filter: onSession('session_total_requests', { gt: 1e9 }) },
    { timeFilter: { startTimeUnixMs: FIXTURES_AT, endTimeUnixMs: FIXTURES_AT + 1 } },
  ])('answers %j as the definition says', async (asked) => {
    await expectAgreement(asked);
  });

  test('answers nothing selected with empty histograms and averages of null', async () => {
    expect(await ask(PATH, { nameEquals: 'no such name', timezoneDifference: '60' })).toEqual({
      session_count: [],
      session_duration: [],
      session_cost: [],
      average: {
        session_count: [{ average: null }],
        session_duration: [{ average: null }],
        session_cost: [{ average: null }],
      },
      total_cost: 0,
      session_count_total: 0,
      avg_latency: null,
      success_rate: null,
    });
  });

  test('agrees with the definition for any filter, window and cut', async () => {
    const cut = fc.record({
      pSize: fc.constantFrom(...P_SIZES),
      useInterquartile: fc.boolean(),
      aggregateOver: fc.constantFrom('session', 'matching'),
      nameContains: fc.constantFrom('', '', 'RUN', 'c'),
    });
    await fc.assert(
      fc.asyncProperty(filterTrees, fc.option(windows, { nil: undefined }), cut, async (filter, timeFilter, cut) => {
        await expectAgreement({ filter, ...(timeFilter && { timeFilter }), ...cut });
      }),
      { numRuns: 40 },
    );
  });

  test('agrees with /count on the same sessions', async () => {
    const timeFilter = { startTimeUnixMs: FIXTURES_AT, endTimeUnixMs: FIXTURES_AT + 20 * 3_600_000 };
    const body = { search: '', timezoneDifference: 0, timeFilter, filter: onRequest('model', { equals: 'gpt-4o' }) };
    const { json } = await api.server.call({ path: '/v1/session/count', body, key: 'acme:r' });
    const metrics = await ask(PATH, { timeFilter, filter: body.filter });
    expect([metrics.session_count_total, metrics.total_cost]).toEqual([json.data.count, json.data.total_cost]);
    expect(metrics.average.session_count[0].average).toBe(json.data.avg_requests);
  });

  test.each([
    [{ pSize: 'p42' }, 422],
    [{ useInterquartile: 'maybe' }, 422],
    [{ timezoneDifference: -1441 }, 400],
  ])('refuses %j', async (over, status) => {
    const body = { nameContains: '', timezoneDifference: 0, ...over };
    expect((await api.server.call({ path: PATH, body, key: 'acme:r' })).status).toBe(status);
  });
});

describe('GET /v1/session/has-session', () => {
  const has = async (key: string) => (await api.server.call({ path: '/v1/session/has-session', key })).json;

  test('says whether the tenant has any, and is no session', async () => {
    expect(await has('acme:r')).toEqual({ data: true, error: null });
    expect(await has('acme:m')).toEqual({ data: true, error: null });
  });

  test('says no to a tenant that has none, or none any more, whatever others have', async () => {
    expect(await has('empty:r')).toEqual({ data: false, error: null });
    const [snapshot] = fixturesOf(variedRequests('empty', 1, 30_000)).sessions;
    await api.analytics.insert(encodeRows('sessions', [snapshot!]));
    expect(await has('empty:r')).toEqual({ data: true, error: null });
    await api.analytics.insert(
      encodeRows('sessions', [{ ...snapshot!, version: snapshot!.version + 1n, is_deleted: 1 }]),
    );
    expect(await has('empty:r')).toEqual({ data: false, error: null });
  });
});

test('divides any whole numbers into the bins that the definition gives, on the engine', async () => {
  const numbers = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 }),
    fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 200 }),
    fc.array(fc.maxSafeNat(), { maxLength: 30 }),
  );
  await fc.assert(
    fc.asyncProperty(numbers, fc.constantFrom(...P_SIZES), fc.boolean(), async (given, pSize, useInterquartile) => {
      const rows = 'SELECT arrayJoin({numbers:Array(Int64)}) AS n, -n AS below';
      const read = await api.analytics.query<{ values: string } & HistogramRow<'n' | 'below'>>({
        sql: histogramSql(rows, ['n', 'below'], { values: 'count()' }, { pSize, useInterquartile }),
        params: { numbers: given },
      });
      const values = given.map(BigInt);
      expect(read.map((row) => Number(row.values))).toEqual([given.length, given.length]);
      expect(readBins(read)).toEqual({
        n: referenceHistogram(values, pSize, useInterquartile),
        below: referenceHistogram(
          values.map((value) => -value),
          pSize,
          useInterquartile,
        ),
      });
    }),
    { numRuns: 100 },
  );
});
