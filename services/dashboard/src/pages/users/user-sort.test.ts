import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextUserSort, readUserSort, USER_SORT_KEYS, writeUserSort } from './user-sort.ts';

const sorts = fc.record({ key: fc.constantFrom(...USER_SORT_KEYS), isDescending: fc.boolean() });

test('an order is read from a URL as it was written into it', () => {
  fc.assert(fc.property(sorts, (sort) => expect(readUserSort(writeUserSort(sort))).toEqual(sort)));
});

test('a URL that names no order means the dearest first', () => {
  for (const text of [undefined, '', '-', 'password', '-constructor']) {
    expect(writeUserSort(readUserSort(text))).toBe('-cost');
  }
});

test('a click on the head that rows are sorted by turns them round, on another begins with what is looked for', () => {
  const dearest = readUserSort('-cost');
  expect(writeUserSort(nextUserSort(dearest, 'cost'))).toBe('cost');
  expect(writeUserSort(nextUserSort(dearest, 'total_errors'))).toBe('-total_errors');
  expect(writeUserSort(nextUserSort(dearest, 'user_id'))).toBe('user_id');
});
