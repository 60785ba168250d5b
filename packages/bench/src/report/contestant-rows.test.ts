import { expect, test } from '@jest/globals';
import { contestantRows } from './contestant-rows.ts';

test('who was not measured is absent, and it is said why where that is known', () => {
  const contestants = [
    { name: 'a', title: 'A' },
    { name: 'b', title: 'B', absent: 'not installed' },
    { name: 'c', title: 'C' },
  ];
  const rows = contestantRows(contestants, { a: [1, 2] }, (name, own) => [name, String(own.length)]);
  expect(rows).toEqual([
    ['A', 'a', '2'],
    ['B', 'absent: not installed'],
    ['C', 'absent'],
  ]);
});
