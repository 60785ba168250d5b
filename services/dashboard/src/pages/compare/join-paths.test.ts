import { describe, expect, it } from '@jest/globals';
import { joinPaths } from './join-paths.ts';

const sums = (path: string, sessions: number, cost: number) => ({
  path,
  sessions,
  requests: sessions * 2,
  errors: 1,
  cost,
  avg_cost: cost / (sessions * 2),
  avg_latency: 100,
  share_of_cost: 0,
  pattern: { steps: [{ path }] },
});

describe('paths of two groups', () => {
  it('stand side by side, the largest difference in cost per session first', () => {
    const rows = joinPaths(
      { sessions: 10, paths: [sums('/a', 10, 1), sums('/b', 5, 4)] },
      { sessions: 20, paths: [sums('/a', 10, 2), sums('/c', 1, 1)] },
    );
    expect(rows.map(({ path }) => path)).toEqual(['/b', '/c', '/a']);
    expect(rows[0]).toMatchObject({
      a: { share: 0.5, costPerSession: 0.4, latency: 100, errorShare: 0.1 },
      b: { share: 0, costPerSession: 0, latency: null, errorShare: null, pattern: null },
    });
    expect(rows[2]).toMatchObject({ a: { share: 1, costPerSession: 0.1 }, b: { share: 0.5, costPerSession: 0.1 } });
  });

  it('are none where there are no sessions', () => {
    expect(joinPaths({ sessions: 0, paths: [] }, { sessions: 0, paths: [] })).toEqual([]);
  });
});
