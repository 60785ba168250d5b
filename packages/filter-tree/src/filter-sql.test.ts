import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryTree, conditionOn, EVERYWHERE, OF_USERS } from '../test/arbitrary-tree.ts';
import { ALL, and, type Filter, leaf, NONE, or } from './filter.ts';
import { asksBodies, filterSql, levelsOf } from './filter-sql.ts';
import { parseFilter } from './parse-filter.ts';

const OPTIONS = { requestAlias: 'r', sessionAlias: 's', paramPrefix: 'f', nowMs: Date.UTC(2026, 0, 31, 12) };

function filterOf(tree: unknown): Filter {
  const parsed = parseFilter(tree, 'filter', { users: true });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.filter;
}

const request = (columns: unknown) => ({ request_response_rmt: columns });
const session = (columns: unknown) => ({ sessions_request_response_rmt: columns });

describe('the SQL of', () => {
  test.each<[string, unknown]>([
    ['everything', 'all'],
    ['a text', request({ model: { equals: 'gpt-4o' } })],
    ['a substring', request({ model: { contains: '100%' } })],
    ['no substring', request({ model: { 'not-contains': 'mini' } })],
    ['a pattern', request({ model: { like: 'gpt\\_%\\' } })],
    ['a pattern in any case', request({ model: { ilike: 'GPT%' } })],
    ['a number', request({ status: { gte: 500 } })],
    ['a fraction', request({ latency: { lt: 0.5 } })],
    ['a number that may be unknown', request({ prompt_tokens: { 'not-equals': 0 } })],
    ['a sum of numbers that may be unknown', request({ total_tokens: { gt: 100 } })],
    ['a cost', request({ cost: { gt: 2.5 } })],
    ['a time', request({ request_created_at: { gte: '2026-01-31T12:00:00.123Z' } })],
    ['a time that no column can hold', request({ request_created_at: { lt: '9999-01-01' } })],
    ['the end of a request', request({ response_created_at: { lt: '9999-01-01' } })],
    ['a property', request({ properties: { Env: { equals: 'prod' } } })],
    ['a property that the server sets', request({ properties: { 'helicone-prompt-id': { equals: 'p' } } })],
    ['the session as a property', request({ properties: { 'helicone-session-id': { equals: 's' } } })],
    ['a key', request({ property_key: { equals: 'Env' } })],
    ['a score', request({ scores: { quality: { gt: '5' } } })],
    ['feedback', request({ 'helicone-score-feedback': { equals: true } })],
    ['a constant', request({ is_passthrough_billing: { equals: false } })],
    ['an answer from the cache', request({ cached: { equals: true } })],
    ['the request that an answer was kept of', request({ cache_reference_id: { equals: 'r' } })],
    ['text in a body', request({ request_body: { contains: 'hello' } })],
    ['text that a missing body satisfies', request({ response_body: { 'not-contains': 'sorry' } })],
    ['a name of a session', session({ session_session_name: { equals: 'Course outline' } })],
    ['a text that a session without any satisfies', session({ session_user_id: { 'not-contains': 'ann' } })],
    ['a tag', session({ session_tag: { 'not-equals': 'done' } })],
    ['totals of a session', session({ session_total_cost: { gt: 1 }, session_total_tokens: { lt: 5 } })],
    ['figures of a session', session({ session_avg_latency: { gt: 1.5 }, session_success_rate: { lt: 1 } })],
    ['the duration of a session', session({ session_duration_ms: { gt: 60000 } })],
    ['feedback on a session', session({ session_feedback: { equals: false } })],
    ['a live session', session({ session_live: { equals: true } })],
    [
      'a list of values',
      {
        left: { left: request({ model: { equals: 'a' } }), operator: 'or', right: request({ model: { equals: 'b' } }) },
        operator: 'and',
        right: {
          left: session({ session_model: { equals: 'c' } }),
          operator: 'or',
          right: session({ session_model: { equals: 'd' } }),
        },
      },
    ],
    [
      'conditions on requests and sessions, mixed',
      {
        left: request({ properties: { env: { equals: 'prod' } } }),
        operator: 'and',
        right: {
          left: session({ session_total_requests: { gt: 3 } }),
          operator: 'or',
          right: request({ status: { gte: 500 } }),
        },
      },
    ],
  ])('%s', (_, tree) => {
    const { sql, params } = filterSql(filterOf(tree), OPTIONS);
    const values = Object.entries(params).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    expect(['', sql, ...values, ''].join('\n')).toMatchSnapshot();
  });

  test('nothing is 0', () => {
    expect(filterSql(NONE, OPTIONS)).toEqual({ sql: '0', params: {} });
  });
});

describe('a fragment', () => {
  const trees = fc.oneof(
    arbitraryTree([...EVERYWHERE, ...OF_USERS]),
    fc.constantFrom(...EVERYWHERE, ...OF_USERS).chain((column) => conditionOn(column)),
  );

  /** Every quoted text that the SQL may hold: all are written in this package. */
  const OWN = new Set(
    'utf8|true|referer|helicone-score-feedback|Helicone-Prompt-Id|Helicone-Prompt-Version|Helicone-Cache-Enabled|session_names|models|providers|user_ids|{}|UTC|second|00000000-0000-0000-0000-000000000000|'.split(
      '|',
    ),
  );

  test('holds no text of a caller: every value is a placeholder', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const { sql } = filterSql(filterOf(tree), OPTIONS);
        expect(sql).toMatch(/^[ -~]*$/);
        const quoted = [...sql.matchAll(/'([^']*)'/g)].map(([, text]) => text!);
        expect(quoted.filter((text) => !OWN.has(text))).toEqual([]);
        expect(sql.replace(/'[^']*'/g, '')).not.toMatch(/['"`\\;#]|--|\/\*/);
      }),
      { numRuns: 2_000 },
    );
  });

  test('has a value for every placeholder but the tenant, and no other', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const { sql, params } = filterSql(filterOf(tree), { ...OPTIONS, tenantParam: 'who' });
        const named = new Set([...sql.matchAll(/\{(\w+):[^}]*\}/g)].map(([, name]) => name!));
        named.delete('who');
        expect([...named].sort()).toEqual(Object.keys(params).sort());
      }),
      { numRuns: 1_000 },
    );
  });

  test('looks into another table only within the tenant', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const { sql } = filterSql(filterOf(tree), OPTIONS);
        for (const [, after] of sql.matchAll(/FROM \w+ FINAL WHERE ([^)]*)/g)) {
          expect(after).toMatch(/^tenant_id = \{tenant:String\} AND /);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('names its values alike whatever the aliases, so that a query may hold it twice', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const filter = filterOf(tree);
        const again = filterSql(filter, { ...OPTIONS, requestAlias: 'q', sessionAlias: 'own' });
        expect(again.params).toEqual(filterSql(filter, OPTIONS).params);
      }),
    );
  });

  test('mentions an alias only where levelsOf says so', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const filter = filterOf(tree);
        const { sql } = filterSql(filter, { ...OPTIONS, requestAlias: 'row', sessionAlias: 'own', userAlias: 'who' });
        const levels = levelsOf(filter);
        if (!levels.request) expect(sql).not.toContain('row.');
        if (!levels.session) expect(sql).not.toContain('own.');
        if (!levels.user) expect(sql).not.toContain('who.');
      }),
    );
  });
});

test('levelsOf finds the leaves wherever they are', () => {
  const row = leaf('status', 'gt', 1);
  const total = leaf('session_total_requests', 'gt', 1);
  expect(levelsOf(ALL)).toEqual({ request: false, session: false, user: false });
  expect(levelsOf(row)).toEqual({ request: true, session: false, user: false });
  expect(levelsOf(total)).toEqual({ request: false, session: true, user: false });
  expect(levelsOf(and(row, or(row, and(row, total))))).toEqual({ request: true, session: true, user: false });
});

test('asksBodies tells filters from which the text of a body could be guessed', () => {
  const status = leaf('status', 'gt', 1);
  expect(asksBodies(ALL)).toBe(false);
  expect(asksBodies(status)).toBe(false);
  expect(asksBodies(filterOf({ request: { prompt: { contains: 'x' } } }))).toBe(true);
  expect(asksBodies(and(status, or(status, leaf('response_body', 'not-equals', 'x'))))).toBe(true);
});
