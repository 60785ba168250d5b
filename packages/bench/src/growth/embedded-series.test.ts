import { expect, test } from '@jest/globals';
import { storedSizes } from './embedded-series.ts';

test.each([
  [[1_000_000], [1_000_000, 10_000_000]],
  [
    [30_000_000, 1_000_000, 30_000_000],
    [1_000_000, 30_000_000],
  ],
])('of %j requests tables of %j are filled', (given, sizes) => {
  expect(storedSizes(given)).toEqual(sizes);
});
