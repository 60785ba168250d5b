import { expect, test } from '@jest/globals';
import { histogramAnswer } from './histogram-answer.ts';

const bin = (count: number, least: bigint, most = least) => ({ count, least, most });

test('begins with the least value, ends with the greatest, and meets half-way between', () => {
  expect(histogramAnswer([bin(7, 1n, 2n), bin(2, 5n), bin(1, 10n, 11n)])).toEqual([
    { range_start: '1', range_end: '3.5', value: 7 },
    { range_start: '3.5', range_end: '7.5', value: 2 },
    { range_start: '7.5', range_end: '11', value: 1 },
  ]);
});

test('writes money as decimals in full, without an exponent', () => {
  expect(histogramAnswer([bin(1, 0n), bin(1, 1n), bin(1, 2_500_000_000_000n)], 12)).toEqual([
    { range_start: '0', range_end: '0.0000000000005', value: 1 },
    { range_start: '0.0000000000005', range_end: '1.2500000000005', value: 1 },
    { range_start: '1.2500000000005', range_end: '2.5', value: 1 },
  ]);
});

test('has a bin without width for one value, and none for nothing', () => {
  expect(histogramAnswer([bin(3, 4n)])).toEqual([{ range_start: '4', range_end: '4', value: 3 }]);
  expect(histogramAnswer([])).toEqual([]);
});
