import { expect, test } from '@jest/globals';
import { ago, axisTime } from './instant.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

test.each([
  [NOW - 1_000, 'just now'],
  [NOW + 1_000, 'just now'],
  [NOW - 7_300, '7 s ago'],
  [NOW - 185_000, '3 min ago'],
  [NOW - 5 * 3_600_000 - 60_000, '5 h ago'],
  [NOW - 3 * 86_400_000, '3 d ago'],
  [NOW + 600_000, 'in 10 min'],
])('says of %p %s', (at, text) => {
  expect(ago(at, NOW)).toBe(text);
});

test('beyond a week it is the date, with its year where that is another', () => {
  expect(ago(Date.UTC(2026, 9, 3, 12), NOW)).toBe('3 Oct');
  expect(ago(Date.UTC(2025, 9, 3, 12), NOW)).toBe('3 Oct 2025');
});

test('marks of an axis are hours, with the day where it begins, or days alone', () => {
  const midnight = new Date(2026, 10, 22).getTime();
  const hour = 3_600_000;
  expect([0, hour, 2 * hour].map((ms) => axisTime(midnight + ms, hour))).toEqual(['22 Nov', '01:00', '02:00']);
  expect(axisTime(midnight + hour, 24 * hour)).toBe('22 Nov');
});
