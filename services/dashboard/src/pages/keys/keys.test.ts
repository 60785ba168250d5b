import { expect, test } from '@jest/globals';
import { endingOf, expiryOf, OVERLAPS, VALIDITIES } from './expiry.ts';
import { KEY_KINDS, permissionText, permissionWords } from './permissions.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');

test.each(KEY_KINDS.map(([kind]) => kind))(
  'the permission %s is written as the API takes it, and read in words',
  (kind) => {
    expect(permissionText(kind, false)).toBe(kind);
    expect(permissionText(kind, true)).toBe(kind === 'operator' ? kind : `${kind},operator`);
    expect(permissionWords(kind)).not.toBe(kind);
  },
);

test('several permissions are said in one breath, and one that nobody knows as it is', () => {
  expect(permissionWords('rw,operator')).toBe('Read and write, operate');
  expect(permissionWords('rw, x')).toBe('Read and write, x');
});

test('a key ends when it was said to, or never', () => {
  const ends = VALIDITIES.map(([validity]) => expiryOf(validity, NOW));
  expect(ends[0]).toBeNull();
  expect(ends[1]).toBe('2026-11-23T10:00:00.000Z');
  expect(ends.slice(1)).toEqual(ends.slice(1).toSorted());
  expect(OVERLAPS.every(([seconds]) => Number(seconds) <= 90 * 86_400)).toBe(true);
});

test.each([
  [null, 'never'],
  ['2026-11-22T10:00:00Z', 'over'],
  ['2026-11-23T10:00:00Z', 'soon'],
  ['2027-11-23T10:00:00Z', 'later'],
] as const)('a key that ends at %s ends %s', (expiresAt, ending) => {
  expect(endingOf(expiresAt, NOW)).toBe(ending);
});
