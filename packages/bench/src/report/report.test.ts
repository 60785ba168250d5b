import { expect, test } from '@jest/globals';
import { figureRows } from './figures.ts';
import { markdownTable } from './table.ts';

test('a figure says whether it is reached, and by how much it is missed', () => {
  expect(
    figureRows([
      { name: 'a', value: 1.1, unit: 'x', atMost: 1.15 },
      { name: 'b', value: 280, unit: 'µs', atMost: 140 },
      { name: 'c', value: 4_500, unit: '/s', atLeast: 9_000 },
      { name: 'd', value: 7, unit: 'MiB' },
      { name: 'e', value: JSON.parse('null'), unit: 'x', atMost: 1 },
      { name: 'f', value: 1, unit: 'x', atLeast: 0.8, atMost: 1.2 },
      { name: 'g', value: 0.4, unit: 'x', atLeast: 0.8, atMost: 1.2 },
      { name: 'h', value: 1.8, unit: 'x', atLeast: 0.8, atMost: 1.2 },
    ]),
  ).toEqual([
    ['a', '1.10x', '≤ 1.15x', 'reached'],
    ['b', '280 µs', '≤ 140 µs', 'missed by 100%'],
    ['c', '4,500 /s', '≥ 9,000 /s', 'missed by 50%'],
    ['d', '7.00 MiB', 'stated', ''],
    ['e', '-', '≤ 1.00x', 'not measured'],
    ['f', '1.00x', '0.80x to 1.20x', 'reached'],
    ['g', '0.40x', '0.80x to 1.20x', 'missed by 50%'],
    ['h', '1.80x', '0.80x to 1.20x', 'missed by 50%'],
  ]);
});

test('tables line up in a terminal and are Markdown', () => {
  expect(markdownTable(['', 'long column'], [['name', '1']])).toBe(
    ['|      | long column |', '|------|------------:|', '| name |           1 |'].join('\n'),
  );
});
