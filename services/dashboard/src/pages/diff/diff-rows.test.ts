import { expect, it } from '@jest/globals';
import { type DiffRow, type DiffStep, diffRows } from './diff-rows.ts';

const step = (path: string, id: string) => ({ path, a: { request_id: id }, b: null }) as DiffStep;
const shown = (rows: readonly DiffRow[]) =>
  rows.map((row) => `${'  '.repeat(row.level)}${row.kind === 'path' ? row.path : row.step.a!.request_id}`);

it('puts steps below their paths, in the order in which they came', () => {
  const steps = [
    step('/agent', '1'),
    step('/agent/plan', '2'),
    step('/', '3'),
    step('/agent', '4'),
    step('/agent/plan', '5'),
  ];
  expect(shown(diffRows(steps))).toEqual(['/', '  3', '/agent', '  1', '  /agent/plan', '    2', '    5', '  4']);
});

it('takes names of every kind for names', () => {
  const rows = diffRows([step('/__proto__/constructor', '1'), step('/inside', '2')]);
  expect(shown(rows)).toEqual(['/__proto__', '  /__proto__/constructor', '    1', '/inside', '  2']);
});
