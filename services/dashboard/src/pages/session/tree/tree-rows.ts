import type { PathNode } from './path-tree.ts';

/** A line of the tree as it is shown: a path, or one of its requests. */
export interface TreeRow {
  readonly kind: 'node' | 'step';
  /** The node, or the one that the request belongs to. */
  readonly node: PathNode;
  /** Index of the request; −1 for a node. */
  readonly step: number;
  /** From 1 on. */
  readonly level: number;
  readonly isOpen: boolean;
  /** Place among its siblings, from 1 on, and how many they are. */
  readonly place: number;
  readonly siblings: number;
}

export interface TreeChoice {
  /** Paths whose contents are not shown. */
  readonly closed: ReadonlySet<string>;
  /** Which requests are shown; undefined: all. What leads to them is open, and nothing else is there. */
  readonly matches: ((step: number) => boolean) | undefined;
}

/** The rows that are shown, in order: paths and requests of one node in order of time. */
export function treeRows(roots: readonly PathNode[], { closed, matches }: TreeChoice): TreeRow[] {
  const kept = matches && new Set<PathNode>();
  if (matches) for (const root of roots) keepMatching(root, matches, kept!);
  const rows: TreeRow[] = [];
  const add = (nodes: readonly PathNode[], steps: readonly number[], owner: PathNode | undefined, level: number) => {
    const shownNodes = kept ? nodes.filter((node) => kept.has(node)) : nodes;
    const shownSteps = matches ? steps.filter(matches) : steps;
    const siblings = shownNodes.length + shownSteps.length;
    let place = 0;
    let nextStep = 0;
    for (const node of shownNodes) {
      while (nextStep < shownSteps.length && shownSteps[nextStep]! <= node.first) {
        rows.push(stepRow(owner!, shownSteps[nextStep++]!, level, ++place, siblings));
      }
      const isOpen = matches !== undefined || !closed.has(node.path);
      rows.push({ kind: 'node', node, step: -1, level, isOpen, place: ++place, siblings });
      if (isOpen) add(node.children, node.steps, node, level + 1);
    }
    while (nextStep < shownSteps.length) {
      rows.push(stepRow(owner!, shownSteps[nextStep++]!, level, ++place, siblings));
    }
  };
  add(roots, [], undefined, 1);
  return rows;
}

/** Every path of a tree. */
export function allPaths(roots: readonly PathNode[]): string[] {
  return roots.flatMap(({ path, children }) => [path, ...allPaths(children)]);
}

function stepRow(node: PathNode, step: number, level: number, place: number, siblings: number): TreeRow {
  return { kind: 'step', node, step, level, isOpen: false, place, siblings };
}

function keepMatching(node: PathNode, matches: (step: number) => boolean, kept: Set<PathNode>): boolean {
  let isKept = node.steps.some(matches);
  for (const child of node.children) isKept = keepMatching(child, matches, kept) || isKept;
  if (isKept) kept.add(node);
  return isKept;
}
