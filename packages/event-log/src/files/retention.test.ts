import { describe, expect, test } from '@jest/globals';
import { countExpired } from './retention.ts';
import type { SegmentInfo } from './segment-files.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const POLICY = { marginMs: 10 * MINUTE_MS, keepMs: 24 * HOUR_MS };

// Hundred events each, one segment per hour from 0:00 on.
const SEGMENTS = [0, 1, 2, 3].map((hour) => segment(hour * 100, hour * HOUR_MS));

describe('countExpired', () => {
  test('keeps everything until all stores have it', () => {
    expect(countExpired(SEGMENTS, -1, POLICY, 1000 * HOUR_MS)).toBe(0);
    expect(countExpired(SEGMENTS, 98, POLICY, 1000 * HOUR_MS)).toBe(0);
  });

  test('lets segments go that lie behind the fence by more than the margin, once they are old enough', () => {
    expect(countExpired(SEGMENTS, 250, POLICY, 25.9 * HOUR_MS)).toBe(1);
    expect(countExpired(SEGMENTS, 350, POLICY, 26.1 * HOUR_MS)).toBe(2);
    expect(countExpired(SEGMENTS, 350, POLICY, 1000 * HOUR_MS)).toBe(2);
  });

  test('keeps the margin of log time behind the fence, whatever the clock says', () => {
    const wide = { ...POLICY, marginMs: 90 * MINUTE_MS };
    expect(countExpired(SEGMENTS, 350, wide, 1000 * HOUR_MS)).toBe(1);
    expect(countExpired(SEGMENTS, 350, { marginMs: 4 * HOUR_MS, keepMs: 0 }, 1000 * HOUR_MS)).toBe(0);
  });

  test('never lets the newest segment go', () => {
    expect(countExpired([segment(0, 0)], 99, { marginMs: 0, keepMs: 0 }, 1000 * HOUR_MS)).toBe(0);
    expect(countExpired([segment(0, 0), segment(100, undefined)], 99, { marginMs: 0, keepMs: 0 }, HOUR_MS)).toBe(0);
  });
});

function segment(base: number, firstAtMs: number | undefined): SegmentInfo {
  return { base, path: `${base}`, bytes: 1, firstAtMs };
}
