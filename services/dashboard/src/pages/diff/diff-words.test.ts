import { expect, it } from '@jest/globals';
import type { DiffStep } from './diff-rows.ts';
import { notComparedWords, stateWords } from './diff-words.ts';

const step = (over: Partial<DiffStep>) =>
  ({ a: {}, b: {}, state: 'equal', changed: [], compared: true, ...over }) as DiffStep;

it.each<[Partial<DiffStep>, string]>([
  [{}, 'equal'],
  [{ compared: false }, 'equal, not all compared'],
  [{ state: 'changed', changed: ['finish_reason', 'cost'], compared: false }, 'finish reason, cost, not all compared'],
  [{ state: 'only_a', b: null, compared: false }, 'only in A'],
])('says of a step what became of it, and whether all of it was looked at: %j', (over, words) => {
  expect(stateWords(step(over)) + notComparedWords(step(over))).toBe(words);
});
