import { expect, test } from '@jest/globals';
import { intervalOf } from './intervals.ts';

const last = (ms: number) => ({ startTimeUnixMs: 1_790_000_000_000 - ms, endTimeUnixMs: 1_790_000_060_000 });

test.each([
  [15 * 60_000, 'per minute'],
  [3_600_000, 'per minute'],
  [6 * 3_600_000, 'per 15 min'],
  [86_400_000, 'per 30 min'],
  [7 * 86_400_000, 'per 3 h'],
  [30 * 86_400_000, 'per 12 h'],
  [90 * 86_400_000, 'per week'],
  [365 * 86_400_000, 'per week'],
  [40 * 365 * 86_400_000, 'per month'],
])('a window of %i ms is shown %s', (ms, label) => {
  expect(intervalOf(last(ms)).label).toBe(label);
});
