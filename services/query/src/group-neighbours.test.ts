import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { groupNeighbours } from './group-neighbours.ts';

const weigh = (item: number) => item;

describe('neighbours together', () => {
  test.each([
    ['up to the weight, and no further', [2, 3, 1, 4, 4], { weightMax: 5 }, [[2, 3], [1, 4], [4]]],
    ['one that alone has more, alone', [1, 9, 1], { weightMax: 5 }, [[1], [9], [1]]],
    ['those without weight with whoever is before them', [5, 0, 0, 1], { weightMax: 5 }, [[5, 0, 0], [1]]],
    [
      'up to the count where they have little weight',
      [0, 0, 0, 1, 1],
      { weightMax: 5, countMax: 2 },
      [[0, 0], [0, 1], [1]],
    ],
    ['none', [], { weightMax: 5 }, []],
  ])('are %s', (_, items, bounds, groups) => {
    expect(groupNeighbours(items, weigh, bounds)).toEqual(groups);
  });

  test('are all of them in their order, in groups that are as large as they may be', () => {
    const bounds = fc.record({ weightMax: fc.nat(50), countMax: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 40 }), bounds, (items, { weightMax, countMax }) => {
        const groups = groupNeighbours(items, weigh, { weightMax, countMax });
        expect(groups.flat()).toEqual(items);
        const sum = (group: readonly number[]) => group.reduce((all, item) => all + item, 0);
        groups.forEach((group, at) => {
          expect(group.length).toBeGreaterThan(0);
          expect(group.length).toBeLessThanOrEqual(countMax);
          if (group.length > 1) expect(sum(group)).toBeLessThanOrEqual(weightMax);
          const next = groups[at + 1];
          if (next && group.length < countMax) expect(sum(group) + next[0]!).toBeGreaterThan(weightMax);
        });
      }),
    );
  });
});
