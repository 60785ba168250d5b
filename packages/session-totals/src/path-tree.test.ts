import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describePaths, normalisePath, type PathNode } from './path-tree.ts';
import type { PathTotals } from './session-state.ts';

function totals(firstAt: number, changes: Partial<PathTotals> = {}): PathTotals {
  return {
    requests: 1,
    errors: 0,
    unpriced: 0,
    costPico: 1_000_000n,
    promptTokens: 10n,
    completionTokens: 1n,
    latencyMsSum: 5n,
    firstAt,
    lastAt: firstAt + 5,
    ...changes,
  };
}

const outline = (nodes: readonly PathNode[]): unknown[] =>
  nodes.map((node) => (node.children.length === 0 ? node.path : [node.path, ...outline(node.children)]));
const flat = (nodes: readonly PathNode[]): PathNode[] => nodes.flatMap((node) => [node, ...flat(node.children)]);
const sum = (nodes: readonly PathNode[], part: 'own' | 'total') =>
  nodes.reduce((n, node) => n + node[part].requests, 0);

describe('path tree', () => {
  test('shows a path with one leading slash and without empty segments', () => {
    const shown = ['', '/', '//', 'a/b', '/a/b', '/a//b/', ' a /b', 'a/../b'].map(normalisePath);
    expect(shown).toEqual(['/', '/', '/', '/a/b', '/a/b', '/a/b', '/ a /b', '/a/../b']);
  });

  test('adds up spellings of one path, and parents that have no request of their own', () => {
    const { tree, tree_truncated } = describePaths({
      paths: new Map([
        ['', totals(50)],
        ['/plan/search', totals(20, { errors: 1 })],
        ['plan//search/', totals(10)],
        ['/plan/write', totals(5)],
      ]),
      otherPaths: null,
    });
    expect(tree_truncated).toBe(false);
    expect(outline(tree)).toEqual([['/plan', '/plan/write', '/plan/search'], '/']);
    const [plan] = tree;
    expect(plan!.own).toEqual({
      requests: 0,
      cost: 0,
      prompt_tokens: 0,
      completion_tokens: 0,
      errors: 0,
      latency_ms_sum: 0,
      first_at: null,
      last_at: null,
    });
    expect(plan!.total).toEqual({
      requests: 3,
      cost: 0.000003,
      prompt_tokens: 30,
      completion_tokens: 3,
      errors: 1,
      latency_ms_sum: 15,
      first_at: 5,
      last_at: 25,
    });
    expect(plan!.children[1]!.own).toMatchObject({ requests: 2, first_at: 10, last_at: 25 });
  });

  test('answers null for the cost of requests of which none is priced', () => {
    const { tree } = describePaths({
      paths: new Map([
        ['/a', totals(1, { unpriced: 1, costPico: 0n })],
        ['/a/b', totals(2)],
      ]),
      otherPaths: null,
    });
    expect(tree[0]!.own.cost).toBeNull();
    expect(tree[0]!.total.cost).toBe(0.000001);
  });

  test('keeps names of prototypes as names', () => {
    const { tree } = describePaths({ paths: new Map([['/__proto__/constructor', totals(1)]]), otherPaths: null });
    expect(outline(tree)).toEqual([['/__proto__', '/__proto__/constructor']]);
  });

  test('keeps the segments below the 32nd level together', () => {
    const path = `/${Array.from({ length: 500 }, (_, i) => i).join('/')}`;
    const { tree } = describePaths({ paths: new Map([[path, totals(1)]]), otherPaths: null });
    const nodes = flat(tree);
    expect(nodes).toHaveLength(32);
    expect(nodes.at(-1)!.path).toBe(path);
  });

  test('ends with one node for what is beyond the bound', () => {
    const paths = new Map(Array.from({ length: 1_000 }, (_, i) => [`/group/${i}`, totals(i)]));
    const { tree, tree_truncated } = describePaths({ paths, otherPaths: totals(0, { requests: 500 }) });
    expect(tree_truncated).toBe(true);
    expect(tree.map((node) => [node.path, node.total.requests])).toEqual([
      ['/group', 999],
      ['…', 501],
    ]);
    expect(flat(tree)).toHaveLength(1_001);
  });

  test('adds up at every node and to the session, whatever is left out', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 5 }).map((segments) => segments.join('/'));
    const paths = fc.array(fc.tuple(path, fc.nat({ max: 9 })), { maxLength: 40 });
    fc.assert(
      fc.property(paths, fc.integer({ min: 1, max: 12 }), fc.boolean(), (entries, nodesMax, hasOthers) => {
        const map = new Map(entries.map(([key, at]) => [key, totals(at)]));
        const { tree, tree_truncated } = describePaths(
          { paths: map, otherPaths: hasOthers ? totals(3) : null },
          nodesMax,
        );
        const nodes = flat(tree);
        const requests = map.size + (hasOthers ? 1 : 0);
        expect(sum(tree, 'total')).toBe(requests);
        expect(sum(nodes, 'own')).toBe(requests);
        expect(nodes.length).toBeLessThanOrEqual(nodesMax + (tree_truncated ? 1 : 0));
        for (const node of nodes) {
          expect(node.total.requests).toBe(node.own.requests + sum(node.children, 'total'));
          expect(node.total.requests).toBeGreaterThan(0);
          const starts = node.children.map((child) => child.total.first_at!);
          expect(starts).toEqual([...starts].sort((a, b) => a - b));
        }
      }),
      { numRuns: 300 },
    );
  });
});
