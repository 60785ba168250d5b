import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { timestamp } from './timestamp.ts';

test.each([
  [0, '2026-01-02T03:04:05.678Z'],
  [60, '2026-01-02T04:04:05.678+01:00'],
  [-330, '2026-01-01T21:34:05.678-05:30'],
  [1440, '2026-01-03T03:03:05.678+23:59'],
  [-1440, '2026-01-01T03:05:05.678-23:59'],
])('shifts by %i minutes to %s', (shift, expected) => {
  expect(timestamp(Date.UTC(2026, 0, 2, 3, 4, 5, 678), shift)).toBe(expected);
});

test('names the same instant whatever the shift, to whoever parses it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -1440, max: 1440 }), (at, shift) => {
      expect(Date.parse(timestamp(at, shift))).toBe(at);
    }),
  );
});
