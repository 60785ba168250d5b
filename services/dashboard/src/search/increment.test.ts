import { expect, test } from '@jest/globals';
import { incrementFor } from './increment.ts';
import { parseRange, RELATIVE_RANGES, rangeBounds } from './range.ts';

test.each(RELATIVE_RANGES.map(([text]) => text))('%s is cut into pieces that a chart can show', (text) => {
  const { fromMs, toMs } = rangeBounds(parseRange(text), 1_800_000_000_000);
  const pieces = (toMs - fromMs) / incrementFor(fromMs, toMs).ms;
  expect(pieces).toBeGreaterThan(5);
  expect(pieces).toBeLessThan(400);
});

test('years are cut into weeks', () => {
  expect(incrementFor(0, 3 * 365 * 86_400_000).name).toBe('week');
});
