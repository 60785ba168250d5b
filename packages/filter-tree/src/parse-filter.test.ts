import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryTree } from '../test/arbitrary-tree.ts';
import { ALL, and, type Filter, leaf, NONE, or } from './filter.ts';
import { FILTER_BOUNDS } from './filter-bounds.ts';
import type { FilterIssue } from './filter-issue.ts';
import { parseFilter } from './parse-filter.ts';

const request = (columns: unknown) => ({ request_response_rmt: columns });
const session = (columns: unknown) => ({ sessions_request_response_rmt: columns });

function filterOf(tree: unknown): Filter {
  const parsed = parseFilter(tree);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.filter;
}

function issuesOf(tree: unknown): readonly FilterIssue[] {
  const parsed = parseFilter(tree);
  return parsed.ok ? [] : parsed.issues;
}

function issueOf(tree: unknown): FilterIssue | undefined {
  return issuesOf(tree)[0];
}

describe('nodes', () => {
  test.each([
    ['"all"', 'all'],
    ['{}', {}],
    ['an empty table', request({})],
    ['an empty column', request({ status: {} })],
    ['an empty map', request({ properties: {} })],
    ['an empty key', request({ properties: { env: {} } })],
    ['two of them joined', { left: {}, operator: 'and', right: 'all' }],
    ['one of them or anything', { left: {}, operator: 'or', right: request({ status: { equals: 200 } }) }],
  ])('%s is always true', (_, tree) => {
    expect(filterOf(tree)).toEqual(ALL);
  });

  test('a chain of one operator is one branch, however it is nested', () => {
    const status = (value: number) => request({ status: { equals: value } });
    const tree = {
      left: { left: status(1), operator: 'or', right: status(2) },
      operator: 'or',
      right: { left: status(3), operator: 'or', right: { left: status(4), operator: 'and', right: status(5) } },
    };
    const equals = (value: number) => leaf('status', 'equals', value);
    expect(filterOf(tree)).toEqual(or(equals(1), equals(2), equals(3), and(equals(4), equals(5))));
  });

  test('tables, columns, keys and operators of one leaf must all hold', () => {
    const tree = {
      ...request({ status: { gte: 200, lt: 300 }, properties: { a: { equals: '1' }, b: { contains: '2' } } }),
      ...session({ session_total_cost: { gt: 1 } }),
    };
    expect(filterOf(tree)).toEqual(
      and(
        leaf('status', 'gte', 200),
        leaf('status', 'lt', 300),
        leaf('properties', 'equals', '1', 'a'),
        leaf('properties', 'contains', '2', 'b'),
        leaf('session_total_cost', 'gt', '1.000000000000'),
      ),
    );
  });

  test('a condition that is never true takes a conjunction with it, and leaves a disjunction', () => {
    const never = request({ model: { equals: 'null' } });
    const some = request({ status: { equals: 200 } });
    expect(filterOf({ left: never, operator: 'and', right: some })).toEqual(NONE);
    expect(filterOf({ left: some, operator: 'or', right: never })).toEqual(leaf('status', 'equals', 200));
  });
});

describe('values', () => {
  test.each<[string, unknown, Filter]>([
    ['a number as text', request({ status: { equals: '200' } }), leaf('status', 'equals', 200)],
    ['a number with an exponent', request({ latency: { gt: '1e3' } }), leaf('latency', 'gt', 1000)],
    ['true as text', session({ session_live: { equals: 'true' } }), leaf('session_live', 'equals', true)],
    ['false as text', request({ cached: { equals: 'false' } }), leaf('cached', 'equals', false)],
    ['USD', request({ cost: { gt: 0.1 } }), leaf('cost', 'gt', '0.100000000000')],
    ['USD beyond 32 bits', request({ cost: { gte: 2.147483648 } }), leaf('cost', 'gte', '2.147483648000')],
    [
      'USD as text, exactly',
      request({ cost: { lt: '1234567.123456789012' } }),
      leaf('cost', 'lt', '1234567.123456789012'),
    ],
    ['a score as text', request({ scores: { quality: { equals: '5' } } }), leaf('scores', 'equals', 5, 'quality')],
    ['a score that is a flag', request({ scores: { ok: { equals: 'true' } } }), leaf('scores', 'equals', 1, 'ok')],
    ['a score of a session', session({ scores: { ok: { gt: 0 } } }), leaf('session_scores', 'gt', 0, 'ok')],
    ['a lone surrogate', request({ model: { equals: 'a\ud800' } }), leaf('model', 'equals', 'a\ufffd')],
    [
      '"null" as text of a property',
      request({ properties: { a: { equals: 'null' } } }),
      leaf('properties', 'equals', 'null', 'a'),
    ],
    ['"null" of what can be missing', request({ target_url: { equals: 'null' } }), leaf('target_url', 'equals', '')],
    [
      'not "null" of what can be missing',
      session({ session_tag: { 'not-equals': 'null' } }),
      leaf('session_tag', 'not-equals', ''),
    ],
    ['"null" of what is never missing', request({ user_id: { equals: 'null' } }), NONE],
    ['not "null" of what is never missing', request({ user_id: { 'not-equals': 'null' } }), ALL],
    ['"__empty__"', request({ user_id: { equals: '__empty__' } }), leaf('user_id', 'equals', '')],
    ['not "__empty__"', request({ user_id: { 'not-equals': '__empty__' } }), leaf('user_id', 'not-equals', '')],
    [
      '"__empty__" of a property, which is text',
      request({ properties: { a: { equals: '__empty__' } } }),
      leaf('properties', 'equals', '__empty__', 'a'),
    ],
    ['"null" inside a text', request({ user_id: { contains: 'null' } }), leaf('user_id', 'contains', 'null')],
    [
      'a key of the server in any case',
      request({ properties: { 'helicone-SESSION-id': { equals: 's' } } }),
      leaf('properties', 'equals', 's', 'Helicone-Session-Id'),
    ],
    [
      'any other key as it is',
      request({ properties: { Env: { equals: 's' } } }),
      leaf('properties', 'equals', 's', 'Env'),
    ],
    ['what no request has', request({ node_id: { 'not-equals': 'x' } }), NONE],
  ])('%s', (_, tree, filter) => {
    expect(filterOf(tree)).toEqual(filter);
  });

  const noon = Date.UTC(2026, 0, 31, 12);
  test.each([
    ['2026-01-31', noon - 12 * 3_600_000],
    ['2026-01-31T12:00', noon],
    ['2026-01-31 12:00:00', noon],
    ['2026-01-31T12:00:00Z', noon],
    ['2026-01-31T12:00:00.5Z', noon + 500],
    ['2026-01-31T12:00:00.123000', noon + 123],
    ['2026-01-31T14:30:00+02:30', noon],
    ['2026-01-31T04:00:00.000-0800', noon],
    ['2026-01-31T13:00:00+01', noon],
  ])('the time %s', (text, at) => {
    expect(filterOf(request({ request_created_at: { lt: text } }))).toEqual(leaf('request_created_at', 'lt', at));
  });

  test('a bound between two milliseconds, or two picodollars, is exact', () => {
    const time = (operator: string) =>
      filterOf(request({ request_created_at: { [operator]: '2026-01-31T12:00:00.0009Z' } }));
    expect(['gt', 'gte', 'lt', 'lte', 'equals'].map(time)).toEqual([
      leaf('request_created_at', 'gt', noon),
      leaf('request_created_at', 'gt', noon),
      leaf('request_created_at', 'lte', noon),
      leaf('request_created_at', 'lte', noon),
      NONE,
    ]);
    const cost = (operator: string) => filterOf(request({ cost: { [operator]: -1e-13 } }));
    const below = '-0.000000000001';
    expect(['gte', 'lt', 'equals', 'not-equals'].map(cost)).toEqual([
      leaf('cost', 'gt', below),
      leaf('cost', 'lte', below),
      NONE,
      or(leaf('cost', 'gt', below), leaf('cost', 'lte', below)),
    ]);
  });
});

describe('tables of older clients', () => {
  test.each<[string, string, unknown, Filter]>([
    ['request', 'id', 'x', leaf('request_id', 'equals', 'x')],
    ['request', 'created_at', '1970-01-01', leaf('request_created_at', 'equals', 0)],
    ['request', 'user_id', 'x', leaf('user_id', 'equals', 'x')],
    ['request', 'org_id', 'x', leaf('organization_id', 'equals', 'x')],
    ['request', 'model', 'x', leaf('model', 'equals', 'x')],
    ['request', 'path', 'x', leaf('path', 'equals', 'x')],
    ['request', 'prompt', 'x', leaf('request_body', 'equals', 'x')],
    ['response', 'status', 200, leaf('status', 'equals', 200)],
    ['response', 'body_tokens', 5, leaf('total_tokens', 'equals', 5)],
    ['response', 'body_model', 'x', leaf('model', 'equals', 'x')],
    ['response', 'body_completion', 'x', leaf('response_body', 'equals', 'x')],
    ['feedback', 'rating', true, leaf('helicone-score-feedback', 'equals', true)],
    ['properties', 'env', 'x', leaf('properties', 'equals', 'x', 'env')],
  ])('%s.%s is read as ours', (table, column, value, filter) => {
    expect(filterOf({ [table]: { [column]: { equals: value } } })).toEqual(filter);
  });

  test('users are asked about where the endpoint is about users', () => {
    const scope = { users: true };
    const filter = leaf('user_cost', 'gt', '1.000000000000');
    expect(parseFilter({ users_view: { user_cost: { gt: 1 } } }, 'filter', scope)).toEqual({ ok: true, filter });
    const unknown = parseFilter({ users_view: { cost: { gt: 1 } } }, 'filter', scope);
    expect(unknown).toMatchObject({ ok: false, issues: [{ code: 'invalid', path: 'filter.users_view.cost' }] });
    const inside = parseFilter({ left: { users_view: { user_cost: { gt: 1 } } }, operator: 'or', right: 'all' });
    expect(inside).toMatchObject({ ok: false, issues: [{ code: 'unsupported', path: 'filter.left.users_view' }] });
  });

  test.each([
    ['values', { x: { equals: 'y' } }, 'filter.values'],
    ['users_view', { user_cost: { gt: 1 } }, 'filter.users_view'],
    ['properties_v3', { key: { equals: 'x' } }, 'filter.properties_v3'],
    ['request', { auth_hash: { equals: 'x' } }, 'filter.request.auth_hash'],
    ['feedback', { created_at: { gt: '2026-01-01' } }, 'filter.feedback.created_at'],
    [
      'request_response_rmt',
      { search_properties: { a: { equals: 'x' } } },
      'filter.request_response_rmt.search_properties',
    ],
    [
      'request_response_rmt',
      { scores_column: { contains: 'x' } },
      'filter.request_response_rmt.scores_column.contains',
    ],
    ['request_response_rmt', { scores: { a: { contains: '1' } } }, 'filter.request_response_rmt.scores.a.contains'],
  ])('%s %j has no answer here, and says so', (table, columns, path) => {
    expect(issuesOf({ [table]: columns })).toMatchObject([{ path, code: 'unsupported' }]);
  });
});

describe('mistakes', () => {
  const status = request({ status: { equals: 200 } });
  test.each<[string, unknown, string, unknown]>([
    ['null', null, 'filter', null],
    ['another word', 'none', 'filter', 'none'],
    ['a number', 1, 'filter', 1],
    ['an array', [], 'filter', 'an array of 0'],
    ['nothing', undefined, 'filter', undefined],
    ['an unknown table', { nope: {} }, 'filter.nope', '{}'],
    ['an unknown table that objects have', { constructor: {} }, 'filter.constructor', '{}'],
    ['an unknown table named __proto__', JSON.parse('{"__proto__": {"a": 1}}'), 'filter.__proto__', '{"a"}'],
    ['an unknown column', request({ nope: {} }), 'filter.request_response_rmt.nope', '{}'],
    ['a column that objects have', request({ toString: {} }), 'filter.request_response_rmt.toString', '{}'],
    [
      'a column named __proto__',
      JSON.parse('{"request_response_rmt": {"__proto__": {}}}'),
      'filter.request_response_rmt.__proto__',
      '{}',
    ],
    [
      'a column of the other table',
      session({ status: { equals: 1 } }),
      'filter.sessions_request_response_rmt.status',
      '{"equals"}',
    ],
    ['an unknown operator', request({ status: { near: 1 } }), 'filter.request_response_rmt.status.near', 1],
    [
      'an operator of texts on a number',
      request({ status: { contains: '2' } }),
      'filter.request_response_rmt.status.contains',
      '2',
    ],
    ['an operator of numbers on a text', request({ model: { gt: 'a' } }), 'filter.request_response_rmt.model.gt', 'a'],
    [
      'an operator that never was on the wire',
      request({ model: { 'gin-contains': 'a' } }),
      'filter.request_response_rmt.model.gin-contains',
      'a',
    ],
    [
      'not-equals of a time',
      request({ request_created_at: { 'not-equals': '2026-01-01' } }),
      'filter.request_response_rmt.request_created_at.not-equals',
      '2026-01-01',
    ],
    [
      'an epoch for a time',
      request({ request_created_at: { gt: 1_700_000_000_000 } }),
      'filter.request_response_rmt.request_created_at.gt',
      1_700_000_000_000,
    ],
    [
      'an epoch as text',
      request({ request_created_at: { gt: '1700000000000' } }),
      'filter.request_response_rmt.request_created_at.gt',
      '1700000000000',
    ],
    [
      'a day that no calendar has',
      request({ request_created_at: { gt: '2026-02-30' } }),
      'filter.request_response_rmt.request_created_at.gt',
      '2026-02-30',
    ],
    ['a number for a text', request({ user_id: { equals: 5 } }), 'filter.request_response_rmt.user_id.equals', 5],
    ['a word for a number', request({ cost: { gt: 'much' } }), 'filter.request_response_rmt.cost.gt', 'much'],
    ['no digits for a number', request({ status: { gt: '' } }), 'filter.request_response_rmt.status.gt', ''],
    ['hexadecimal digits', request({ status: { gt: '0x10' } }), 'filter.request_response_rmt.status.gt', '0x10'],
    ['infinity', request({ status: { gt: '1e999' } }), 'filter.request_response_rmt.status.gt', '1e999'],
    ['yes for a boolean', request({ cached: { equals: 'yes' } }), 'filter.request_response_rmt.cached.equals', 'yes'],
    ['1 for a boolean', request({ cached: { equals: 1 } }), 'filter.request_response_rmt.cached.equals', 1],
    ['a value without operator', request({ status: 200 }), 'filter.request_response_rmt.status', 200],
    [
      'a property without operator',
      request({ properties: { env: 'prod' } }),
      'filter.request_response_rmt.properties.env',
      'prod',
    ],
    ['null for a table', { request_response_rmt: null }, 'filter.request_response_rmt', null],
    [
      'a tree for a value',
      request({ model: { equals: status } }),
      'filter.request_response_rmt.model.equals',
      '{"request_response_rmt"}',
    ],
    ['a branch without right', { left: status, operator: 'and' }, 'filter.right', undefined],
    ['a branch without operator', { left: status, right: status }, 'filter.operator', undefined],
    ['another operator of a branch', { left: 'all', operator: 'xor', right: 'all' }, 'filter.operator', 'xor'],
    ['a branch with more in it', { left: 'all', operator: 'or', right: 'all', extra: 1 }, 'filter.extra', 1],
    [
      'a mistake deep inside',
      { left: 'all', operator: 'or', right: { left: request({ cost: { gt: {} } }), operator: 'and', right: 'all' } },
      'filter.right.left.request_response_rmt.cost.gt',
      '{}',
    ],
  ])('%s is named by its path', (_, tree, path, value) => {
    const issue = issueOf(tree);
    expect(issue).toEqual({ path, value, code: 'invalid', message: issue?.message });
    expect(issue?.message).toMatch(/^Could not match the union against any of the items: /);
  });

  test('all of them are named, up to a bound', () => {
    const tree = { left: request({ a: {}, status: { equals: 'x' } }), operator: 'and', right: { nope: {} } };
    expect(issuesOf(tree).map(({ path }) => path)).toEqual([
      'filter.left.request_response_rmt.a',
      'filter.left.request_response_rmt.status.equals',
      'filter.right.nope',
    ]);
    const many = request(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`c${i}`, {}])));
    expect(issuesOf(many)).toHaveLength(20);
  });

  test('a message is short however long what is wrong with it', () => {
    const long = 'x'.repeat(1_000_000);
    for (const tree of [
      long,
      { [long]: {} },
      request({ status: { equals: long } }),
      request({ model: { [long]: long } }),
    ]) {
      expect(JSON.stringify(issuesOf(tree)).length).toBeLessThan(2_000);
    }
  });
});

describe('bounds', () => {
  const chain = (count: number, operator: (i: number) => string, node: (i: number) => unknown) => {
    let tree = node(0);
    for (let i = 1; i < count; i++) tree = { left: tree, operator: operator(i), right: node(i) };
    return tree;
  };
  const status = (i: number) => request({ status: { equals: i } });
  const alternating = (i: number) => (i % 2 === 0 ? 'and' : 'or');

  test.each<[string, unknown, unknown]>([
    [
      'levels of and within or',
      chain(FILTER_BOUNDS.levelsMax + 1, alternating, status),
      chain(FILTER_BOUNDS.levelsMax + 2, alternating, status),
    ],
    [
      'conditions of a tree',
      chain(FILTER_BOUNDS.conditionsMax, () => 'or', status),
      chain(FILTER_BOUNDS.conditionsMax + 1, () => 'or', status),
    ],
    [
      'nodes',
      chain(
        FILTER_BOUNDS.nodesMax / 2,
        () => 'and',
        () => 'all',
      ),
      chain(
        FILTER_BOUNDS.nodesMax / 2 + 1,
        () => 'and',
        () => 'all',
      ),
    ],
    [
      'characters of a value',
      request({ model: { equals: 'x'.repeat(FILTER_BOUNDS.textCharsMax) } }),
      request({ model: { equals: 'x'.repeat(FILTER_BOUNDS.textCharsMax + 1) } }),
    ],
    [
      'characters of a key',
      request({ properties: { ['x'.repeat(FILTER_BOUNDS.textCharsMax)]: { equals: '' } } }),
      request({ properties: { ['x'.repeat(FILTER_BOUNDS.textCharsMax + 1)]: { equals: '' } } }),
    ],
    [
      'bytes of query',
      chain(
        5,
        () => 'or',
        () => request({ model: { contains: 'x'.repeat(16_000) } }),
      ),
      chain(
        7,
        () => 'or',
        () => request({ model: { contains: 'x'.repeat(16_000) } }),
      ),
    ],
    [
      'conditions that look elsewhere',
      chain(
        FILTER_BOUNDS.lookupsMax,
        () => 'or',
        () => session({ session_model: { contains: 'x' } }),
      ),
      chain(
        FILTER_BOUNDS.lookupsMax + 1,
        () => 'or',
        () => session({ session_model: { contains: 'x' } }),
      ),
    ],
  ])('%s: at the bound it is read, beyond it is refused', (_, within, beyond) => {
    expect(issuesOf(within)).toEqual([]);
    expect(issuesOf(beyond)).toMatchObject([
      { code: 'limit', message: expect.stringMatching(/^The filter is too large: /) },
    ]);
  });

  test.each([10_000, 1_000_000])('a tree %i deep is refused, whichever side it hangs on', (depth) => {
    for (const side of ['left', 'right']) {
      let tree: unknown = status(0);
      for (let i = 0; i < depth; i++) tree = { left: 'all', right: 'all', operator: alternating(i), [side]: tree };
      expect(issuesOf(tree)).toMatchObject([{ code: 'limit' }]);
      let unread: unknown = 'x';
      for (let i = 0; i < depth; i++) unread = { [side]: unread };
      const issues = issuesOf(request({ model: { equals: unread }, cost: { gt: 'x' } }));
      expect(JSON.stringify(issues).length).toBeLessThan(1_000);
    }
  });

  test('an object that holds itself ends as well', () => {
    const self: Record<string, unknown> = { left: 'all', operator: 'and' };
    self.right = self;
    expect(issuesOf(self)).toMatchObject([{ code: 'limit' }]);
  });

  test('a million keys in one object are not looked at one by one', () => {
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, { equals: 'v' }]));
    expect(issuesOf(request({ properties: wide }))).toMatchObject([{ code: 'limit' }]);
    expect(issuesOf({ left: 'all', operator: 'and', right: 'all', ...wide }).length).toBeLessThanOrEqual(20);
  });
});

describe('property-based', () => {
  test('no value makes it throw', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (value) => {
          for (const tree of [value, request(value), request({ model: value }), request({ cost: { gt: value } })]) {
            const parsed = parseFilter(tree);
            if (!parsed.ok) expect(parsed.issues.length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('a valid tree with one part replaced by anything is read, or told where it is wrong', () => {
    fc.assert(
      fc.property(arbitraryTree(), fc.jsonValue(), fc.nat(), (tree, replacement, at) => {
        const parsed = parseFilter(replacePart(tree, replacement, at));
        if (!parsed.ok) for (const { path, message } of parsed.issues) expect(path + message).toMatch(/^filter/);
      }),
      { numRuns: 1_000 },
    );
  });

  test('every valid tree is read, and nothing of a filter is left to say twice', () => {
    fc.assert(
      fc.property(arbitraryTree(), (tree) => {
        const filter = filterOf(tree);
        expect(isNormal(filter, undefined)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The tree with its `at`-th object or value, counted in some fixed order, replaced. */
function replacePart(tree: unknown, replacement: unknown, at: number): unknown {
  const parts: { holder: Record<string, unknown>; key: string }[] = [];
  const copy = structuredClone({ tree }) as Record<string, unknown>;
  const visit = (holder: Record<string, unknown>) => {
    for (const key of Object.keys(holder)) {
      parts.push({ holder, key });
      const value = holder[key];
      if (typeof value === 'object' && value !== null) visit(value as Record<string, unknown>);
    }
  };
  visit(copy);
  const { holder, key } = parts[at % parts.length]!;
  holder[key] = replacement;
  return copy.tree;
}

/** No branch with fewer than two children but the one that is never true, none within its like, no `all` but alone. */
function isNormal(filter: Filter, within: 'and' | 'or' | undefined): boolean {
  if (filter.kind === 'leaf') return true;
  if (filter.kind === 'all') return within === undefined;
  if (filter.kind === within || (filter.children.length < 2 && within !== undefined)) return false;
  return filter.children.every((child) => isNormal(child, filter.kind));
}
