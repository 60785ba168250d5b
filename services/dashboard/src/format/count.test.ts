import { expect, test } from '@jest/globals';
import { bytes, count, percent } from './count.ts';

test.each([
  [0, '0'],
  [9_999, '9,999'],
  [12_345, '12.3K'],
  [4_560_000, '4.56M'],
  [null, 'unknown'],
])('counts %p as %s', (value, text) => {
  expect(count(value)).toBe(text);
});

test.each([
  [0, '0%'],
  [1, '100%'],
  [0.0004, '<0.1%'],
  [0.004, '0.4%'],
  [0.123, '12%'],
  [0.996, '99.6%'],
  [0.9999, '>99.9%'],
  [null, 'unknown'],
])('a share of %p is %s', (share, text) => {
  expect(percent(share)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500, '1.50 kB'],
  [2_340_000, '2.34 MB'],
  [7.2e12, '7.20 TB'],
])('%p bytes are %s', (size, text) => {
  expect(bytes(size)).toBe(text);
});
