import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { topLevelScalars } from './top-level-scalars.ts';

const WANTED = new Set(['model', 'user', 'stream', '_type', '__proto__']);

/** Keys and texts that a scanner by hand gets wrong when it gets anything wrong. */
const key = fc.oneof(
  fc.constantFrom('model', 'user', 'stream', '_type', '__proto__', 'mo\\del', 'a"model', ''),
  fc.string({ unit: 'binary' }),
);
const text = fc.oneof(fc.constantFrom('\\', '\\"', '"model":"x"', '{"model":"y"}', ',]}'), fc.string());
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, text, fc.boolean(), fc.double(), fc.constant(null), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 4 }),
  object: fc.dictionary(key, tie('any'), { maxKeys: 4, noNullPrototype: false }),
})).any;

function expected(json: string): Map<string, string | boolean | null> {
  const found = new Map<string, string | boolean | null>();
  for (const [name, member] of Object.entries(JSON.parse(json) as object)) {
    if (!WANTED.has(name)) continue;
    found.set(name, typeof member === 'string' || typeof member === 'boolean' ? member : null);
  }
  return found;
}

const sorted = (map: Map<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe('topLevelScalars', () => {
  test('agrees with JSON.parse on any object, however it is laid out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, value), { maxLength: 6 }),
        fc.constantFrom('', ' ', '\n\t'),
        (members, gap) => {
          const parts = members.map(
            ([name, member]) => `${JSON.stringify(name)}${gap}:${gap}${JSON.stringify(member)}`,
          );
          const json = `${gap}{${gap}${parts.join(`${gap},${gap}`)}${gap}}${gap}`;
          expect(sorted(topLevelScalars(json, WANTED))).toEqual(sorted(expected(json)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('reads escaped keys and lets the last of repeated keys win', () => {
    const json = '{"mod\\u0065l":"a","user":"b","model":"c","user":{"id":1}}';
    expect(topLevelScalars(json, WANTED)).toEqual(
      new Map<string, string | null>([
        ['model', 'c'],
        ['user', null],
      ]),
    );
  });

  test('finds in every prefix of a text only what the whole text says', () => {
    const json = '{"messages":[{"model":"no","x":"\\\\\\""}],"stream":true,"model":"gpt-\\"4o","user":"u","n":12}';
    const whole = topLevelScalars(json, WANTED);
    for (let length = 0; length < json.length; length++) {
      for (const [name, found] of topLevelScalars(json.slice(0, length), WANTED)) expect(found).toBe(whole.get(name));
    }
  });

  test('never throws and finds nothing in text that is no object', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (any) => {
        const found = topLevelScalars(any, WANTED);
        if (!any.trimStart().startsWith('{')) expect(found.size).toBe(0);
      }),
    );
    expect(topLevelScalars(`{"a":${'['.repeat(300_000)}`, WANTED).size).toBe(0);
    expect(topLevelScalars(`{"a":${'[{"b":'.repeat(100_000)}`, WANTED).size).toBe(0);
  });
});
