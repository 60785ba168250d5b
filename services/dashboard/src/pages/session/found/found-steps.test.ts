import { expect, test } from '@jest/globals';
import { foundSteps, nextFound } from './found-steps.ts';

const STEPS = {
  byId: new Map([
    ['a', 0],
    ['b', 3],
    ['c', 7],
  ]),
};

test('hits are in order of time, each once, without those that are not there', () => {
  expect(foundSteps(STEPS, ['c', 'a', 'c', 'gone'])).toEqual([0, 7]);
});

test('one goes from hit to hit, also from between them, and round the ends', () => {
  const found = [2, 5];
  expect([-1, 2, 3, 5, 9].map((from) => nextFound(found, from, 1))).toEqual([2, 5, 5, 2, 2]);
  expect([-1, 2, 3, 5, 9].map((from) => nextFound(found, from, -1))).toEqual([5, 5, 2, 2, 5]);
  expect(nextFound([], 1, 1)).toBeUndefined();
});
