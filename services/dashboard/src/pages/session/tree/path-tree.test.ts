import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fakeColumns } from '../steps/fake-steps.ts';
import { type Figures, type PathNode, pathTree } from './path-tree.ts';
import { allPaths, treeRows } from './tree-rows.ts';

const COLUMNS = fakeColumns([
  { path: '/plan' },
  { path: '/plan/search', is_error: true, cost: null },
  { path: '/plan/search/deep/er', latency_ms: 100 },
  { path: '/plan' },
  { path: '' },
]);

describe('the tree of paths', () => {
  it('has what each path comes to itself and with what lies below it, also where it has no request', () => {
    const [plan, rest] = pathTree(COLUMNS);
    expect(rest).toMatchObject({ path: '/', name: '/', own: { requests: 1 } });
    expect(plan).toMatchObject({
      own: { requests: 2, errors: 0 },
      total: { requests: 4, errors: 1, unpriced: 1, latencyMs: 1_600 },
    });
    const deep = plan!.children[0]!.children[0]!;
    expect(deep).toMatchObject({
      path: '/plan/search/deep',
      own: { requests: 0 },
      total: { requests: 1, latencyMs: 100 },
    });
  });

  it('is shown in order of time, without what is closed', () => {
    const roots = pathTree(COLUMNS);
    const shown = (closed: string[], matches?: (step: number) => boolean) =>
      treeRows(roots, { closed: new Set(closed), matches }).map(
        ({ kind, node, step, level }) => `${level} ${kind === 'node' ? node.path : step}`,
      );
    expect(shown([])).toEqual([
      '1 /plan',
      '2 0',
      '2 /plan/search',
      '3 1',
      '3 /plan/search/deep',
      '4 /plan/search/deep/er',
      '5 2',
      '2 3',
      '1 /',
      '2 4',
    ]);
    expect(shown(['/plan'])).toEqual(['1 /plan', '1 /', '2 4']);
    expect(shown(['/plan'], (step) => step === 1)).toEqual(['1 /plan', '2 /plan/search', '3 1']);
    expect(shown(allPaths(roots))).toEqual(['1 /plan', '1 /']);
  });

  it('adds up, whatever the paths', () => {
    const segment = fc.constantFrom('a', 'b', '__proto__', '');
    const path = fc.array(segment, { maxLength: 5 }).map((segments) => segments.join('/'));
    fc.assert(
      fc.property(
        fc.array(fc.record({ path, is_error: fc.boolean(), latency_ms: fc.nat(9) }), { maxLength: 30 }),
        (steps) => {
          const roots = pathTree(fakeColumns(steps));
          const sum = (nodes: readonly PathNode[], figure: keyof Figures) =>
            nodes.reduce((all, { total }) => all + total[figure], 0);
          expect(sum(roots, 'requests')).toBe(steps.length);
          expect(sum(roots, 'latencyMs')).toBe(steps.reduce((all, { latency_ms: ms }) => all + ms, 0));
          const rows = treeRows(roots, { closed: new Set(), matches: undefined });
          expect(rows.flatMap(({ step }) => (step === -1 ? [] : step)).sort((a, b) => a - b)).toEqual(
            steps.map((_, step) => step),
          );
          for (const { place, siblings } of rows) expect(place).toBeLessThanOrEqual(siblings);
        },
      ),
    );
  });
});
