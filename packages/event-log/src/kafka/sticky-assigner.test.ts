import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assignSticky, type GroupMembership } from './sticky-assigner.ts';

const member = (memberId: string, held: readonly number[], since = 1): GroupMembership => ({
  memberId,
  held: new Map(held.map((partition) => [partition, since])),
});
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const sizes = (assigned: ReadonlyMap<string, number[]>) => [...assigned.values()].map(({ length }) => length);

describe('sharing partitions among the members of a group', () => {
  test('gives every partition once and everyone their share, whatever members say that they have', () => {
    const claims = fc.array(fc.tuple(fc.integer({ min: -2, max: 40 }), fc.nat({ max: 3 })), { maxLength: 45 });
    fc.assert(
      fc.property(fc.array(claims, { minLength: 1, maxLength: 9 }), fc.nat({ max: 36 }), (held, count) => {
        const members = held.map((pairs, index) => ({ memberId: `m${index}`, held: new Map(pairs) }));
        const assigned = assignSticky(members, range(count));
        expect([...assigned.values()].flat().sort((a, b) => a - b)).toEqual(range(count));
        expect(Math.max(...sizes(assigned)) - Math.min(...sizes(assigned))).toBeLessThanOrEqual(1);
        expect(assignSticky([...members].reverse(), range(count).reverse())).toEqual(assigned);
      }),
    );
  });

  test('moves no more than the shares require when a member comes or goes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 36 }), (count, partitions) => {
        const before = assignSticky(
          range(count).map((index) => member(`m${index}`, [])),
          range(partitions),
        );
        const stay = [...before].map(([id, held]) => member(id, held));
        const moved = (after: ReadonlyMap<string, number[]>) =>
          stay.flatMap(({ memberId, held }) =>
            [...held.keys()].filter((partition) => !after.get(memberId)?.includes(partition)),
          ).length;
        const joined = assignSticky([...stay, member('a-new-one', [])], range(partitions));
        expect(moved(joined)).toBe(joined.get('a-new-one')!.length);
        const gone = stay.at(-1)!;
        const left = assignSticky(stay.slice(0, -1), range(partitions));
        if (count > 1) expect(moved(left)).toBe(gone.held.size);
      }),
    );
  });

  test('believes the later of two that claim a partition: the other was away', () => {
    const assigned = assignSticky([member('was away', [0, 1], 100), member('took over', [1], 200)], [0, 1]);
    expect(assigned).toEqual(
      new Map([
        ['took over', [1]],
        ['was away', [0]],
      ]),
    );
  });
});
