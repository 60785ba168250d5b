import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimalToPico, PICO_PER_USD, picoToDecimal, picoToUsd, usdToPico } from './money.ts';

const pico = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n });

describe('decimal text', () => {
  test('survives the way there and back, for any amount', () => {
    fc.assert(fc.property(pico, (amount) => expect(decimalToPico(picoToDecimal(amount))).toBe(amount)));
  });

  test.each([
    [0n, '0.000000000000'],
    [1n, '0.000000000001'],
    [-1n, '-0.000000000001'],
    [PICO_PER_USD, '1.000000000000'],
    [-1_500_000_000_000n, '-1.500000000000'],
    [123_456_789_000_000_000_000n, '123456789.000000000000'],
  ])('of %s picodollars is %s', (amount, text) => {
    expect(picoToDecimal(amount)).toBe(text);
  });

  test.each([
    ['0', 0n],
    ['1', PICO_PER_USD],
    ['-0.5', -500_000_000_000n],
    ['0.000000000001', 1n],
  ])('%s is read as %s', (text, amount) => {
    expect(decimalToPico(text)).toBe(amount);
  });

  test.each(['', '.5', '1.', '1e3', '+1', ' 1', '1 ', '1\n', '0.0000000000001', '1,5', 'NaN', '--1', '٣'])(
    '%j is refused',
    (text) => {
      expect(() => decimalToPico(text)).toThrow(TypeError);
    },
  );
});

describe('US dollars', () => {
  test.each([
    [0, 0n],
    [1, PICO_PER_USD],
    [0.1, 100_000_000_000n],
    // Two doubles that are not exact in binary: rounded to the price that was meant.
    [0.1 + 0.2, 300_000_000_000n],
    [2.5e-6, 2_500_000n],
    [1e-12, 1n],
    [4e-13, 0n],
    [-0.25, -250_000_000_000n],
  ])('%d are %s picodollars', (usd, amount) => {
    expect(usdToPico(usd)).toBe(amount);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e7, -1e7, Number.MAX_VALUE])(
    '%d are unknown, not zero',
    (usd) => {
      expect(usdToPico(usd)).toBeUndefined();
    },
  );

  test('what is not undefined fits a signed 64-bit column', () => {
    fc.assert(
      fc.property(fc.double(), (usd) => {
        const amount = usdToPico(usd);
        expect(amount === undefined || BigInt.asIntN(64, amount) === amount).toBe(true);
      }),
    );
  });

  test('are the nearest double of the amount', () => {
    fc.assert(fc.property(pico, (amount) => expect(picoToUsd(amount)).toBe(Number(picoToDecimal(amount)))));
    // Beyond 2^53 picodollars, where dividing doubles would round twice.
    expect(picoToUsd(9_007_199_254_740_993n)).toBe(Number('9007.199254740993'));
  });

  test('come back as the same amount as long as a double can hold it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (amount) => {
        expect(usdToPico(picoToUsd(amount))).toBe(amount);
      }),
    );
  });
});
