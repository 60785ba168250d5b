import { describe, expect, test } from '@jest/globals';
import { indexedSql } from './indexed-sql.ts';
import { parseFilter } from './parse-filter.ts';
import { snapshotSql } from './snapshot-sql.ts';

const OPTIONS = { requestAlias: 'r', sessionAlias: 's', paramPrefix: 'f', nowMs: 0 };
const row = (column: string, condition: unknown) => ({ request_response_rmt: { [column]: condition } });
const session = (column: string, condition: unknown) => ({ sessions_request_response_rmt: { [column]: condition } });
const both = (left: unknown, operator: 'and' | 'or', right: unknown) => ({ left, operator, right });

function parsed(tree: unknown) {
  const result = parseFilter(tree);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.filter;
}

const model = row('model', { equals: 'gpt-4o' });
const failed = row('status', { gte: 500 });
const slow = row('latency', { gt: 1 });
const dear = session('session_total_cost', { gt: 1 });
const build = row('properties', { Build: { equals: 'B7' } });

describe('what a snapshot has to say where some request satisfies a filter', () => {
  const about = (tree: unknown) => snapshotSql(parsed(tree), OPTIONS)?.sql;

  test('a set that overflowed may hold anything', () => {
    expect(about(model)).toBe("(has(s.models, {f0:String}) OR has(s.truncated_fields, 'models'))");
    expect(about(failed)).toContain("OR has(s.truncated_fields, 'statuses')");
    expect(about(build)).toContain("startsWith(field, 'properties')");
  });

  test('an and needs one side that says something, an or both', () => {
    expect(about(both(model, 'and', slow))).toBe(`(${about(model)})`);
    expect(about(both(model, 'or', slow))).toBeUndefined();
    expect(about(both(dear, 'or', model))).toContain('s.total_cost');
  });

  test.each([
    ['a condition that a missing value satisfies', row('model', { 'not-equals': 'gpt-4o' })],
    ['the empty text', row('user_id', { equals: '' })],
    ['a column that no snapshot has', slow],
    ['the session’s own keys', row('properties', { 'Helicone-Session-Name': { equals: 'x' } })],
  ])('nothing of %s', (_, tree) => expect(about(tree)).toBeUndefined());
});

describe('what an index answers of a filter', () => {
  const about = (tree: unknown) => indexedSql(parsed(tree), OPTIONS);

  test('a property in any case of its key', () => {
    const found = about(both(build, 'and', failed));
    expect(found?.sql).toBe('(has(arrayMap(pair -> lower(pair), r.property_pairs), {f0:String}))');
    expect(found?.params).toEqual({ f0: 'build=b7' });
  });

  test('an or only where both sides are indexed', () => {
    expect(about(both(build, 'or', failed))).toBeUndefined();
    expect(about(both(build, 'or', row('user_id', { equals: 'u' })))?.sql).toContain(' OR (r.user_id = ');
  });

  test.each([
    ['a missing value', row('properties', { build: { equals: '' } })],
    ['sessions', dear],
    ['a part of a text', row('user_id', { contains: 'u' })],
  ])('nothing about %s', (_, tree) => expect(about(tree)).toBeUndefined());
});
