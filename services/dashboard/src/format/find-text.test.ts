import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunksOf, findText, MATCHES_MAX, spellings } from './find-text.ts';

describe('finding in a text', () => {
  it('finds every place, in any case, and takes the text as it is', () => {
    expect(findText('An error. ERROR?', ['error'])).toEqual([
      { start: 3, end: 8 },
      { start: 10, end: 15 },
    ]);
    expect(findText('a.c abc', ['a.c'])).toEqual([{ start: 0, end: 3 }]);
    expect(findText('anything', [''])).toEqual([]);
  });

  it('finds what JSON writes in another way', () => {
    const text = JSON.stringify({ content: 'he said "no"\nand left' });
    expect(findText(text, spellings('said "no"\nand'))).toHaveLength(1);
    expect(spellings('plain')).toEqual(['plain']);
  });

  it('stops counting where nobody counts on', () => {
    expect(findText('a'.repeat(MATCHES_MAX + 5), ['a'])).toHaveLength(MATCHES_MAX);
  });

  it('finds any text in a text that holds it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (before, sought, after) => {
        const text = before + sought + after;
        expect(findText(text, [sought]).length).toBeGreaterThan(0);
        for (const { start, end } of findText(text, [sought])) {
          expect(text.slice(start, end).toLowerCase()).toBe(sought.toLowerCase());
        }
      }),
    );
  });

  it('cuts a text into parts that are the text, none of them long, none through a character', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('x'.repeat(3_000), '\n', '😀'.repeat(2_500), 'a b')), (pieces) => {
        const text = pieces.join('');
        const chunks = chunksOf(text);
        expect(chunks.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
        for (const { start, end } of chunks) {
          expect(end - start).toBeLessThanOrEqual(8_193);
          expect(text.slice(start, end).isWellFormed()).toBe(true);
        }
      }),
    );
  });
});
