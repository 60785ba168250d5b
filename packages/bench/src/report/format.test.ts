import { expect, test } from '@jest/globals';
import { medianWithSpread, number, ratio } from './format.ts';

test('numbers keep three significant digits, and all of their whole ones', () => {
  expect([0.01234, 1.2345, 12.345, 123.45, 12345.6, 0, Number.NaN].map(number)).toEqual([
    '0.0123',
    '1.23',
    '12.3',
    '123',
    '12,346',
    '0',
    '-',
  ]);
});

test('a median is shown with its spread', () => {
  expect(medianWithSpread([90, 100, 110])).toBe('100 ±10%');
});

test('ratios have two decimals', () => {
  expect(ratio(1.149)).toBe('1.15x');
});

test('what was not measured is a dash', () => {
  expect([medianWithSpread([]), medianWithSpread([Number.NaN]), ratio(Number.NaN)]).toEqual(['-', '-', '-']);
});
