import { describe, expect, test } from '@jest/globals';
import { literal } from '../literal.ts';
import { parseParamType } from '../param-type.ts';
import { bindParams, boundText } from './bind-params.ts';

describe('binding', () => {
  test('leaves placeholders in the SQL and values out of it', () => {
    const { sql, params } = bindParams("SELECT {a:String}, '{a:String}', { n : UInt8 } -- {n:UInt8}", {
      a: "x'",
      n: 7,
    });
    expect(sql).toBe("SELECT {a:String}, '{a:String}', {n:UInt8} -- {n:UInt8}");
    expect(Object.fromEntries(params)).toEqual({ a: "x'", n: '7' });
  });

  test('writes times with their zone, since a server has its own', () => {
    const { sql, params } = bindParams('SELECT {t:DateTime64(3)}', { t: 0 });
    expect(sql).toBe("SELECT {t:DateTime64(3, 'UTC')}");
    expect(params.get('t')).toBe('1970-01-01 00:00:00.000');
  });

  test('names a value twice that is used as two types', () => {
    const { sql, params } = bindParams('{a:String} {a:Nullable(String)} {a:String} {p0:UInt8}', { a: 'x\ty', p0: 1 });
    expect(sql).toBe('{a:String} {p1:Nullable(String)} {a:String} {p0:UInt8}');
    expect(Object.fromEntries(params)).toEqual({ a: 'x\\ty', p1: 'x\\ty', p0: '1' });
  });

  test('puts values into the SQL that are too long for an URL', () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => `session-${i}`);
    const { sql, params } = bindParams('SELECT {ids:Array(String)}, {n:UInt8}', { ids, n: 1 });
    expect(params.size).toBe(0);
    expect(sql).toBe(`SELECT ${literal('Array(String)', ids)}, ${literal('UInt8', 1)}`);
  });

  test('refuses what literals refuse', () => {
    for (const params of [{}, { n: 256 }, { n: 'x' }] as Record<string, string>[]) {
      expect(() => bindParams('SELECT {n:UInt8}', params)).toThrow(expect.objectContaining({ code: 'rejected' }));
    }
    expect(() => bindParams('SELECT {n:Identifier}', { n: 'x' })).toThrow('Identifier');
  });
});

test.each([
  ['String', "a'b\\c\td\ne\rf\0g", "a'b\\\\c\\td\\ne\\rf\\0g"],
  ['Nullable(String)', null, '\\N'],
  ['Nullable(String)', '\\N', '\\\\N'],
  ['LowCardinality(Nullable(String))', null, '\\N'],
  ['Array(Nullable(String))', [null, "a'b", '\\'], "[NULL,'a\\'b','\\\\']"],
  ['Map(String, Array(UInt8))', [['a', [1, 2]]], "{'a':[1,2]}"],
] as const)('%s %p is written %p', (type, value, text) => {
  expect(boundText(parseParamType(type), value as never)).toBe(text);
});
