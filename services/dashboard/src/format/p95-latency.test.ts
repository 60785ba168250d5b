import { expect, test } from '@jest/globals';
import { p95Latency } from './p95-latency.ts';

test('a 95th percentile is never above the slowest request, nor above the whole session', () => {
  expect(p95Latency({ p95_latency: 837, duration_ms: 832 })).toBe(832);
  expect(p95Latency({ p95_latency: 837, duration_ms: 2_000 }, 832)).toBe(832);
  expect(p95Latency({ p95_latency: 800, duration_ms: 2_000 }, 832)).toBe(800);
});
