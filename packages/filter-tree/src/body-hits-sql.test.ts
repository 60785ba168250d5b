import { describe, expect, test } from '@jest/globals';
import { bodyHitsSql } from './body-hits-sql.ts';
import { parseFilter } from './parse-filter.ts';

const OPTIONS = { requestAlias: 'b', sessionAlias: 's', paramPrefix: 'f', nowMs: 0 };
const row = (column: string, condition: unknown) => ({ request_response_rmt: { [column]: condition } });
const both = (left: unknown, operator: 'and' | 'or', right: unknown) => ({ left, operator, right });

function hits(tree: unknown) {
  const result = parseFilter(tree);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return bodyHitsSql(result.filter, OPTIONS);
}

const asked = row('request_body', { contains: 'refund' });
const answered = row('response_body', { contains: 'Sorry' });
const since = row('request_created_at', { gte: '2026-09-10' });
const model = row('model', { equals: 'gpt-4o' });

describe('what bodies have to say where a request satisfies a filter', () => {
  test('text of one body, only where it was stored as text', () => {
    expect(hits(asked)).toEqual({
      sql: "(b.request_encoding = 'utf8' AND (position(upperUTF8(b.request_body), upperUTF8({f0:String})) > 0))",
      params: { f0: 'refund' },
    });
  });

  test('both bodies and the time are asked of one row, and what is not stored with them is left out', () => {
    const sql = hits(both(both(asked, 'and', model), 'and', both(answered, 'and', since)))!.sql;
    expect(sql).toContain('b.request_body');
    expect(sql).toContain(' AND (b.response_encoding');
    expect(sql).toContain('b.ordered_at >=');
    expect(sql).not.toContain('model');
  });

  test('an or says something where each of its sides does', () => {
    expect(hits(both(asked, 'or', answered))!.sql).toContain(' OR (b.response_encoding');
    expect(hits(both(asked, 'or', model))).toBeUndefined();
    expect(hits(both(answered, 'and', both(asked, 'or', model)))!.sql).toBe(`(${hits(answered)!.sql})`);
  });

  test.each([
    ['every request', 'all'],
    ['nothing about bodies', both(model, 'and', since)],
    ['a condition that a missing body satisfies', row('request_body', { 'not-contains': 'refund' })],
    ['the empty text', row('request_body', { contains: '' })],
    ['a pattern of any text', row('response_body', { ilike: '%' })],
    ['bodies, or a time at which a request may have none', both(asked, 'or', since)],
  ])('says nothing of %s', (_, tree) => {
    expect(hits(tree)).toBeUndefined();
  });

  test('a side of an or that needs no body counts where another condition does', () => {
    expect(hits(both(answered, 'and', both(asked, 'or', since)))!.sql).toContain(' OR (b.ordered_at >=');
  });
});
