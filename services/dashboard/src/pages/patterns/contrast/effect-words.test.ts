import { describe, expect, it } from '@jest/globals';
import { deltaSize, mayBeChance, oftenWords, shareSize } from './effect-words.ts';

describe('the size of an effect', () => {
  it('has a word, whatever its direction', () => {
    expect([0, 0.146, 0.147, 0.33, 0.474, 1].map(deltaSize)).toEqual([
      'none',
      'none',
      'slight',
      'medium',
      'large',
      'large',
    ]);
    expect([-0.2, -0.4, -0.9].map(deltaSize)).toEqual(['slight', 'medium', 'large']);
    expect([0.1, 0.2, -0.5, 0.8].map(shareSize)).toEqual(['none', 'slight', 'medium', 'large']);
  });

  it('may be chance where its interval holds none, or nobody knows it', () => {
    expect(mayBeChance(null)).toBe(true);
    expect(mayBeChance([-0.1, 0.4])).toBe(true);
    expect(mayBeChance([0.1, 0.4])).toBe(false);
    expect(mayBeChance([-0.4, -0.1])).toBe(false);
  });
});

describe('how often something is there', () => {
  it.each([
    [0.5, 0.25, '2.0× as often'],
    [0.1, 0.5, '5.0× less often'],
    [0.5, 0.5, 'as often'],
    [0.69, 0.7, 'as often'],
    [0.5, 0, 'only here'],
    [0, 0.5, 'never here'],
    [0.6, 0.02, '30× as often'],
    [0.9, 0.001, '>100× as often'],
    [0, 0, 'as often'],
  ])('%d against %d is %s', (a, b, words) => {
    expect(oftenWords(a, b)).toBe(words);
  });
});
