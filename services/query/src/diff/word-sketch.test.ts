import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inCommon, wordSketch } from './word-sketch.ts';

const words = fc.array(fc.constantFrom('book', 'a', 'flight', 'seattle', 'may', '20', 'été', '日本'), {
  maxLength: 12,
});

test('of short texts it is the share of words that both have, in any case and order', () => {
  fc.assert(
    fc.property(words, words, (a, b) => {
      const [inA, inB] = [new Set(a), new Set(b)];
      const all = new Set([...a, ...b]).size;
      const expected = all === 0 ? 0 : [...inA].filter((word) => inB.has(word)).length / all;
      expect(inCommon(wordSketch(a.join(' ').toUpperCase()), wordSketch(b.toReversed().join(', ')))).toBeCloseTo(
        expected,
        9,
      );
    }),
  );
});

test('of long ones it is near to that', () => {
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `word${from + i}`).join(' ');
  expect(inCommon(wordSketch(range(0, 900)), wordSketch(range(0, 900)))).toBe(1);
  expect(inCommon(wordSketch(range(0, 900)), wordSketch(range(900, 1_800)))).toBe(0);
  const half = inCommon(wordSketch(range(0, 900)), wordSketch(range(300, 1_200)));
  expect(half).toBeGreaterThan(0.2);
  expect(half).toBeLessThan(0.8);
});
