import { describe, expect, test } from '@jest/globals';
import { BOUNDS, type Try, verdictOf } from './regression-verdict.ts';

const BEYOND = { call: BOUNDS.call + 0.01, chunk: BOUNDS.chunk + 0.01 };

interface Measured {
  readonly call?: number;
  readonly chunk?: number;
  readonly busyCores?: number;
  readonly spread?: number;
}

const tried = ({ call = BOUNDS.call, chunk = BOUNDS.chunk, busyCores = 0.1, spread = 5 }: Measured): Try => ({
  busyCores,
  found: { call: { value: call, spread }, chunk: { value: chunk, spread } },
});
const { call, chunk } = BEYOND;

describe('what the regression check says', () => {
  test('figures within their bounds are fine, also on a busy machine', () => {
    expect(verdictOf([tried({})])).toBe('fine');
    expect(verdictOf([tried({ busyCores: 2, spread: 80 })])).toBe('fine');
  });

  test.each([{ call }, { chunk }])(
    'beyond a bound (%j) it is measured again, twice, before it is a regression',
    (beyond) => {
      const one = tried(beyond);
      expect([[one], [one, one], [one, one, one]].map(verdictOf)).toEqual(['again', 'again', 'regressed']);
    },
  );

  test('the smallest ratio of each unit counts', () => {
    expect(verdictOf([tried({ call }), tried({})])).toBe('fine');
    expect(verdictOf([tried({ call }), tried({ chunk })])).toBe('fine');
    expect(verdictOf([tried({ call }), tried({ call, chunk }), tried({ call })])).toBe('regressed');
  });

  test('nothing is told where others keep the machine busy or bare Node’s own figures go apart', () => {
    expect(verdictOf([tried({ call, busyCores: 0.41 })])).toBe('not told');
    expect(verdictOf([tried({ call, spread: 21 })])).toBe('not told');
    expect(verdictOf([tried({ call, spread: Number.NaN })])).toBe('not told');
    expect(verdictOf([tried({ call }), tried({ call }), tried({ call, busyCores: 1 })])).toBe('not told');
  });

  test('calls that fail on a machine at rest are tried again and then a regression; on a busy one they say nothing', () => {
    const failed = { busyCores: 0.1, found: undefined };
    expect([[failed], [failed, tried({})], [failed, failed, failed]].map(verdictOf)).toEqual([
      'again',
      'fine',
      'regressed',
    ]);
    expect(verdictOf([{ ...failed, busyCores: 2 }])).toBe('not told');
  });

  test('a figure that is no number is not fine', () => {
    expect(verdictOf([tried({ call: Number.NaN })])).toBe('again');
  });
});
