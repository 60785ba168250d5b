import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { duration } from './duration.ts';

test.each([
  [0, '0 ms'],
  [0.4, '0.4 ms'],
  [240, '240 ms'],
  [999.7, '1.0 s'],
  [3_240, '3.2 s'],
  [9_949, '9.9 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [125_000, '2 min 5 s'],
  [4_320_000, '1 h 12 min'],
  [273_600_000, '3 d 4 h'],
  [-1_500, '−1.5 s'],
  [null, 'unknown'],
])('%p ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('reads as what it is, within the smaller of its units', () => {
  const units = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 * 86_400_000 }), (ms) => {
      const parts = [...duration(ms).matchAll(/([\d.]+) (ms|s|min|h|d)/g)];
      const read = parts.reduce((sum, [, value, unit]) => sum + Number(value) * units[unit as keyof typeof units], 0);
      const smallest = units[parts.at(-1)![2] as keyof typeof units];
      expect(Math.abs(read - ms)).toBeLessThanOrEqual(parts.length === 1 && smallest > 1 ? smallest * 60 : smallest);
    }),
  );
});
