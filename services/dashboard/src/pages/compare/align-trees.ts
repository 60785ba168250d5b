import type { Schemas } from '../../api/client.ts';

export type PathNode = Schemas['PathNode'];
export type PathFigures = Schemas['PathFigures'];

export interface AlignedNode {
  readonly path: string;
  /** Of nesting, from 0 on. */
  readonly depth: number;
  /** With everything below it; null: the session has no such path. */
  readonly a: PathFigures | null;
  readonly b: PathFigures | null;
}

/** Two trees of paths as one list: what both have stands in one row, below its parent, in the order of the first. */
export function alignTrees(a: readonly PathNode[], b: readonly PathNode[]): AlignedNode[] {
  const rows: AlignedNode[] = [];
  // Trees may be deep, so that they are walked without recursion.
  const open: { readonly a: PathNode | undefined; readonly b: PathNode | undefined; readonly depth: number }[] = [];
  push(a, b, 0);
  while (open.length > 0) {
    const { a: one, b: other, depth } = open.pop()!;
    rows.push({ path: (one ?? other)!.path, depth, a: one?.total ?? null, b: other?.total ?? null });
    push(one?.children ?? [], other?.children ?? [], depth + 1);
  }
  return rows;

  function push(left: readonly PathNode[], right: readonly PathNode[], depth: number): void {
    const inRight = new Map(right.map((node) => [node.path, node]));
    const inLeft = new Set(left.map(({ path }) => path));
    const both = left.map((node) => ({ a: node, b: inRight.get(node.path), depth }));
    const only = right.filter(({ path }) => !inLeft.has(path)).map((node) => ({ a: undefined, b: node, depth }));
    open.push(...[...both, ...only].reverse());
  }
}
