import { expect, test } from '@jest/globals';
import { pathColour } from './path-colour.ts';

test('a path has one colour, and most paths of a run have different ones', () => {
  const paths = [
    '/plan',
    '/plan/search',
    '/plan/search/rank',
    '/write',
    '/write/draft',
    '/review',
    '/tool/sql',
    '/tool/web',
  ];
  expect(pathColour('/plan')).toBe(pathColour('/plan'));
  expect(new Set(paths.map(pathColour)).size).toBeGreaterThanOrEqual(paths.length - 1);
});

test('hues and both lightnesses are all in use', () => {
  const colours = new Set(Array.from({ length: 2_000 }, (_, i) => pathColour(`/step/${i}`)));
  expect(colours.size).toBe(48);
});
