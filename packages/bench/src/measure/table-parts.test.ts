import { expect, test } from '@jest/globals';
import { activeParts, partsOfFullestPartition } from './table-parts.ts';

const names = (folder: readonly string[]) => activeParts(folder).map(({ name }) => name);

test('a part that was merged into another, or changed in place, is not read from any more', () => {
  expect(names(['all_1_1_0', 'all_2_2_0', 'all_1_2_1', 'all_3_3_0'])).toEqual(['all_1_2_1', 'all_3_3_0']);
  expect(names(['all_1_2_1', 'all_1_4_2', 'all_3_4_1'])).toEqual(['all_1_4_2']);
  expect(names(['all_1_2_1', 'all_1_2_1_7', 'all_1_2_1_5'])).toEqual(['all_1_2_1_7']);
  expect(names(['all_1_2_1', 'all_1_2_2'])).toEqual(['all_1_2_2']);
});

test('what is no part, or is still being written, is left out', () => {
  expect(
    names(['detached', 'format_version.txt', 'mutation_3.txt', 'tmp_merge_all_1_8_1', 'delete_tmp_all_1_1_0']),
  ).toEqual([]);
});

test('parts of another partition cover nothing, and the fullest one counts', () => {
  const folder = ['202611_1_9_2', '202612_2_2_1', '202612_3_3_1', '202612_2_3_2', '202612_10_10_0', '202612_11_11_0'];
  expect(names(folder)).toEqual(['202611_1_9_2', '202612_2_3_2', '202612_10_10_0', '202612_11_11_0']);
  expect(partsOfFullestPartition(folder)).toBe(3);
  expect(partsOfFullestPartition(['detached'])).toBe(0);
});
