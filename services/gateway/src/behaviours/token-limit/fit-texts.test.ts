import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutEnd, cutMiddle, fitTexts, LEFT_CHARS_MIN } from './fit-texts.ts';

/** Letters are a quarter of a token each, everything else is one. */
const count = async (texts: readonly string[]) =>
  texts.map((text) => Math.ceil([...text].reduce((sum, char) => sum + (/[a-z ]/.test(char) ? 0.25 : 1), 0)));
const total = async (texts: readonly string[]) => (await count(texts)).reduce((sum, tokens) => sum + tokens, 0);

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 400 }),
  fc.string({ unit: fc.constantFrom('é', '😀', 'a', '\n'), maxLength: 100 }),
  // Sparse at one end, dense at the other.
  fc.nat(200).map((n) => 'a'.repeat(n) + '漢'.repeat(n)),
);

test.each([
  ['end', cutEnd],
  ['middle', cutMiddle],
])('texts fit, or nothing is left to be taken from their %s; what fits is not touched', async (_what, cut) => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 8 }), fc.integer({ min: -50, max: 500 }), async (texts, max) => {
      const fitted = await fitTexts(texts, max, count, cut);
      expect(fitted).toHaveLength(texts.length);
      if ((await total(fitted)) > max)
        for (const { length } of fitted) expect(length).toBeLessThanOrEqual(LEFT_CHARS_MIN);
      if ((await total(texts)) <= max) expect(fitted).toEqual(texts);
      for (const [at, given] of texts.entries()) {
        const left = fitted[at]!;
        expect(left.length).toBeLessThanOrEqual(given.length);
        expect(left.isWellFormed()).toBe(true);
        if (given.length <= LEFT_CHARS_MIN) expect(left).toBe(given);
        else expect(left.length).toBeGreaterThanOrEqual(LEFT_CHARS_MIN - 2);
        if (left === given) continue;
        if (cut === cutEnd) expect(given.startsWith(left)).toBe(true);
        else {
          const at = left.lastIndexOf('…');
          expect(given.startsWith(left.slice(0, at))).toBe(true);
          expect(given.endsWith(left.slice(at + 1))).toBe(true);
        }
      }
    }),
  );
});

describe('what is taken', () => {
  test('is taken from the longest', async () => {
    const fitted = await fitTexts(['short', 'a'.repeat(4_000), 'a'.repeat(2_000)], 802, count, cutEnd);
    const [short, long, other] = fitted.map(({ length }) => length);
    expect(short).toBe(5);
    expect(Math.abs(long! - other!)).toBeLessThan(5);
    expect(long! + other!).toBeGreaterThan(2_800);
  });

  test.each([
    [cutEnd, 'abcdefgh', 5, 'abcde'],
    [cutMiddle, 'abcdefgh', 5, 'ab…gh'],
    [cutMiddle, 'abcdefgh', 6, 'abc…gh'],
    [cutEnd, '😀😀😀', 3, '😀'],
    [cutMiddle, '😀😀😀😀', 4, '😀…'],
  ])('%p of %j to %i is %j', (cut, given, length, expected) => {
    expect(cut(given, length)).toBe(expected);
  });
});
