import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isUuid, newEventId, PARTITIONS_MAX, partitionHint } from './ids.ts';

describe('newEventId', () => {
  test('is a UUIDv7 of the time given, with the partition behind it', () => {
    fc.assert(
      fc.property(fc.nat(PARTITIONS_MAX - 1), fc.integer({ min: 0, max: 2 ** 48 - 1 }), (partition, nowMs) => {
        const id = newEventId(partition, nowMs);
        expect(isUuid(id)).toBe(true);
        expect(id[14]).toBe('7');
        expect('89ab').toContain(id[19]);
        expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(nowMs);
        expect(partitionHint(id)).toBe(partition);
      }),
    );
  });

  test('does not repeat, across refills of its random bytes too', () => {
    const ids = Array.from({ length: 5000 }, () => newEventId(3, 1_760_000_000_000));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is made of whole milliseconds even when the clock gives fractions', () => {
    expect(isUuid(newEventId(0, 1_760_000_000_000.75))).toBe(true);
  });

  test('sorts by time', () => {
    expect(newEventId(9, 1_760_000_000_000) < newEventId(0, 1_760_000_000_001)).toBe(true);
  });
});

describe('partitionHint', () => {
  test.each(['', 'x', '01999999-aaaa-4000-8000-0123456789ab', '01999999-aaaa-7zzz-8000-0123456789ab'])(
    'of %j, which we did not make, is unknown',
    (id) => {
      expect(partitionHint(id)).toBeUndefined();
    },
  );

  test('never throws and is a possible partition', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (id) => {
        const hint = partitionHint(id);
        expect(hint === undefined || (hint >= 0 && hint < PARTITIONS_MAX)).toBe(true);
      }),
    );
  });
});

describe('isUuid', () => {
  test.each([
    ['01999999-aaaa-7000-8000-0123456789ab', true],
    ['01999999-AAAA-4000-B000-0123456789AB', true],
    ['01999999-aaaa-9000-8000-0123456789ab', false],
    ['01999999-aaaa-7000-c000-0123456789ab', false],
    ['01999999aaaa700080000123456789ab', false],
    ['01999999-aaaa-7000-8000-0123456789ab\n', false],
    ['', false],
  ])('of %j is %j', (text, is) => {
    expect(isUuid(text)).toBe(is);
  });
});
