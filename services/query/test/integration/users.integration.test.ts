import { describe, expect, jest, test } from '@jest/globals';
import { P_SIZES } from '@throughline/contracts/api/session-summary';
import { USER_SORT_KEYS } from '@throughline/contracts/api/user-query';
import type { RequestRow } from '@throughline/contracts/request-row';
import { evaluateFilter, type UserFacts } from '@throughline/filter-tree/evaluate';
import { parseFilter } from '@throughline/filter-tree/parse-filter';
import fc from 'fast-check';
import {
  arbitraryTree,
  conditionOn,
  EVERYWHERE,
  OF_USERS,
} from '../../../../packages/filter-tree/test/arbitrary-tree.ts';
import { histogramAnswer } from '../../src/render/histogram-answer.ts';
import { compareText, type FigureFixtures, groupBy, SEED, storeFigures, sumOf, usdOf } from '../figures.ts';
import { FIXTURES_AT } from '../fixtures.ts';
import { referenceHistogram } from '../histogram-reference.ts';
import { NOW } from '../query-server.ts';
import { useQueryServer } from '../use-query-server.ts';

// Hundreds of queries, on a machine that may be busy.
jest.setTimeout(300_000);

const DAY_MS = 86_400_000;

let acme: FigureFixtures;

const api = useQueryServer(async (analytics) => {
  acme = await storeFigures(analytics, (row, index) => ({
    ...row,
    // Users enough for pages, some of whom no more than a space or a letter's case tells apart.
    user_id: row.user_id === 'grace' ? `user ${index % 23}` : row.user_id,
  }));
});

async function ask(path: string, body: unknown, key = 'acme:r') {
  const answer = await api.server.call({ path: `/v1/user/${path}`, body, key });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text} for ${JSON.stringify(body)}`);
  return answer.json.data;
}

interface Asked {
  readonly filter: unknown;
  readonly timeFilter?: { readonly startTimeUnixSeconds: number; readonly endTimeUnixSeconds: number };
  readonly timeZoneDifferenceMinutes?: number;
}

type User = UserFacts & { readonly rows: readonly RequestRow[] };

/** Who is selected, with what their requests come to, as the definition says. */
function selected({ filter: tree, timeFilter, timeZoneDifferenceMinutes = 0 }: Asked): User[] {
  const sessions = new Map(acme.sessions.map((session) => [session.session_id, session]));
  const within = ({ ordered_at: at }: RequestRow) =>
    timeFilter === undefined ||
    (at >= timeFilter.startTimeUnixSeconds * 1000 && at <= timeFilter.endTimeUnixSeconds * 1000);
  const counted = acme.matching(withoutUsers(tree)).filter((row) => row.user_id !== '' && within(row));
  const parsed = parseFilter(tree, 'filter', { users: true });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const localDay = ({ ordered_at: at }: RequestRow) => Math.floor((at - timeZoneDifferenceMinutes * 60_000) / DAY_MS);
  return [...groupBy(counted, ({ user_id }) => user_id)].flatMap(([userId, rows]) => {
    const user: User = {
      rows,
      user_id: userId,
      active_days: new Set(rows.map(localDay)).size,
      first_active: Math.min(...rows.map(({ ordered_at }) => ordered_at)),
      last_active: Math.max(...rows.map(({ ordered_at }) => ordered_at)),
      requests: rows.length,
      prompt_tokens: BigInt(sumOf(rows, ({ prompt_tokens }) => prompt_tokens)),
      completion_tokens: BigInt(sumOf(rows, ({ completion_tokens }) => completion_tokens)),
      cost_pico: rows.reduce((sum, { cost_pico }) => sum + (cost_pico ?? 0n), 0n),
    };
    const isSelected = rows.some((row) => evaluateFilter(parsed.filter, row, sessions.get(row.session_id), NOW, user));
    return isSelected ? [user] : [];
  });
}

/** A tree with its conditions about users taken as true, except those that no value ever makes true. */
function withoutUsers(tree: unknown): unknown {
  if (typeof tree !== 'object' || tree === null) return tree;
  if ('operator' in tree) {
    const { left, operator, right } = tree as { left: unknown; operator: string; right: unknown };
    return { left: withoutUsers(left), operator, right: withoutUsers(right) };
  }
  const { users_view: asked, ...others } = tree as Record<string, unknown>;
  return asked !== undefined && isNever({ users_view: asked }) ? NOBODY : others;
}

/** Such as a cost that equals more decimals than costs have: the parser knows that nothing does. */
function isNever(tree: unknown): boolean {
  const parsed = parseFilter(tree, 'filter', { users: true });
  return parsed.ok && parsed.filter.kind === 'or' && parsed.filter.children.length === 0;
}

/** Requests without a user are not counted. */
const NOBODY = { request_response_rmt: { user_id: { equals: '' } } };

/** A user's row of an answer. */
function answerOf(user: User): Record<string, unknown> {
  const tokens = Number(user.prompt_tokens + user.completion_tokens);
  return {
    id: user.user_id,
    user_id: user.user_id,
    active_for: user.active_days,
    first_active: new Date(user.first_active).toISOString(),
    last_active: new Date(user.last_active).toISOString(),
    total_requests: user.requests,
    average_requests_per_day_active: user.requests / user.active_days,
    average_tokens_per_request: tokens / user.requests,
    total_completion_tokens: Number(user.completion_tokens),
    total_prompt_tokens: Number(user.prompt_tokens),
    cost: usdOf(user.rows),
    rate_limited_count: user.rows.filter(({ status }) => status === 429).length,
    total_errors: user.rows.filter(({ is_error }) => is_error).length,
    total_sessions: new Set(user.rows.flatMap(({ session_id }) => session_id || [])).size,
  };
}

type Value = string | number;

/** In the order of a key, equal ones by id. */
function inOrder(rows: Record<string, unknown>[], by: string, direction: 'asc' | 'desc'): Record<string, unknown>[] {
  const compare = (a: Value, b: Value) => (typeof a === 'string' ? compareText(a, b as string) : a - (b as number));
  const sign = direction === 'asc' ? 1 : -1;
  return rows.toSorted(
    (a, b) => sign * compare(a[by] as Value, b[by] as Value) || compareText(a.user_id as string, b.user_id as string),
  );
}

const page = { offset: 0, limit: 1000 };

const users = (column: string, condition: unknown) => ({ users_view: { [column]: condition } });
const request = (column: string, condition: unknown) => ({ request_response_rmt: { [column]: condition } });
const both = (left: unknown, operator: 'and' | 'or', right: unknown) => ({ left, operator, right });

/** Conditions that divide the users of the fixtures, by most columns of `users_view`. */
const DIVIDING: readonly unknown[] = [
  users('user_user_id', { contains: 'USER 1' }),
  users('user_user_id', { 'not-equals': 'ada' }),
  users('user_active_for', { gte: 2 }),
  users('user_first_active', { lt: new Date(FIXTURES_AT + 8 * 3_600_000).toISOString() }),
  users('user_last_active', { gte: new Date(FIXTURES_AT + 20 * 3_600_000).toISOString() }),
  users('user_total_requests', { gt: 2 }),
  users('user_average_requests_per_day_active', { lte: 1.5 }),
  users('user_average_tokens_per_request', { gt: 1200.5 }),
  users('user_total_completion_tokens', { lt: 500 }),
  users('user_total_prompt_tokens', { gte: 1500 }),
  users('user_cost', { gt: 0.02, lte: 0.2 }),
  request('model', { equals: 'gpt-4o' }),
  request('status', { gte: 400 }),
  request('properties', { ENV: { equals: 'prod' } }),
  { sessions_request_response_rmt: { session_total_requests: { gt: 3 } } },
];

const trees = fc.oneof(
  arbitraryTree([...EVERYWHERE, ...OF_USERS, ...OF_USERS]),
  fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...DIVIDING),
      fc.record({ left: tie('tree'), operator: fc.constantFrom('and', 'or'), right: tie('tree') }),
    ),
  })).tree,
);

const windows = fc.option(
  fc
    .tuple(fc.integer({ min: -2, max: 40 }), fc.integer({ min: -2, max: 40 }))
    .map(([a, b]) => [a, b].map((hours) => (FIXTURES_AT + hours * 3_600_000) / 1000) as [number, number])
    .map(([a, b]) => ({ startTimeUnixSeconds: Math.min(a, b), endTimeUnixSeconds: Math.max(a, b) })),
  { nil: undefined },
);

describe(`users and the definition agree (FIGURES_SEED=${SEED})`, () => {
  test('on any filter, window, zone, order and page', async () => {
    let divided = 0;
    const everybody = selected({ filter: 'all' }).length;
    await fc.assert(
      fc.asyncProperty(
        trees,
        windows,
        fc.constantFrom(undefined, 0, -120, 480),
        fc.constantFrom(...USER_SORT_KEYS),
        fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
        async (filter, timeFilter, timeZoneDifferenceMinutes, by, direction) => {
          const asked = { filter, timeFilter, timeZoneDifferenceMinutes };
          const expected = inOrder(selected(asked).map(answerOf), by, direction);
          if (expected.length > 0 && expected.length < everybody) divided++;
          const whole = await ask('metrics/query', { ...asked, ...page, sort: { [by]: direction } });
          expect(whole).toEqual({ users: expected, count: expected.length, hasUsers: true });
          const part = await ask('metrics/query', { ...asked, offset: 2, limit: 3, sort: { [by]: direction } });
          expect(part).toEqual({ users: expected.slice(2, 5), count: expected.length, hasUsers: true });
        },
      ),
      { seed: SEED, numRuns: 60 },
    );
    // Filters that select nobody, or everybody, would prove nothing.
    expect(divided).toBeGreaterThan(12);
  });

  test('on every column with its operators', async () => {
    for (const column of OF_USERS) {
      for (const filter of fc.sample(conditionOn(column), { seed: SEED, numRuns: 8 })) {
        const { users: found } = await ask('metrics/query', { filter, ...page, sort: { user_id: 'asc' } });
        expect(found).toEqual(inOrder(selected({ filter }).map(answerOf), 'user_id', 'asc'));
      }
    }
  });

  test('on how requests and cost are distributed', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.constantFrom(...P_SIZES), fc.boolean(), async (filter, pSize, useInterquartile) => {
        const figures = selected({ filter });
        const binsOf = (values: bigint[]) => referenceHistogram(values, pSize, useInterquartile);
        expect(await ask('metrics-overview/query', { filter, pSize, useInterquartile })).toEqual({
          request_count: histogramAnswer(binsOf(figures.map(({ requests }) => BigInt(requests)))),
          user_cost: histogramAnswer(binsOf(figures.map(({ cost_pico }) => cost_pico)), 12),
        });
      }),
      { seed: SEED, numRuns: 25 },
    );
  });
});

describe('POST /v1/user/metrics/query', () => {
  const idsOf = async (filter: unknown) => {
    const { users: found } = await ask('metrics/query', { filter, ...page });
    return found.map(({ user_id }: { user_id: string }) => user_id) as string[];
  };

  test('lists who was active last first, and knows nobody without an id', async () => {
    const ids = await idsOf('all');
    expect(ids).toEqual(inOrder(selected({ filter: {} }).map(answerOf), 'last_active', 'desc').map(({ id }) => id));
    expect(ids).toContain('Ada');
    expect(ids).not.toContain('');
  });

  test('counts the requests that match where a filter asks for both, and all where it asks for either', async () => {
    const errors = request('status', { equals: 429 });
    const often = users('user_total_requests', { gte: 3 });
    for (const { user_id, total_requests, rate_limited_count } of (
      await ask('metrics/query', { filter: both(errors, 'and', often), ...page })
    ).users) {
      expect([user_id, total_requests]).toEqual([user_id, rate_limited_count]);
      expect(total_requests).toBeGreaterThanOrEqual(3);
    }
    const either = await idsOf(both(errors, 'or', often));
    expect(new Set(either)).toEqual(new Set([...(await idsOf(errors)), ...(await idsOf(often))]));
  });

  test('counts users also where the page is empty, and says when a tenant has none', async () => {
    const count = selected({ filter: 'all' }).length;
    const behind = await ask('metrics/query', { filter: 'all', offset: 1000, limit: '10' });
    expect(behind).toEqual({ users: [], count, hasUsers: true });
    expect(await ask('metrics/query', { filter: 'all', offset: 0, limit: 0 })).toEqual({ ...behind });
    const nobody = request('user_id', { equals: 'nobody' });
    expect(await ask('metrics/query', { filter: nobody, ...page })).toEqual({ users: [], count: 0, hasUsers: true });
  });

  test('bounds the window inclusively', async () => {
    const { ordered_at: at, user_id: id } = acme.requests.find(({ user_id }) => user_id !== '')!;
    const timeFilter = { startTimeUnixSeconds: at / 1000, endTimeUnixSeconds: at / 1000 };
    const { users: found } = await ask('metrics/query', {
      filter: users('user_user_id', { equals: id }),
      timeFilter,
      ...page,
    });
    expect(found).toMatchObject([{ user_id: id, first_active: new Date(at).toISOString() }]);
  });

  test.each<[object, number, string]>([
    [{ limit: 1001 }, 400, 'Limit cannot be greater than 1000'],
    [{ limit: -1 }, 400, 'invalid limit'],
    [{ offset: -1 }, 400, 'unsupport offset value'],
    [{ timeZoneDifferenceMinutes: 1441 }, 400, 'Invalid time zone difference'],
    [{ sort: { name: 'asc' } }, 422, 'requestBody.sort'],
    [{ filter: users('user_name', { equals: 'x' }) }, 422, 'users_view has no column'],
    [{ limit: undefined }, 422, "'limit' is required"],
  ])('refuses %j', async (over, status, sentence) => {
    const body = { filter: 'all', ...page, ...over };
    const answer = await api.server.call({ path: '/v1/user/metrics/query', body, key: 'acme:r' });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(sentence);
  });
});

describe('POST /v1/user/query', () => {
  const rowsOf = (asked: Asked) =>
    inOrder(selected(asked).map(answerOf), 'total_requests', 'desc').map((user) => ({
      user_id: user.user_id,
      count: user.total_requests,
      prompt_tokens: user.total_prompt_tokens,
      completion_tokens: user.total_completion_tokens,
      cost: user.cost,
    }));

  test('lists who made most requests first', async () => {
    expect(await ask('query', {})).toEqual(rowsOf({ filter: 'all' }));
  });

  test('knows the users asked for, and of an empty list none', async () => {
    const filter = both(request('user_id', { equals: 'ada' }), 'or', request('user_id', { equals: 'user 3' }));
    expect(await ask('query', { userIds: ['ada', 'user 3', 'nobody', "'; --"] })).toEqual(rowsOf({ filter }));
    expect(await ask('query', { userIds: [] })).toEqual([]);
  });

  test('bounds the window inclusively, in seconds', async () => {
    const { ordered_at: at } = acme.requests.find(({ user_id }) => user_id !== '')!;
    const timeFilter = { startTimeUnixSeconds: at / 1000, endTimeUnixSeconds: at / 1000 + 3600 };
    expect(await ask('query', { timeFilter })).toEqual(rowsOf({ filter: 'all', timeFilter }));
  });

  test('refuses more ids than a query takes', async () => {
    const many = await api.server.call({
      path: '/v1/user/query',
      body: { userIds: Array(1001).fill('x') },
      key: 'acme:r',
    });
    expect(many.status).toBe(422);
    const long = Array.from({ length: 100 }, (_, i) => String(i).padStart(2000, '\0'));
    const large = await api.server.call({ path: '/v1/user/query', body: { userIds: long }, key: 'acme:r' });
    expect([large.status, large.json.error]).toEqual([400, expect.stringContaining('userIds come to')]);
  });
});
