import { describe, expect, it } from '@jest/globals';
import { periodBefore, periodBounds, periodLabel, plainRange } from './period.ts';

const NOW = 1_790_000_000_000;
const DAY = 86_400_000;

describe('a period', () => {
  it('is a range, or the same span before it', () => {
    expect(periodBounds('7d', NOW)).toEqual({ fromMs: NOW - 7 * DAY, toMs: NOW + 60_000 });
    expect(periodBounds('before-7d', NOW)).toEqual({ fromMs: NOW - 14 * DAY, toMs: NOW - 7 * DAY });
    expect(periodBounds('100~300', NOW)).toEqual({ kind: 'exact', fromMs: 100, toMs: 300 });
  });

  it('ends where the next one begins', () => {
    for (const period of ['15m', '24h', '30d', '2000~5000']) {
      expect(periodBounds(periodBefore(period), NOW).toMs).toBe(periodBounds(period, NOW).fromMs);
    }
  });

  it('is called as people call it', () => {
    expect(periodLabel('7d')).toBe('Last 7 days');
    expect(periodLabel('before-7d')).toBe('The 7 days before');
    expect(periodLabel('before-24h')).toBe('The 24 hours before');
  });

  it('becomes an exact range for those who know no spans before', () => {
    expect(plainRange('7d', NOW)).toBe('7d');
    expect(plainRange(undefined, NOW)).toBeUndefined();
    expect(plainRange('before-1h', NOW)).toBe(`${NOW - 7_200_000}~${NOW - 3_600_000}`);
  });
});
