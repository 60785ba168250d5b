import { describe, expect, it } from '@jest/globals';
import { differenceText, metricWords, points, quantileText, relativeText } from './metric-words.ts';

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

  it('can be read where it is next to nothing', () => {
    expect(differenceText('success_rate', -0.0004)).toBe('−0.04 pp');
    expect(differenceText('success_rate', -0.000_000_4)).toBe('less than 0.001 pp lower');
    expect(differenceText('cost', 1e-9)).toBe('less than $0.000001 dearer');
    expect(relativeText(0.9996, 1)).toBe('−0.04%');
    expect(relativeText(1.000_000_1, 1)).toBe('about 0%');
  });

  it('takes a rate that its bin does not tell from 100% for 100%', () => {
    expect(quantileText('success_rate', 0.9999)).toBe('100%');
    expect(quantileText('success_rate', 0.99)).toBe('99%');
    expect(quantileText('errors', 0.9999)).toBe('1');
  });

  it('of shares is in percentage points', () => {
    expect([0, 0.0004, 0.031, -0.5].map(points)).toEqual(['0 pp', '0.04 pp', '3.1 pp', '50 pp']);
  });

  it('knows figures that came later by their names', () => {
    expect(metricWords('cached_tokens').name).toBe('cached_tokens');
  });
});
