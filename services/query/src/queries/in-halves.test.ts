import { describe, expect, test } from '@jest/globals';
import { AnalyticsError } from '@throughline/analytics/analytics-store';
import { collect } from '@throughline/testkit/collect';
import fc from 'fast-check';
import { inHalves } from './in-halves.ts';

/** Reads numbers that come to no more than `max` together. */
function reading(max: number) {
  const asked: (readonly number[])[] = [];
  const read = async (items: readonly number[]) => {
    asked.push(items);
    const sum = items.reduce((all, item) => all + item, 0);
    if (sum > max) throw new AnalyticsError('too-large', 'more than a query may answer');
    return sum;
  };
  return { asked, read };
}

describe('what is read of some', () => {
  test('is read together where it may be, and else in halves, each once and in order', async () => {
    const { asked, read } = reading(10);
    expect(await collect(inHalves([4, 4, 4, 1, 1], read))).toEqual([
      { items: [4, 4], found: 8 },
      { items: [4], found: 4 },
      { items: [1, 1], found: 2 },
    ]);
    expect(asked).toEqual([[4, 4, 4, 1, 1], [4, 4, 4], [4, 4], [4], [1, 1]]);
    const few = reading(10);
    await collect(inHalves([4, 4], few.read));
    expect(few.asked).toEqual([[4, 4]]);
  });

  test('is everything, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(10), { maxLength: 30 }),
        fc.integer({ min: 10, max: 60 }),
        async (items, max) => {
          const parts = await collect(inHalves(items, reading(max).read));
          expect(parts.flatMap((part) => part.items)).toEqual(items);
          expect(parts.every(({ found }) => found <= max)).toBe(true);
        },
      ),
    );
  });

  test('is not asked for before it is wanted', async () => {
    const { asked, read } = reading(1);
    const parts = inHalves([1, 1, 1, 1], read);
    await parts.next();
    expect(asked).toEqual([[1, 1, 1, 1], [1, 1], [1]]);
  });

  test.each([
    ['is too large where one alone is', new AnalyticsError('too-large', 'one alone')],
    ['fails where the engine does for another reason', new AnalyticsError('unavailable', 'away')],
  ])('%s', async (_, error) => {
    const read = async () => {
      throw error;
    };
    await expect(collect(inHalves([1], read))).rejects.toBe(error);
    if (error.code !== 'too-large') await expect(collect(inHalves([1, 2], read))).rejects.toBe(error);
  });
});
