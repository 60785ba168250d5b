import { expect, test } from '@jest/globals';
import { parseRowsFileName, rowsFileName } from './rows-file.ts';

test('the name of a file says which rows it holds, and names sort by batch', () => {
  expect(parseRowsFileName(rowsFileName({ batch: 12, table: 'request_bodies', rows: 4_000 }))).toEqual({
    table: 'request_bodies',
    rows: 4_000,
  });
  const names = [100, 9, 20].map((batch) => rowsFileName({ batch, table: 'requests', rows: 1 }));
  expect([...names].sort()).toEqual([names[1], names[2], names[0]]);
  expect(() => parseRowsFileName('notes.txt')).toThrow('notes.txt holds no rows');
});
