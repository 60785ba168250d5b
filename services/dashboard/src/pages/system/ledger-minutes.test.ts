import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ledgerSeries, ledgerSums, minuteExtras, minuteGaps } from './ledger-minutes.ts';

const minute = (at: string, accepted: number, totalled = accepted, more: Record<string, number> = {}) => ({
  at,
  accepted: accepted + (more.dead ?? 0),
  logged: accepted + (more.dead ?? 0),
  stored: accepted,
  totalled,
  refused: 0,
  exceptions: more,
});

test('a minute in which everything came all the way has no gaps', () => {
  expect(minuteGaps(minute('2026-11-22T10:00:00.000Z', 7))).toEqual([]);
});

test('what did not come all the way is named and counted', () => {
  const late = {
    ...minute('2026-11-22T10:00:00.000Z', 7, 5, { dead: 2, resent: 1, control: 3, strange: 1 }),
    refused: 4,
  };
  expect(minuteGaps(late)).toEqual([
    '2 stored and not totalled yet',
    '2 could not be processed',
    '4 refused, the log had no room',
  ]);
  expect(minuteExtras(late)).toBe('1 sent once more, 3 of our own, 1 strange');
});

test('minutes in which nothing happened are part of the picture', () => {
  const now = Date.parse('2026-11-22T10:05:31Z');
  const { times, series } = ledgerSeries([minute('2026-11-22T10:03:00.000Z', 5, 4, { dead: 1 })], 5, now);
  expect(times.map((time) => new Date(time).toISOString().slice(11, 16))).toEqual([
    '10:01',
    '10:02',
    '10:03',
    '10:04',
    '10:05',
  ]);
  expect(series.map(({ values }) => values)).toEqual([
    [0, 0, 6, 0, 0],
    [0, 0, 4, 0, 0],
    [0, 0, 1, 0, 0],
  ]);
});

test('sums are of all minutes, in any order', () => {
  const minutes = fc.array(
    fc
      .record({ accepted: fc.nat(1000), dead: fc.nat(9) })
      .map((one) => minute('2026-11-22T10:00:00.000Z', one.accepted, one.accepted, { dead: one.dead })),
  );
  fc.assert(
    fc.property(minutes, (all) => {
      const sums = ledgerSums(all);
      expect(ledgerSums(all.toReversed())).toEqual(sums);
      expect(sums.accepted - sums.stored).toBe(sums.dead);
    }),
  );
});
