import { expect, test } from '@jest/globals';
import { parseAllocator } from './allocator-stats.ts';

test('reads what is allocated and resident, of all arenas', () => {
  const stats = `___ Begin jemalloc statistics ___
Number of large size classes: 196
Allocated: 100381328, active: 104857600, metadata: 11158656 (n_thp 0, edata 514816), resident: 147021824, mapped: 166486016, retained: 44277760
resident:                   7`;
  expect(parseAllocator(stats)).toEqual({ allocated: 100_381_328, resident: 147_021_824 });
  expect(() => parseAllocator('nothing')).toThrow('nothing');
});
