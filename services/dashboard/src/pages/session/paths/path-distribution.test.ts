import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fakeColumns } from '../steps/fake-steps.ts';
import { timeScale } from '../timeline/time-scale.ts';
import { latencyAxis, latencyBins, pathDistributions, presenceOf, quantile } from './path-distribution.ts';

describe('distribution by path', () => {
  it('takes numbered paths as one, unless told otherwise, the longest first', () => {
    const columns = fakeColumns([
      { path: '/page/1', latency_ms: 100 },
      { path: '/sum', latency_ms: 500, is_error: true, cost: null },
      { path: '/page/2/', latency_ms: 300 },
    ]);
    expect(pathDistributions(columns, true)).toMatchObject([
      { path: '/sum', steps: [1], errors: 1, unpriced: 1, cost: 0 },
      { path: '/page/{n}', steps: [0, 2], errors: 0, slowest: 2, cost: 0.02 },
    ]);
    expect(pathDistributions(columns, false).map(({ path }) => path)).toEqual(['/sum', '/page/2', '/page/1']);
  });

  it('has quantiles between its values', () => {
    const sorted = Float64Array.of(10, 20, 30, 40);
    expect([0, 0.5, 0.95, 1].map((share) => quantile(sorted, share))).toEqual([10, 25, 38.5, 40]);
    expect(quantile(Float64Array.of(7), 0.95)).toBe(7);
  });

  it('counts every request in one bin of an axis that holds them all', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000_000), { minLength: 1 }), (latencies) => {
        const distributions = pathDistributions(fakeColumns(latencies.map((latency_ms) => ({ latency_ms }))), true);
        const axis = latencyAxis(distributions);
        expect(axis.minMs).toBeLessThan(axis.maxMs);
        const bins = latencyBins(distributions[0]!, axis, 24);
        expect(bins.reduce((sum, value) => sum + value)).toBe(latencies.length);
      }),
    );
  });

  it.each([
    [41, 90, [30, 100]],
    [310, 900, [300, 1_000]],
    [50, 600, [100, 1_000]],
    [2, 5_000, [1, 10, 100, 1_000]],
  ])('from %d to %d ms has an axis that can be read', (fastest, slowest, ticks) => {
    const columns = fakeColumns([fastest, slowest].map((latency_ms) => ({ latency_ms })));
    expect(latencyAxis(pathDistributions(columns, true)).ticks).toEqual(ticks);
  });

  it('says when in the session a path runs', () => {
    const columns = fakeColumns([
      { path: '/a', started_at: 0, latency_ms: 100 },
      { path: '/a', started_at: 101, latency_ms: 99 },
      { path: '/b', started_at: 200, latency_ms: 600 },
      { path: '/a', started_at: 800, latency_ms: 200, is_error: true },
    ]);
    const a = pathDistributions(columns, true).find(({ path }) => path === '/a')!;
    const scale = timeScale(columns.started_at, columns.latency_ms, true);
    expect(presenceOf(a, columns, scale, 0.01)).toEqual({
      runs: [
        [0, 0.2],
        [0.8, 1],
      ],
      failures: [0.8],
    });
  });
});
