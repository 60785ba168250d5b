import { expect, test } from '@jest/globals';
import { asChoice, pathChoices } from './path-choices.ts';

const shown = (...sent: string[]) => pathChoices(sent).map(({ path, match, steps }) => [path, match, steps]);

test('every path can be chosen, and everything below each that has something below it', () => {
  expect(shown('/plan', '/plan/search', '/plan/search', '/planner')).toEqual([
    ['/plan', 'equals', 1],
    ['/plan', 'prefix', 3],
    ['/plan/search', 'equals', 2],
    ['/planner', 'equals', 1],
  ]);
  // Nobody called it that.
  expect(shown('a/b/c')).toEqual([
    ['a', 'prefix', 1],
    ['a/b', 'prefix', 1],
    ['a/b/c', 'equals', 1],
  ]);
});

test('paths are as they were sent: none, slashes alone, signs that turn text round', () => {
  expect(shown('', '/', '/a/')).toEqual([
    ['', 'equals', 1],
    ['/', 'equals', 1],
    ['/a/', 'equals', 1],
  ]);
  expect(asChoice({ path: '', match: 'equals', steps: 1 })).toMatchObject({ label: 'without a path', note: '1 step' });
  expect(asChoice({ path: '/\u202e', match: 'prefix', steps: 2 })).toMatchObject({
    label: '/⟦RLO⟧',
    note: 'and below, 2 steps',
  });
});
