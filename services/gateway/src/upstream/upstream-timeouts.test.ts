import { expect, test } from '@jest/globals';
import { increasedTimeouts } from './upstream-timeouts.ts';

test.each([
  [1_000, 1_800_000],
  [1_800_001, 1_800_001],
  [0, 0],
])('a time-out of %i ms becomes %i', (ms, expected) => {
  expect(increasedTimeouts({ headersTimeoutMs: ms, bodyIdleTimeoutMs: 1 })).toEqual({
    headersTimeout: expected,
    bodyTimeout: 1_800_000,
  });
  expect(increasedTimeouts({ headersTimeoutMs: 1, bodyIdleTimeoutMs: ms }).bodyTimeout).toBe(expected);
});
