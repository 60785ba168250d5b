import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLossless, setMember, stringifyLossless } from './lossless-json.ts';

test('numbers keep their digits, and members their names', () => {
  for (const text of [
    '{"seed":12345678901234567890,"temperature":1.0,"a":1e3,"b":-0,"c":[1.50,{"d":2}]}',
    '{"__proto__":{"x":1},"constructor":"c"}',
    '{"a":"\\u2028 \\ud83d\\ude00"}'.replace('\\u2028', ' '),
  ]) {
    const parsed = parseLossless(text)!;
    expect(JSON.parse(stringifyLossless(parsed))).toEqual(JSON.parse(text));
    if (!text.includes('\\u')) expect(stringifyLossless(parsed)).toBe(text);
  }
});

test('what is no object is none, and nothing makes it throw', () => {
  for (const text of ['', '[1]', '1', 'null', '"a"', '{', `${'['.repeat(200_000)}`, `{"a":${'['.repeat(50_000)}`]) {
    expect(parseLossless(text)).toBeUndefined();
  }
});

test('any JSON object comes back as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const text = JSON.stringify(object);
      expect(stringifyLossless(parseLossless(text))).toBe(text);
    }),
  );
});

test('a member of any name is a member', () => {
  const object = parseLossless('{}')!;
  setMember(object, '__proto__', { polluted: true });
  expect(stringifyLossless(object)).toBe('{"__proto__":{"polluted":true}}');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
