import { expect, test } from '@jest/globals';
import { longestStall } from './stalls.ts';

test('the partition that stood still longest counts', () => {
  const quick = { movedAt: [90, 110, 130, 150, 170, 190] };
  const slow = { movedAt: [95, 160, 180, 195] };
  expect(longestStall([quick, slow], 100, 200)).toBe(60);
});

test('a stall in the middle counts as much as one at the beginning', () => {
  expect(longestStall([{ movedAt: [101, 180, 199] }], 100, 200)).toBe(79);
});

test('a partition that never moved again stood still until it was last looked at', () => {
  expect(longestStall([{ movedAt: [20, 99] }], 100, 200)).toBe(100);
  expect(longestStall([], 100, 200)).toBe(0);
});
