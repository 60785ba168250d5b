import { expect, test } from '@jest/globals';
import { tableSizes } from './size.ts';

test('tables hold a million requests, or as many as are asked for, if some questions have an answer then', () => {
  expect(tableSizes({ requests: undefined })).toEqual([1_000_000]);
  expect(tableSizes({ requests: [200_000, 10_000_000] })).toEqual([200_000, 10_000_000]);
  expect(() => tableSizes({ requests: [1_000_000, 100] })).toThrow('200000');
});
