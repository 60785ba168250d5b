import { describe, expect, jest, test } from '@jest/globals';
import { TIME_INCREMENTS, type TimeIncrement } from '@throughline/contracts/api/metrics-query';
import type { RequestRow } from '@throughline/contracts/request-row';
import fc from 'fast-check';
import { arbitraryTree } from '../../../../packages/filter-tree/test/arbitrary-tree.ts';
import {
  ALWAYS,
  arbitraryRange,
  compareText,
  type FigureFixtures,
  groupBy,
  SEED,
  storeFigures,
  sumOf,
  usdOf,
} from '../figures.ts';
import { useQueryServer } from '../use-query-server.ts';

// Hundreds of queries, on a machine that may be busy.
jest.setTimeout(300_000);

let acme: FigureFixtures;

const api = useQueryServer(async (analytics) => {
  acme = await storeFigures(analytics);
});

async function ask(name: string, body: unknown, key = 'acme:r') {
  const path = name === 'scores' ? '/v1/dashboard/scores/query' : `/v1/metrics/${name}`;
  const answer = await api.server.call({ path, body, key });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json.data;
}

const known = (rows: readonly RequestRow[], of: (row: RequestRow) => number | null) =>
  rows.map(of).filter((value) => value !== null);
const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
const users = (rows: readonly RequestRow[]) =>
  new Set(rows.map(({ user_id }) => user_id).filter((id) => id !== '')).size;
const tokens = ({ prompt_tokens: prompt, completion_tokens: completion }: RequestRow) =>
  prompt === null && completion === null ? null : (prompt ?? 0) + (completion ?? 0);

/** What each figure means, of the requests that it is about. */
const FIGURES: Readonly<Record<string, (rows: readonly RequestRow[]) => unknown>> = {
  totalRequests: (rows) => rows.length,
  totalCost: usdOf,
  averageLatency: (rows) => mean(rows.map(({ latency_ms }) => latency_ms)),
  averageTimeToFirstToken: (rows) => mean(known(rows, ({ time_to_first_token_ms }) => time_to_first_token_ms)),
  totalThreats: (rows) => rows.filter(({ status }) => status === -4).length,
  activeUsers: users,
  averageTokensPerRequest: (rows) => ({
    average_prompt_tokens_per_response: mean(known(rows, ({ prompt_tokens }) => prompt_tokens)),
    average_completion_tokens_per_response: mean(known(rows, ({ completion_tokens }) => completion_tokens)),
    average_total_tokens_per_response: mean(known(rows, tokens)),
  }),
  country: () => [],
  models: (rows) =>
    [...groupBy(rows, ({ model }) => model)]
      .toSorted(([a, aRows], [b, bRows]) => bRows.length - aRows.length || compareText(a, b))
      .map(([model, ofModel]) => ({
        model,
        total_requests: ofModel.length,
        total_completion_tokens: sumOf(ofModel, ({ completion_tokens }) => completion_tokens),
        total_prompt_token: sumOf(ofModel, ({ prompt_tokens }) => prompt_tokens),
        total_tokens: sumOf(ofModel, tokens),
        cost: usdOf(ofModel),
      })),
};

/** What each point of a series means, of the requests in its interval. */
const SERIES: Readonly<Record<string, (rows: readonly RequestRow[]) => object>> = {
  requestOverTime: (rows) => ({ count: rows.length }),
  errorOverTime: (rows) => ({ count: rows.filter(({ is_error }) => is_error).length }),
  usersOverTime: (rows) => ({ count: users(rows) }),
  threatsOverTime: (rows) => ({ count: rows.filter(({ status }) => status === -4).length }),
  costOverTime: (rows) => ({ cost: usdOf(rows) }),
  tokensOverTime: (rows) => ({
    prompt_tokens: sumOf(rows, ({ prompt_tokens }) => prompt_tokens),
    completion_tokens: sumOf(rows, ({ completion_tokens }) => completion_tokens),
  }),
  latencyOverTime: (rows) => ({ duration: mean(rows.map(({ latency_ms }) => latency_ms)) }),
  timeToFirstToken: (rows) => ({ ttft: mean(known(rows, ({ time_to_first_token_ms }) => time_to_first_token_ms)) }),
};

/** Value of the quantile, linear between the two nearest of all. */
function quantile(values: readonly number[], at: number): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return low + (high - low) * (place - Math.floor(place));
}

/** When the interval begins that a time lies in: cut off its ISO text, back to Monday for a week. */
function bucketOf(atMs: number, increment: TimeIncrement, zoneMinutes: number): number {
  const local = new Date(atMs - zoneMinutes * 60_000);
  if (increment === 'week') local.setUTCDate(local.getUTCDate() - ((local.getUTCDay() + 6) % 7));
  const text = local.toISOString();
  const kept = { min: 16, hour: 13, day: 10, week: 10, month: 7, year: 4 }[increment];
  const start = `${text.slice(0, kept)}${'0000-01-01T00:00:00.000Z'.slice(kept)}`;
  return Date.parse(start) + zoneMinutes * 60_000;
}

interface OverTime {
  readonly timeFilter: { readonly start: string; readonly end: string };
  readonly dbIncrement: TimeIncrement;
  readonly timeZoneDifference: number;
}

/** Every interval of the range with its requests, found by looking at every minute of it. */
function intervalsOf(rows: readonly RequestRow[], { timeFilter, dbIncrement, timeZoneDifference }: OverTime) {
  const intervals = new Map<number, RequestRow[]>();
  const [from, to] = [Date.parse(timeFilter.start), Date.parse(timeFilter.end)];
  for (let at = from; at < to; at += 60_000) intervals.set(bucketOf(at, dbIncrement, timeZoneDifference), []);
  intervals.set(bucketOf(to, dbIncrement, timeZoneDifference), []);
  for (const row of rows) intervals.get(bucketOf(row.ordered_at, dbIncrement, timeZoneDifference))!.push(row);
  return [...intervals].map(([at, ofInterval]) => ({ time: new Date(at).toISOString(), rows: ofInterval }));
}

const overTime = () =>
  fc.record({
    timeFilter: arbitraryRange(acme.requests),
    dbIncrement: fc.constantFrom(...TIME_INCREMENTS),
    timeZoneDifference: fc.constantFrom(0, -60, 480, -330, 1440, -1440, 17),
  });

describe(`figures and the definition agree (FIGURES_SEED=${SEED})`, () => {
  test('in one number, and in lists, for any filter and range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(FIGURES)),
        arbitraryTree(),
        arbitraryRange(acme.requests),
        async (name, filter, timeFilter) => {
          const data = await ask(name, { filter, timeFilter });
          expect(data).toEqual(FIGURES[name]!(acme.matching(filter, timeFilter)));
        },
      ),
      { seed: SEED, numRuns: 150 },
    );
  });

  test('in series, for any filter, range, increment and zone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(SERIES)),
        arbitraryTree(),
        overTime(),
        async (name, filter, asked) => {
          const expected = intervalsOf(acme.matching(filter, asked.timeFilter), asked).map(({ time, rows }) => ({
            time,
            ...SERIES[name]!(rows),
          }));
          expect(await ask(name, { filter, ...asked })).toEqual(expected);
        },
      ),
      { seed: SEED, numRuns: 100 },
    );
  });

  test('in statuses over time, each filled', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTree(), overTime(), async (userFilter, asked) => {
        const matching = acme.matching(userFilter, asked.timeFilter);
        const statuses = [...new Set(matching.map(({ status }) => status))].sort((a, b) => a - b);
        const expected = intervalsOf(matching, asked).flatMap(({ time, rows }) =>
          statuses.map((status) => ({ time, status, count: rows.filter((row) => row.status === status).length })),
        );
        expect(await ask('requestStatusOverTime', { userFilter, ...asked })).toEqual(expected);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  test('in quantiles', async () => {
    const metrics = {
      latency: (row: RequestRow) => row.latency_ms,
      time_to_first_token: (row: RequestRow) => row.time_to_first_token_ms,
      prompt_tokens: (row: RequestRow) => row.prompt_tokens,
      completion_tokens: (row: RequestRow) => row.completion_tokens,
      total_tokens: tokens,
      cost: ({ cost_pico }: RequestRow) => (cost_pico === null ? null : Number(cost_pico) / 1e12),
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(metrics) as (keyof typeof metrics)[])),
        arbitraryTree(),
        overTime(),
        async (metric, filter, asked) => {
          const data = await ask('quantiles', { filter, metric, ...asked });
          const intervals = intervalsOf(acme.matching(filter, asked.timeFilter), asked);
          expect(data.map(({ time }: { time: string }) => time)).toEqual(intervals.map(({ time }) => time));
          for (const [index, { rows }] of intervals.entries()) {
            const values = known(rows, metrics[metric]);
            const { p75, p90, p95, p99 } = data[index];
            for (const [actual, at] of [
              [p75, 0.75],
              [p90, 0.9],
              [p95, 0.95],
              [p99, 0.99],
            ]) {
              expect(actual).toBeCloseTo(quantile(values, at), 9);
            }
          }
        },
      ),
      { seed: SEED, numRuns: 60 },
    );
  });

  test('in sums of scores', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTree(), overTime(), async (filter, asked) => {
        const expected = intervalsOf(acme.matching(filter, asked.timeFilter), asked).flatMap(({ time, rows }) => {
          const scores = rows.flatMap((row) => row.scores);
          const names = [...new Set(scores.map(([name]) => name))].sort(compareText);
          return names.map((name) => ({
            score_key: name,
            score_sum: scores.reduce((sum, score) => (score[0] === name ? sum + score[1] : sum), 0),
            created_at_trunc: time,
          }));
        });
        expect(await ask('scores', { filter, ...asked })).toEqual(expected);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  test('in how many requests there are, whenever they were', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTree(), async (filter) => {
        const ids = new Set(acme.matching(filter).map(({ request_id }) => request_id));
        expect(await ask('requestCount', { filter })).toBe(ids.size);
        expect(await ask('requestCount', { filter, isCached: 'false' })).toBe(ids.size);
        expect(await ask('requestCount', { filter, isCached: true })).toBe(0);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });
});

const asked = { filter: 'all', timeFilter: ALWAYS };
const series = { ...asked, dbIncrement: 'day', timeZoneDifference: 0 };

describe('metrics', () => {
  test('count a request at either bound', async () => {
    const { ordered_at: at } = acme.requests[7]!;
    const instant = new Date(at).toISOString();
    const there = acme.requests.filter(({ ordered_at }) => ordered_at === at).length;
    expect(await ask('totalRequests', { filter: {}, timeFilter: { start: instant, end: instant } })).toBe(there);
  });

  test('page through models', async () => {
    const all = await ask('models', { ...asked, limit: 1000 });
    expect(all).toHaveLength(4);
    expect(await ask('models', { ...asked, limit: '2', offset: 1 })).toEqual(all.slice(1, 3));
    expect(await ask('models', { ...asked, limit: 0 })).toEqual([]);
  });

  test('hold what both filters ask where both are sent', async () => {
    const errors = { request_response_rmt: { status: { gte: 400 } } };
    const ada = { request_response_rmt: { user_id: { equals: 'ada' } } };
    const points = await ask('requestOverTime', { ...series, filter: errors, userFilter: ada });
    const total = points.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    expect(total).toBe(acme.matching({ left: errors, operator: 'and', right: ada }, ALWAYS).length);
    expect(total).toBeGreaterThan(0);
  });

  test.each<[string, object, number, string]>([
    ['totalCost', { ...asked, timeFilter: { start: 'x', end: 'y' } }, 400, 'Invalid time filter'],
    ['totalThreats', { ...asked, timeFilter: { start: '2026-10-02', end: '2026-10-01' } }, 400, 'Invalid time filter'],
    ['country', { ...asked, limit: 1001 }, 400, 'invalid limit'],
    ['models', { ...asked, offset: -1 }, 400, 'unsupport offset value'],
    ['costOverTime', { ...series, dbIncrement: 'decade' }, 400, 'Invalid time increment'],
    ['costOverTime', { ...series, timeZoneDifference: 1441 }, 400, 'Invalid time zone difference'],
    [
      'threatsOverTime',
      { ...series, dbIncrement: 'min', timeFilter: { start: '2000-01-01', end: '2026-01-01' } },
      400,
      'more than 45000 points',
    ],
    ['quantiles', { ...series, metric: 'toString' }, 400, 'Invalid metric: it is one of latency,'],
    ['requestOverTime', { ...series, filter: undefined }, 422, 'requestBody.filter'],
    ['totalRequests', { timeFilter: ALWAYS }, 422, "'filter' is required"],
    ['totalRequests', { ...asked, filter: { users_view: { user_cost: { gt: 1 } } } }, 400, 'cannot be used here'],
    ['totalRequests', { ...asked, limit: 1 }, 422, 'excess property'],
  ])('refuse %s of %j', async (name, body, status, sentence) => {
    const answer = await api.server.call({ path: `/v1/metrics/${name}`, body, key: 'acme:r' });
    expect(answer.status).toBe(status);
    expect(answer.text.replaceAll('\\"', '"')).toContain(sentence);
  });

  test('do not tell what bodies say to who may not read them', async () => {
    const filter = { request_response_rmt: { request_body: { contains: 'secret' } } };
    const answer = await api.server.call({
      path: '/v1/metrics/totalRequests',
      body: { ...asked, filter },
      key: 'acme:m',
    });
    expect(answer.status).toBe(401);
  });
});
