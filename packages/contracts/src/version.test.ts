import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EPOCH_MAX, packVersion, unpackVersion } from './version.ts';

const OFFSET_MAX = 2 ** 44 - 1;
const offset = fc.integer({ min: 0, max: OFFSET_MAX });
const epoch = fc.integer({ min: 0, max: EPOCH_MAX });

test('a version unpacks to what was packed, and fits an unsigned 64-bit column', () => {
  fc.assert(
    fc.property(offset, epoch, (o, e) => {
      const version = packVersion(o, e);
      expect(unpackVersion(version)).toEqual({ offset: o, epoch: e });
      expect(BigInt.asUintN(64, version)).toBe(version);
    }),
  );
  expect(packVersion(OFFSET_MAX, EPOCH_MAX)).toBe(2n ** 64n - 1n);
});

test('versions order by offset first, by epoch among equal offsets', () => {
  fc.assert(
    fc.property(offset, epoch, offset, epoch, (o1, e1, o2, e2) => {
      const isLess = packVersion(o1, e1) < packVersion(o2, e2);
      expect(isLess).toBe(o1 < o2 || (o1 === o2 && e1 < e2));
    }),
  );
});

test.each([
  [-1, 0],
  [0.5, 0],
  [OFFSET_MAX + 1, 0],
  [Number.NaN, 0],
  [0, -1],
  [0, EPOCH_MAX + 1],
  [0, 1.5],
])('offset %d with epoch %d is refused', (o, e) => {
  expect(() => packVersion(o, e)).toThrow(RangeError);
});
