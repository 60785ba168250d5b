import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rowCounter } from './count-rows.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('rows are counted the same however the bytes are cut', () => {
  const csv = `id,name\r\n${Array.from({ length: 20 }, (_, at) => `${at},"two\nlines"\r\n`).join('')}`;
  const jsonl = Array.from({ length: 20 }, (_, at) => `{"id":${at}}\n`).join('');
  fc.assert(
    fc.property(
      fc.constantFrom(['csv', csv] as const, ['jsonl', jsonl] as const),
      fc.nat(300),
      ([format, text], at) => {
        const count = rowCounter(format);
        count(bytes(text.slice(0, at)));
        expect(count(bytes(text.slice(at)))).toBe(20);
      },
    ),
  );
});

test('the line of names is no row, and Parquet does not tell', () => {
  expect(rowCounter('csv')(bytes('id'))).toBe(0);
  expect(rowCounter('csv')(bytes('id\r\n'))).toBe(0);
  expect(rowCounter('parquet')(bytes('PAR1\n'))).toBeNull();
});
