import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cliffsDelta,
  cohensH,
  meanInterval,
  moments,
  quantileOf,
  shareInterval,
  type ValueBin,
} from './effect-size.ts';

const values = fc.array(fc.nat(50), { minLength: 1, maxLength: 60 });

/** Each value a bin of its own. */
function binsOf(all: readonly number[]): ValueBin[] {
  const groups = [...Map.groupBy(all, (value) => value)].sort(([a], [b]) => a - b);
  return groups.map(([bin, same]) => ({
    bin,
    count: same.length,
    sum: same.length * bin,
    squares: same.length * bin ** 2,
  }));
}

describe('the size of an effect', () => {
  test("is Cliff's delta: pairs in which a is above b less those in which it is below, of all pairs", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const signs = a.flatMap((x) => b.map((y) => Math.sign(x - y)));
        const expected = signs.reduce((sum, sign) => sum + sign, 0) / signs.length;
        expect(cliffsDelta(binsOf(a), binsOf(b))).toBeCloseTo(expected, 12);
      }),
    );
    expect(cliffsDelta([], binsOf([1]))).toBeNull();
  });

  test('comes with the mean, the variance and the quantiles of the values', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
        const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        const given = moments(binsOf(all));
        expect(given.mean).toBeCloseTo(mean, 9);
        expect(given.variance).toBeCloseTo(all.length < 2 ? 0 : squares / (all.length - 1), 7);
        const sorted = all.toSorted((a, b) => a - b);
        expect(quantileOf(binsOf(all), share)).toBe(sorted[Math.max(1, Math.ceil(share * all.length)) - 1]);
      }),
    );
  });

  test('has no interval where a group has fewer than two values', () => {
    expect(meanInterval(moments(binsOf([1])), moments(binsOf([1, 2])))).toBeNull();
    const [low, high] = meanInterval(moments(binsOf([1, 3])), moments(binsOf([1, 3])))!;
    expect([low, high]).toEqual([-high, expect.closeTo(2.77, 2)]);
  });

  test('of shares is as Newcombe computed it: 56 of 70 against 48 of 80', () => {
    const [low, high] = shareInterval({ part: 56, whole: 70 }, { part: 48, whole: 80 });
    expect([low, high]).toEqual([expect.closeTo(0.0524, 4), expect.closeTo(0.3339, 4)]);
    expect(shareInterval({ part: 0, whole: 0 }, { part: 0, whole: 0 })).toEqual([-1, 1]);
  });

  test("of shares is Cohen's h, which tells 1 from 5 of a hundred better than 50 from 54", () => {
    const percent = (part: number) => ({ part, whole: 100 });
    expect(cohensH(percent(100), percent(0))).toBeCloseTo(Math.PI, 12);
    expect(cohensH(percent(5), percent(1))).toBeGreaterThan(3 * cohensH(percent(54), percent(50)));
    expect(cohensH(percent(20), percent(20))).toBe(0);
  });
});
