import type { Schemas } from '../../api/client.ts';
import { pathSegments } from '../session/steps/path-segments.ts';

export type DiffStep = Schemas['DiffStep'];

/** A line of the tree that both sessions share: a path, or a step of it. */
export type DiffRow =
  | { readonly kind: 'path'; readonly path: string; readonly name: string; readonly level: number }
  | { readonly kind: 'step'; readonly step: DiffStep; readonly level: number };

/** Steps below their paths, those and these in the order in which they came. */
export function diffRows(steps: readonly DiffStep[]): DiffRow[] {
  const root: Node = { path: '/', name: '/', inside: [], nodes: new Map() };
  for (const step of steps) {
    let node = root;
    for (const name of pathSegments(step.path)) node = childOf(node, name);
    node.inside.push(step);
  }
  const rows: DiffRow[] = [];
  // Steps without a path are below `/`, which has none of the others in it.
  const own = root.inside.filter((one): one is DiffStep => !('inside' in one));
  if (own.length > 0) add({ ...root, inside: own }, 0, rows);
  for (const one of root.inside) if ('inside' in one) add(one, 0, rows);
  return rows;
}

/** What a step is known by. */
export function stepKey({ a, b }: DiffStep): string {
  return JSON.stringify([a?.request_id ?? null, b?.request_id ?? null]);
}

interface Node {
  readonly path: string;
  readonly name: string;
  readonly inside: (Node | DiffStep)[];
  readonly nodes: Map<string, Node>;
}

function childOf(node: Node, name: string): Node {
  const known = node.nodes.get(name);
  if (known) return known;
  const made: Node = { path: `${node.path === '/' ? '' : node.path}/${name}`, name, inside: [], nodes: new Map() };
  node.nodes.set(name, made);
  node.inside.push(made);
  return made;
}

function add({ path, name, inside }: Node, level: number, rows: DiffRow[]): void {
  rows.push({ kind: 'path', path, name, level });
  for (const one of inside) {
    if ('inside' in one) add(one, level + 1, rows);
    else rows.push({ kind: 'step', step: one, level: level + 1 });
  }
}
