import { describe, expect, test } from '@jest/globals';
import { readTimeRange } from './time-range.ts';

const at = (text: string) => Date.parse(text);

describe('a range of time', () => {
  test.each<[string, string, string, 'inclusive' | 'exclusive', string, string]>([
    [
      'includes its bounds',
      '2026-09-10T12:00:00.000Z',
      '2026-09-10T13:00:00Z',
      'inclusive',
      '2026-09-10T12:00:00.000Z',
      '2026-09-10T13:00:00.000Z',
    ],
    [
      'leaves its bounds out',
      '2026-09-10T12:00:00.000Z',
      '2026-09-10T13:00:00Z',
      'exclusive',
      '2026-09-10T12:00:00.001Z',
      '2026-09-10T12:59:59.999Z',
    ],
    [
      'has no millisecond of which only a part lies inside, when bounds count',
      '2026-09-10T12:00:00.0005Z',
      '2026-09-10T13:00:00.0005Z',
      'inclusive',
      '2026-09-10T12:00:00.001Z',
      '2026-09-10T13:00:00.000Z',
    ],
    [
      'has none when they do not',
      '2026-09-10T12:00:00.0005Z',
      '2026-09-10T13:00:00.0005Z',
      'exclusive',
      '2026-09-10T12:00:00.001Z',
      '2026-09-10T13:00:00.000Z',
    ],
    [
      'reads a date as its midnight, and offsets',
      '2026-09-10',
      '2026-09-11T01:00:00+02:00',
      'inclusive',
      '2026-09-10T00:00:00.000Z',
      '2026-09-10T23:00:00.000Z',
    ],
  ])('%s', (_, start, end, bounds, from, to) => {
    expect(readTimeRange({ start, end }, bounds)).toEqual({ fromMs: at(from), toMs: at(to) });
  });

  test.each([
    ['yesterday', '2026-09-10'],
    ['2026-09-10', ''],
    ['2026-09-11', '2026-09-10'],
    ['2026-02-30', '2026-03-10'],
  ])('is not %s to %s', (start, end) => {
    expect(() => readTimeRange({ start, end }, 'inclusive')).toThrow('Invalid time filter');
  });
});
