import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { likeText, matchesLike, parseLike } from './like-pattern.ts';

describe('a pattern of like', () => {
  test.each([
    ['a%', 'abc', true],
    ['a%', 'ba', false],
    ['%b%', 'abc', true],
    ['a_c', 'abc', true],
    ['a_c', 'ac', false],
    ['_', '😀', true],
    ['__', '😀', false],
    ['%a%b', 'xaxbxab', true],
    ['%', '', true],
    ['_', '', false],
    ['', '', true],
    ['', 'a', false],
    ['100\\%', '100%', true],
    ['100\\%', '1000', false],
    ['a\\_b', 'a_b', true],
    ['a\\_b', 'axb', false],
    ['a\\\\b', 'a\\b', true],
    ['a\\b', 'a\\b', true],
    ['a\\', 'a\\', true],
    ['%\n%', 'a\nb', true],
    ['a.c', 'abc', false],
  ])('%j against %j is %s', (pattern, text, matches) => {
    expect(matchesLike(parseLike(pattern), text)).toBe(matches);
  });

  const pattern = fc.string({ unit: fc.constantFrom('%', '_', '\\', 'a', 'b', '.', '😀'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('%', '_', '\\', 'a', 'b', '.', '😀'), maxLength: 8 });

  test('agrees with the regular expression that says the same', () => {
    fc.assert(
      fc.property(pattern, text, (like, subject) => {
        const source = parseLike(like).map((part) =>
          part.is === 'any' ? '[^]*' : part.is === 'one' ? '[^]' : `\\u{${part.char.codePointAt(0)!.toString(16)}}`,
        );
        expect(matchesLike(parseLike(like), subject)).toBe(new RegExp(`^${source.join('')}$`, 'u').test(subject));
      }),
      { numRuns: 2_000 },
    );
  });

  test('means the same written out anew, and never ends in a lone backslash', () => {
    fc.assert(
      fc.property(pattern, (like) => {
        const written = likeText(parseLike(like));
        expect(parseLike(written)).toEqual(parseLike(like));
        expect(/^(?:[^\\]|\\[\\%_])*$/u.test(written)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes time in proportion to text times pattern at worst, not exponentially', () => {
    expect(matchesLike(parseLike('%a'.repeat(500)), `${'a'.repeat(2_000)}b`)).toBe(false);
  });
});
