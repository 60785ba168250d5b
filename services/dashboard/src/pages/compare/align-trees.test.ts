import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alignTrees, type PathNode } from './align-trees.ts';

/** Nodes by their paths, each with as many requests as the length of its path. */
function treeOf(paths: readonly string[], below = ''): PathNode[] {
  const direct = new Set(
    paths.filter((path) => path.startsWith(below)).flatMap((path) => path.slice(below.length).split('/')[1] ?? []),
  );
  return Array.from(direct, (part) => {
    const path = `${below}/${part}`;
    const figures = {
      requests: path.length,
      cost: 0,
      prompt_tokens: 0,
      completion_tokens: 0,
      errors: 0,
      latency_ms_sum: 0,
      first_at: null,
      last_at: null,
    };
    const under = paths.filter((other) => other.startsWith(`${path}/`));
    return { path, own: figures, total: figures, children: treeOf(under, path) };
  });
}

describe('two trees side by side', () => {
  it('have in one row what both have, below its parent', () => {
    const rows = alignTrees(treeOf(['/a/x', '/a/y', '/c']), treeOf(['/a/z', '/a/y', '/b']));
    expect(rows.map(({ path, depth, a, b }) => [path, depth, a?.requests ?? null, b?.requests ?? null])).toEqual([
      ['/a', 0, 2, 2],
      ['/a/x', 1, 4, null],
      ['/a/y', 1, 4, 4],
      ['/a/z', 1, null, 4],
      ['/c', 0, 2, null],
      ['/b', 0, null, 2],
    ]);
  });

  it('have every path of either once, and with one side all of its own', () => {
    const anyPath = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
      .map((parts) => `/${parts.join('/')}`);
    const anyPaths = fc.array(anyPath, { maxLength: 12 });
    fc.assert(
      fc.property(anyPaths, anyPaths, (left, right) => {
        const rows = alignTrees(treeOf(left), treeOf(right));
        const wanted = new Set([...left, ...right].flatMap(ancestorsOf));
        expect(rows.map(({ path }) => path).toSorted()).toEqual([...wanted].toSorted());
        const inLeft = new Set(left.flatMap(ancestorsOf));
        for (const { path, a, depth } of rows) {
          expect(a !== null).toBe(inLeft.has(path));
          expect(depth).toBe(path.split('/').length - 2);
        }
      }),
    );
  });
});

function ancestorsOf(path: string): string[] {
  const parts = path.split('/').slice(1);
  return parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`);
}
