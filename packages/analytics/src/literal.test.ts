import { describe, expect, test } from '@jest/globals';
import type { QueryParam } from './analytics-store.ts';
import { literal } from './literal.ts';

describe('a value that is none of its type is refused', () => {
  const cases: [string, QueryParam][] = [
    ['String', 1],
    ['String', null],
    ['String', ['a']],
    ['UInt8', 256],
    ['UInt8', -1],
    ['Int8', 128],
    ['UInt64', 2 ** 53],
    ['UInt64', 1.5],
    ['UInt64', Number.NaN],
    ['UInt64', '0x10'],
    ['UInt64', '1e3'],
    ['UInt64', ''],
    ['UInt64', 2n ** 64n],
    ['Int64', -(2n ** 63n) - 1n],
    ['Int128', 2n ** 127n],
    ['Float64', '1'],
    ['Bool', 1],
    ['Date', '2026-02-30'],
    ['Date', '2026-2-3'],
    ['Date', '1969-12-31'],
    ['Date', '2149-06-07'],
    ['DateTime64(3)', 1.5],
    ['DateTime64(3)', Number.MAX_SAFE_INTEGER],
    ['DateTime64(3)', '2026-01-01T00:00:00.000Z'],
    ['DateTime64(3)', '2026-01-01 25:00:00'],
    ['DateTime64(3)', '2026-01-01 00:00:00.0001'],
    ["DateTime64(3, 'Europe/Berlin')", 0],
    ['Decimal(18, 12)', '0.0000000000001'],
    ['Decimal(18, 12)', 1_000_000],
    ['Decimal(18, 12)', Number.POSITIVE_INFINITY],
    ['Decimal(18, 12)', '1e3'],
    ['Decimal(77, 2)', 1],
    ['UUID', 'x'],
    ['Nullable(UInt8)', 'a'],
    ['Nullable(Array(UInt8))', []],
    ['Array(UInt8)', 1],
    ['Array(UInt8)', [null]],
    ['Map(String, UInt8)', [['a']]],
    ['Map(String, UInt8)', [['a', 'b', 'c']]],
    ['Map(UInt8, UInt8)', []],
    ['Identifier', 'a'],
    ['Tuple(UInt8)', [1]],
    [`String') --`, 'a'],
  ];
  test.each(cases)('%s', (type, value) => {
    expect(() => literal(type, value)).toThrow(TypeError);
  });
});

test('the message of a refusal does not repeat the value', () => {
  expect(() => literal('UInt8', 'secret')).toThrow('this string is not a value of UInt8');
});

test('nothing of a string stands outside of its quotes', () => {
  expect(literal('String', "a'b\\c\0\n")).toBe("'a\\'b\\\\c\\x00\\x0a'");
});
