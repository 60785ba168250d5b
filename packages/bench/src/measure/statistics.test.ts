import { describe, expect, test } from '@jest/globals';
import { median, medianRatio, quantile, spreadPercent } from './statistics.ts';

describe('statistics', () => {
  test('the median is the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  test('quantiles lie between neighbours in proportion', () => {
    expect(quantile([10, 20, 30, 40, 50], 0)).toBe(10);
    expect(quantile([10, 20, 30, 40, 50], 1)).toBe(50);
    expect(quantile([10, 20], 0.25)).toBe(12.5);
  });

  test('the spread is half the range in percent of the median', () => {
    expect(spreadPercent([90, 100, 110])).toBe(10);
  });

  test('ratios are formed pair by pair', () => {
    expect(medianRatio([2, 40, 6], [1, 10, 3])).toBe(2);
  });
});
