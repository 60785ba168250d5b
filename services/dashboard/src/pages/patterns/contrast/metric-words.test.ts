import { describe, expect, it } from '@jest/globals';
import { differenceText, metricWords, points, relativeText } from './metric-words.ts';

describe('a difference in words', () => {
  it('has a sign and the unit of what differs', () => {
    expect(differenceText('cost', 0.012)).toBe('+$0.012');
    expect(differenceText('cost', -0.012)).toBe('−$0.012');
    expect(differenceText('duration_ms', 2_100)).toBe('+2.1 s');
    expect(differenceText('success_rate', -0.031)).toBe('−3.1 pp');
    expect(differenceText('requests', 0)).toBe('0');
    expect(differenceText('errors', 0.0123)).toBe('+0.0123');
    expect(differenceText('tokens', 12_345)).toBe('+12.3K');
  });

  it('is said in percent of the other, as far as that says something', () => {
    expect(relativeText(3, 2)).toBe('+50%');
    expect(relativeText(1, 2)).toBe('−50%');
    expect(relativeText(2, 2)).toBe('0%');
    expect(relativeText(2, 0)).toBe('');
    expect(relativeText(30, 2)).toBe('15×');
  });

  it('of shares is in percentage points', () => {
    expect([0, 0.0004, 0.031, -0.5].map(points)).toEqual(['0 pp', '<0.1 pp', '3.1 pp', '50 pp']);
  });

  it('knows figures that came later by their names', () => {
    expect(metricWords('cached_tokens').name).toBe('cached_tokens');
  });
});
