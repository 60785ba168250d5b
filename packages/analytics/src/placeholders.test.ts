import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AnalyticsError } from './analytics-store.ts';
import { literal } from './literal.ts';
import { fillPlaceholders, scanSql } from './placeholders.ts';

const marked = (sql: string, params: Record<string, string | number>) =>
  fillPlaceholders(sql, params, (type, value) => `<${type}|${value}>`);

const refusal = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error instanceof AnalyticsError ? error.code : error;
  }
  return 'accepted';
};

describe('finding placeholders', () => {
  test('replaces each by its value, and the same one as often as it stands there', () => {
    expect(marked('SELECT {a:String}, { b : Array(Nullable(UInt8)) } + {a:String}', { a: 'x', b: 1 })).toBe(
      'SELECT <String|x>, <Array(Nullable(UInt8))|1> + <String|x>',
    );
    expect(marked("{t:DateTime64(3, 'UTC')}{u:Map(String, Float64)}", { t: 1, u: 2 })).toBe(
      "<DateTime64(3, 'UTC')|1><Map(String, Float64)|2>",
    );
  });

  test.each([
    `SELECT '{a:String}'`,
    `SELECT 'it''s {a:String}'`,
    `SELECT '\\'{a:String}'`,
    `SELECT '\\\\', "{a:String}" AS x, \`{a:String}\``,
    `SELECT 1 -- {a:String}`,
    `SELECT 1 -- it's {a:String}\n`,
    `SELECT /* {a:String} ' */ 1`,
    `SELECT format('{0}', 'x')`,
  ])('leaves quotes and comments alone: %s', (sql) => {
    expect(scanSql(sql).placeholders).toEqual([]);
    expect(marked(sql, {})).toBe(sql);
  });

  test('goes on behind quotes and comments', () => {
    expect(marked(`SELECT '\\\\', {a:String} /* ' */, {a:String} -- '\n, {a:String}`, { a: '1' })).toBe(
      `SELECT '\\\\', <String|1> /* ' */, <String|1> -- '\n, <String|1>`,
    );
  });

  test.each([
    'SELECT {a}',
    'SELECT {a:}',
    "SELECT {'a': 1}",
    'SELECT {1a:String}',
    'SELECT }',
    "SELECT 'open",
    'SELECT "open\\"',
    'SELECT /* open',
    'SELECT /* a /* b */ c */ 1',
    'SELECT 1; SELECT 2',
    'SELECT $tag$ {a:String} $tag$',
    'SELECT 1 # comment',
    'SELECT ‘a’',
    'SELECT 1 SETTINGS max_execution_time = 0',
    'SELECT 1 format JSON',
    "SELECT 1 INTO OUTFILE 'x'",
  ])('refuses what it could misread or what is not the query to say: %s', (sql) => {
    expect(refusal(() => scanSql(sql))).toBe('rejected');
  });

  test('refuses a parameter without a value, also one named like a method of objects', () => {
    expect(refusal(() => marked('SELECT {a:String}', {}))).toBe('rejected');
    expect(refusal(() => marked('SELECT {toString:String}', {}))).toBe('rejected');
    expect(refusal(() => marked('SELECT {__proto__:String}', {}))).toBe('rejected');
  });

  test('refuses a type that would let a value become SQL', () => {
    expect(refusal(() => fillPlaceholders('SELECT {a:Identifier}', { a: 'x' }, literal))).toBe('rejected');
  });

  test('whatever a value holds, the query around it stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const filled = fillPlaceholders('SELECT {a:String}, {b:String} -- end', { a, b }, literal);
        // Read as SQL again, it holds no placeholder, and its two strings are closed.
        const { placeholders } = scanSql(filled);
        expect(placeholders).toEqual([]);
        expect(filled.endsWith(' -- end')).toBe(true);
      }),
    );
  });
});
