import { describe, expect, test } from '@jest/globals';
import type { TimeIncrement } from '@throughline/contracts/api/metrics-query';
import { bucketStarts, POINTS_MAX, readGrid, readGridOf } from './time-buckets.ts';

const starts = (from: string, to: string, increment: TimeIncrement, zoneMinutes = 0) =>
  bucketStarts({ fromMs: Date.parse(from), toMs: Date.parse(to) }, { increment, zoneMinutes }).map((at) =>
    new Date(at).toISOString().replace(':00.000Z', ''),
  );

describe('the intervals of a range', () => {
  test.each<[TimeIncrement, number, string, string, string[]]>([
    ['min', 0, '2026-02-28T23:59:30Z', '2026-03-01T00:00:00Z', ['2026-02-28T23:59', '2026-03-01T00:00']],
    ['hour', 0, '2026-02-28T23:00:00Z', '2026-03-01T00:59:59Z', ['2026-02-28T23:00', '2026-03-01T00:00']],
    ['hour', -330, '2026-03-01T00:29:00Z', '2026-03-01T00:31:00Z', ['2026-02-28T23:30', '2026-03-01T00:30']],
    ['day', 0, '2026-02-28T12:00:00Z', '2026-03-01T12:00:00Z', ['2026-02-28T00:00', '2026-03-01T00:00']],
    // Noon in Berlin, summer time: the day began at ten in the evening, UTC.
    ['day', -120, '2026-07-01T10:00:00Z', '2026-07-01T10:00:00Z', ['2026-06-30T22:00']],
    ['day', 480, '2026-07-01T07:00:00Z', '2026-07-01T09:00:00Z', ['2026-06-30T08:00', '2026-07-01T08:00']],
    ['week', 0, '2026-09-13T12:00:00Z', '2026-09-14T00:00:00Z', ['2026-09-07T00:00', '2026-09-14T00:00']],
    [
      'month',
      0,
      '2024-01-31T00:00:00Z',
      '2024-03-01T00:00:00Z',
      ['2024-01-01T00:00', '2024-02-01T00:00', '2024-03-01T00:00'],
    ],
    ['month', -60, '2024-01-31T23:30:00Z', '2024-01-31T23:30:00Z', ['2024-01-31T23:00']],
    ['year', 0, '2023-12-31T23:59:59Z', '2024-01-01T00:00:00Z', ['2023-01-01T00:00', '2024-01-01T00:00']],
  ])('of one %s each, at %d minutes, from %s to %s', (increment, zoneMinutes, from, to, expected) => {
    expect(starts(from, to, increment, zoneMinutes)).toEqual(expected);
  });

  test('are at most a month of minutes', () => {
    const from = '2026-01-01T00:00:00Z';
    const inMinutes = (minutes: number) => new Date(Date.parse(from) + minutes * 60_000).toISOString();
    expect(starts(from, inMinutes(POINTS_MAX - 1), 'min')).toHaveLength(POINTS_MAX);
    expect(() => starts(from, inMinutes(POINTS_MAX), 'min')).toThrow(`more than ${POINTS_MAX} points of one min each`);
    expect(() => starts('1900-01-01', '2299-12-31', 'hour')).toThrow('choose a longer increment');
    expect(starts('1900-01-01', '2299-12-31', 'month')).toHaveLength(4800);
  });
});

describe('intervals of several increments', () => {
  const startsOf = (from: string, to: string, increment: TimeIncrement, every: number, zoneMinutes = 0) =>
    bucketStarts({ fromMs: Date.parse(from), toMs: Date.parse(to) }, readGridOf(every, increment, zoneMinutes)).map(
      (at) => new Date(at).toISOString().replace(':00.000Z', ''),
    );

  test.each<[TimeIncrement, number, number, string, string, string[]]>([
    ['min', 15, 0, '2026-02-28T23:50:30Z', '2026-03-01T00:00:00Z', ['2026-02-28T23:45', '2026-03-01T00:00']],
    ['hour', 6, 0, '2026-02-28T19:00:00Z', '2026-03-01T00:59:59Z', ['2026-02-28T18:00', '2026-03-01T00:00']],
    // Half past five ahead of UTC: six in the evening there is half past noon here.
    ['hour', 6, -330, '2026-03-01T12:29:00Z', '2026-03-01T12:31:00Z', ['2026-03-01T06:30', '2026-03-01T12:30']],
    ['day', 2, 0, '1969-12-31T00:00:00Z', '1970-01-01T00:00:00Z', ['1969-12-30T00:00', '1970-01-01T00:00']],
    ['week', 2, 0, '1970-01-10T00:00:00Z', '1970-01-19T00:00:00Z', ['1970-01-05T00:00', '1970-01-19T00:00']],
    ['month', 1, 0, '2026-02-28T00:00:00Z', '2026-02-28T00:00:00Z', ['2026-02-01T00:00']],
  ])('of one %s × %i, at %d minutes, from %s to %s', (increment, every, zoneMinutes, from, to, expected) => {
    expect(startsOf(from, to, increment, every, zoneMinutes)).toEqual(expected);
  });

  test('are whole, and of months and years one', () => {
    for (const [every, increment] of [
      [0, 'day'],
      [1.5, 'day'],
      [-1, 'min'],
      [732, 'min'],
      [2, 'month'],
      [2, 'year'],
      [1, 'second'],
    ] as const) {
      expect(() => readGridOf(every, increment, 0)).toThrow('Invalid time increment');
    }
  });
});

describe('how time is cut', () => {
  test('is checked', () => {
    expect(readGrid('week', -840)).toEqual({ increment: 'week', zoneMinutes: -840 });
    expect(() => readGrid('second', 0)).toThrow('Invalid time increment');
    expect(() => readGrid('toString', 0)).toThrow('Invalid time increment');
    for (const minutes of [1441, -1441, 0.5, Number.NaN]) {
      expect(() => readGrid('day', minutes)).toThrow('Invalid time zone difference');
    }
  });
});
