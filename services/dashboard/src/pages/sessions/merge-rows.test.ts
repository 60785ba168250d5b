import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withNewer, withoutTwins } from './merge-rows.ts';

const row = fc.record({ session_id: fc.constantFrom(...'abcdefgh'), cost: fc.nat() });
const pages = fc.array(fc.array(row));

describe('rows that change while they are read', () => {
  test('each session is there once, where it was first', () => {
    fc.assert(
      fc.property(pages, (given) => {
        const all = given.flat();
        const first = all.filter(
          (one, index) => all.findIndex(({ session_id }) => session_id === one.session_id) === index,
        );
        expect(withoutTwins(given)).toEqual(first);
      }),
    );
  });

  test('newer values take the places of older ones, and no row moves, comes or goes', () => {
    fc.assert(
      fc.property(pages, fc.array(row), (given, newer) => {
        const before = given.map((rows) => ({ rows }));
        const after = withNewer(before, newer);
        const latest = new Map(newer.map((one) => [one.session_id, one]));
        expect(after).toEqual(
          before.map(({ rows }) => ({ rows: rows.map((one) => latest.get(one.session_id) ?? one) })),
        );
      }),
    );
  });

  test('what has not changed stays the same object, so that nothing is drawn for it', () => {
    const before = [{ rows: [{ session_id: 'a', cost: 1 }] }, { rows: [{ session_id: 'b', cost: 1 }] }];
    const after = withNewer(before, [
      { session_id: 'a', cost: 1 },
      { session_id: 'b', cost: 2 },
    ]);
    expect(after[0]).toBe(before[0]);
    expect(after[1]!.rows).toEqual([{ session_id: 'b', cost: 2 }]);
  });
});
