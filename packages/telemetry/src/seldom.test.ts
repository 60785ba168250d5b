import { expect, test } from '@jest/globals';
import { createSeldom } from './seldom.ts';

test('it is time at once, and again when so long has passed since it last was', () => {
  let now = 0;
  const isTime = createSeldom(10, () => now);
  const asked = (at: number) => {
    now = at;
    return isTime();
  };
  expect([0, 9, 10, 19, 25, 34, 35].map(asked)).toEqual([true, false, true, false, true, false, true]);
});
