import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OffsetSet } from './offset-set.ts';

const ranges = fc
  .array(fc.tuple(fc.nat(200), fc.nat(10)), { maxLength: 20 })
  .map((pairs) => pairs.map(([from, length]) => [from, from + length] as const).sort((a, b) => a[0] - b[0]));

describe('a set of offsets', () => {
  test('holds what was added, and counts each offset once', () => {
    fc.assert(
      fc.property(ranges, (added) => {
        const set = new OffsetSet();
        const plain = new Set<number>();
        for (const [from, through] of added) {
          set.add(from, through);
          for (let offset = from; offset <= through; offset++) plain.add(offset);
        }
        expect(set.count).toBe(plain.size);
        for (let offset = 0; offset <= 215; offset++) expect(set.has(offset)).toBe(plain.has(offset));
        if (plain.size > 0) expect([set.first, set.last]).toEqual([Math.min(...plain), Math.max(...plain)]);
      }),
    );
  });

  test('leaves out what another one holds', () => {
    fc.assert(
      fc.property(ranges, ranges, (added, except) => {
        const other = new OffsetSet();
        for (const [from, through] of except) other.add(from, through);
        const set = new OffsetSet();
        for (const [from, through] of added) set.addExcept(from, through, other);
        const isAdded = (offset: number) => added.some(([from, through]) => from <= offset && offset <= through);
        for (let offset = 0; offset <= 215; offset++) {
          expect(set.has(offset)).toBe(isAdded(offset) && !other.has(offset));
        }
      }),
    );
  });
});
