import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { money } from './money.ts';

test.each([
  [0, '$0'],
  [0.00000001, '<$0.000001'],
  [0.0000021, '$0.000002'],
  [0.00123, '$0.0012'],
  [0.0456, '$0.046'],
  [0.456, '$0.46'],
  [0.996, '$1.00'],
  [1, '$1.00'],
  [1234.5, '$1,234.50'],
  [12_345, '$12.35K'],
  [-0.02, '−$0.020'],
  [null, 'unknown'],
  [undefined, 'unknown'],
  [Number.NaN, 'unknown'],
])('writes %p as %s', (usd, text) => {
  expect(money(usd)).toBe(text);
});

test('what is not zero never reads as zero, and what is larger never reads as less', () => {
  const read = (text: string) =>
    Number(text.replace(/[<$,]/g, '').replace('K', 'e3').replace('M', 'e6').replace('B', 'e9'));
  const amount = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      expect(money(a)).toMatch(/[1-9]/);
      const [less, more] = a < b ? [a, b] : [b, a];
      expect(read(money(less))).toBeLessThanOrEqual(read(money(more)));
    }),
  );
});
