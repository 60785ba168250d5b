import { expect, test } from '@jest/globals';
import { sampleRequestRow } from './sample-rows.ts';
import { encodeRows, RowEncodingError } from './tables.ts';

test('names row and column of a value that does not fit', () => {
  const rows = [sampleRequestRow(1), sampleRequestRow(2, { prompt_tokens: 1.5 })];
  let thrown: unknown;
  try {
    encodeRows('requests', rows);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(RowEncodingError);
  expect(thrown).toMatchObject({ table: 'requests', column: 'prompt_tokens', index: 1 });
});

test('the bytes of one call are not touched by the next', () => {
  const first = encodeRows('requests', [sampleRequestRow(1)]);
  const copy = Buffer.from(first.bytes);
  encodeRows('requests', [sampleRequestRow(2)]);
  expect(copy.equals(first.bytes)).toBe(true);
});
