import { describe, expect, test } from '@jest/globals';
import { decimalToPico, picoToDecimal, picoToUsd } from '@throughline/contracts/money';
import fc from 'fast-check';
import { readNumber, readTime, readUsd } from './exact-bound.ts';

describe('USD', () => {
  test.each<[number | string, string, boolean]>([
    [0, '0.000000000000', true],
    [-0, '0.000000000000', true],
    [0.1, '0.100000000000', true],
    ['.5', '0.500000000000', true],
    ['5.', '5.000000000000', true],
    ['+1', '1.000000000000', true],
    ['-2.50', '-2.500000000000', true],
    [1e-12, '0.000000000001', true],
    [1.5e-12, '0.000000000001', false],
    [-1.5e-12, '-0.000000000002', false],
    [1e-300, '0.000000000000', false],
    [-1e-300, '-0.000000000001', false],
    [2.147483648, '2.147483648000', true],
    [1e20, '100000000000000000000.000000000000', true],
    ['0e9999', '0.000000000000', true],
    [1e300, '99999999999999999999999999.999999999999', false],
    [-1e300, '-99999999999999999999999999.999999999999', false],
  ])('%s is %s', (value, floor, isWhole) => {
    expect(readUsd(value)).toEqual({ floor, isWhole });
  });

  test('every cost below ten thousand is found again by the number that the API answered', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9_999n * 10n ** 12n }), (pico) => {
        // A double has 15 digits for sure: 4 before the point and 11 behind it.
        const rounded = pico - (pico % 10n);
        expect(readUsd(picoToUsd(rounded))).toEqual({ floor: picoToDecimal(rounded), isWhole: true });
        expect(readUsd(picoToDecimal(pico))).toEqual({ floor: picoToDecimal(pico), isWhole: true });
      }),
    );
  });

  test('the floor is at or below the value, by less than one unit', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (usd) => {
        const { floor, isWhole } = readUsd(usd)!;
        const pico = decimalToPico(floor);
        expect(Number(floor)).toBeLessThanOrEqual(usd);
        expect(Number(picoToDecimal(isWhole ? pico : pico + 1n))).toBeGreaterThanOrEqual(usd);
      }),
    );
  });
});

describe('numbers', () => {
  test.each([' 1', '1 ', '', '.', '1e', '0x1', '1_000', 'NaN', 'Infinity', '--1', '1,5', '1e99999', '9'.repeat(801)])(
    '%j is none',
    (text) => {
      expect(readNumber(text)).toBeUndefined();
    },
  );

  test.each([null, undefined, true, {}, [], [1], 1n, Number.NaN, Number.POSITIVE_INFINITY])('%p is none', (value) => {
    expect(readNumber(value)).toBeUndefined();
  });

  test('every finite number reads as itself, also as text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(readNumber(number)).toBe(number);
        expect(readNumber(Object.is(number, -0) ? '-0' : String(number))).toBe(number);
      }),
    );
  });
});

describe('times', () => {
  test.each([
    '2026',
    '2026-01',
    '2026-1-1',
    '2026-13-01',
    '2026-02-29',
    '2026-01-01T24:00',
    '2026-01-01T12:60',
    '2026-01-01T12:00:60',
    '2026-01-01T12',
    '2026-01-01T12:00+24:00',
    '2026-01-01T12:00 UTC',
    'Jan 1 2026',
    '+002026-01-01',
    '2026-01-01\n',
    '20260101',
    '',
  ])('%j is none', (text) => {
    expect(readTime(text)).toBeUndefined();
  });

  test('every time reads as itself in any zone', () => {
    const day = { min: new Date('0001-01-01'), max: new Date('9998-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(day), fc.integer({ min: -1439, max: 1439 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const zone = [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':');
        const text = `${local}${offset < 0 ? '-' : '+'}${zone}`;
        expect(readTime(text)).toEqual({ floor: date.getTime(), isWhole: true });
      }),
    );
  });
});
