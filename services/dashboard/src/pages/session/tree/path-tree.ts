import type { StepColumns } from '../steps/ask-steps.ts';
import { pathSegments } from '../steps/path-segments.ts';

/** What requests come to. */
export interface Figures {
  requests: number;
  /** USD of those whose cost is known. */
  cost: number;
  /** Requests whose cost is not known. */
  unpriced: number;
  /** Sum, ms. */
  latencyMs: number;
  errors: number;
}

/** A path; it need not have requests of its own. */
export interface PathNode {
  /** Whole, `/plan/search`. */
  readonly path: string;
  /** Its last segment. */
  readonly name: string;
  readonly own: Figures;
  /** With everything below it. */
  readonly total: Figures;
  readonly children: PathNode[];
  /** Indexes of its own requests, in order of time. */
  readonly steps: number[];
  /** Index of the earliest request in it or below it. */
  first: number;
}

/** The paths of a session as a tree, nodes in order of their first request. */
export function pathTree(columns: StepColumns): PathNode[] {
  const roots: PathNode[] = [];
  const nodes = new Map<string, PathNode>();
  // Most steps repeat a path as it is written.
  const chains = new Map<string, PathNode[]>();
  for (let step = 0; step < columns.path.length; step++) {
    const path = columns.path[step]!;
    let chain = chains.get(path);
    if (!chain) {
      chain = chainOf(path, step, nodes, roots);
      chains.set(path, chain);
    }
    for (const node of chain) count(node.total, columns, step);
    const own = chain.at(-1)!;
    count(own.own, columns, step);
    own.steps.push(step);
  }
  return roots;
}

/** The nodes from the top down to a path, made where they are not there. */
function chainOf(path: string, step: number, nodes: Map<string, PathNode>, roots: PathNode[]): PathNode[] {
  const segments = pathSegments(path);
  const chain: PathNode[] = [];
  let siblings = roots;
  let at = '';
  for (const name of segments.length === 0 ? [''] : segments) {
    at += `/${name}`;
    let node = nodes.get(at);
    if (!node) {
      node = { path: at, name: name || '/', own: nothing(), total: nothing(), children: [], steps: [], first: step };
      nodes.set(at, node);
      siblings.push(node);
    }
    chain.push(node);
    siblings = node.children;
  }
  return chain;
}

function nothing(): Figures {
  return { requests: 0, cost: 0, unpriced: 0, latencyMs: 0, errors: 0 };
}

function count(figures: Figures, columns: StepColumns, step: number): void {
  const cost = columns.cost[step]!;
  figures.requests++;
  if (cost === null) figures.unpriced++;
  else figures.cost += cost;
  figures.latencyMs += columns.latency_ms[step]!;
  if (columns.is_error[step]) figures.errors++;
}
