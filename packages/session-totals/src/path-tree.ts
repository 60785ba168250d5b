import { picoToUsd } from '@throughline/contracts/money';
import type { PathTotals, SessionState } from './session-state.ts';

/** What the requests of a path add up to, as the API answers it. */
export interface PathFigures {
  readonly requests: number;
  /** USD over the priced requests; null when there are requests and none of them is priced. */
  readonly cost: number | null;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly errors: number;
  readonly latency_ms_sum: number;
  /** Start of the first request and end of the last, epoch ms; null without requests. */
  readonly first_at: number | null;
  readonly last_at: number | null;
}

/** One path. Its `total` is its `own` and the totals of its children; those of the top nodes add up to the session's. */
export interface PathNode {
  /** With a leading slash, empty and trailing segments dropped; `/` for requests without a path. */
  readonly path: string;
  /** Requests of this very path; zeros when it has none. */
  readonly own: PathFigures;
  readonly total: PathFigures;
  /** By `first_at`, then by path. */
  readonly children: readonly PathNode[];
}

export interface PathTree {
  readonly tree: readonly PathNode[];
  /** True when paths were left out: they are added up in a last top node `…`. */
  readonly tree_truncated: boolean;
}

/** Nodes shown at most, before `…`. */
export const TREE_NODES_MAX = 1_000;
/** Segments below this level stay together in one node: JSON readers give up on deep nesting, and nobody unfolds it. */
export const TREE_DEPTH_MAX = 32;
/** Stands for the paths that are not told apart. No path as shown: those begin with a slash. */
export const ELLIPSIS = '…';

/**
 * The path tree of a session. Spellings of one path (`a/b`, `/a//b/`) are one node. Beyond the bound, paths nearest to
 * the top stay, among equals those that began first; a node is shown with all its parents or not at all.
 */
export function describePaths(state: Pick<SessionState, 'paths' | 'otherPaths'>, nodesMax = TREE_NODES_MAX): PathTree {
  const branches = growBranches(state.paths);
  const kept = branches.size <= nodesMax ? new Set(branches.values()) : keepNearestToTop(branches, nodesMax);
  const top = [...kept].filter((branch) => branch.parent === undefined).map((branch) => toShown(branch, kept));
  const tree = top.sort(compareShown).map((shown) => shown.node);

  const rest = new Sums();
  if (state.otherPaths) rest.add(state.otherPaths);
  for (const branch of branches.values()) if (!kept.has(branch)) rest.add(branch.own);
  if (rest.requests === 0) return { tree, tree_truncated: false };
  tree.push({ path: ELLIPSIS, own: rest.figures(), total: rest.figures(), children: [] });
  return { tree, tree_truncated: true };
}

/** A path as shown: leading slash, empty and trailing segments dropped, `/` for none. */
export function normalisePath(path: string): string {
  return `/${segmentsOf(path).join('/')}`;
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

interface Branch {
  readonly path: string;
  readonly depth: number;
  readonly parent: Branch | undefined;
  readonly children: Branch[];
  readonly own: Sums;
}

/** Every path and its parents. */
function growBranches(paths: ReadonlyMap<string, PathTotals>): Map<string, Branch> {
  const branches = new Map<string, Branch>();
  for (const [raw, totals] of paths) {
    const segments = segmentsOf(raw);
    const levels = segments.slice(0, TREE_DEPTH_MAX - 1);
    if (segments.length > levels.length) levels.push(segments.slice(levels.length).join('/'));
    if (levels.length === 0) levels.push('');
    let parent: Branch | undefined;
    let path = '';
    for (const level of levels) {
      path = `${path}/${level}`;
      let branch = branches.get(path);
      if (branch === undefined) {
        branch = { path, depth: (parent?.depth ?? 0) + 1, parent, children: [], own: new Sums() };
        branches.set(path, branch);
        parent?.children.push(branch);
      }
      parent = branch;
    }
    parent!.own.add(totals);
  }
  return branches;
}

function keepNearestToTop(branches: ReadonlyMap<string, Branch>, nodesMax: number): Set<Branch> {
  const kept = new Set<Branch>();
  const ranked = [...branches.values()]
    .filter((branch) => branch.own.requests > 0)
    .sort((a, b) => a.depth - b.depth || a.own.firstAt - b.own.firstAt || (a.path < b.path ? -1 : 1));
  for (const branch of ranked) {
    const needed: Branch[] = [];
    for (let at: Branch | undefined = branch; at && !kept.has(at); at = at.parent) needed.push(at);
    if (kept.size + needed.length <= nodesMax) for (const at of needed) kept.add(at);
  }
  return kept;
}

interface Shown {
  readonly node: PathNode;
  readonly sums: Sums;
}

function toShown(branch: Branch, kept: ReadonlySet<Branch>): Shown {
  const children = branch.children.filter((child) => kept.has(child)).map((child) => toShown(child, kept));
  const sums = new Sums();
  sums.add(branch.own);
  for (const child of children) sums.add(child.sums);
  const node: PathNode = {
    path: branch.path,
    own: branch.own.figures(),
    total: sums.figures(),
    children: children.sort(compareShown).map((child) => child.node),
  };
  return { node, sums };
}

function compareShown(a: Shown, b: Shown): number {
  return a.sums.firstAt - b.sums.firstAt || (a.node.path < b.node.path ? -1 : 1);
}

class Sums implements PathTotals {
  requests = 0;
  errors = 0;
  unpriced = 0;
  costPico = 0n;
  promptTokens = 0n;
  completionTokens = 0n;
  latencyMsSum = 0n;
  firstAt = Number.POSITIVE_INFINITY;
  lastAt = Number.NEGATIVE_INFINITY;

  add(totals: PathTotals): void {
    this.requests += totals.requests;
    this.errors += totals.errors;
    this.unpriced += totals.unpriced;
    this.costPico += totals.costPico;
    this.promptTokens += totals.promptTokens;
    this.completionTokens += totals.completionTokens;
    this.latencyMsSum += totals.latencyMsSum;
    this.firstAt = Math.min(this.firstAt, totals.firstAt);
    this.lastAt = Math.max(this.lastAt, totals.lastAt);
  }

  figures(): PathFigures {
    const isEmpty = this.requests === 0;
    return {
      requests: this.requests,
      cost: !isEmpty && this.unpriced === this.requests ? null : picoToUsd(this.costPico),
      prompt_tokens: Number(this.promptTokens),
      completion_tokens: Number(this.completionTokens),
      errors: this.errors,
      latency_ms_sum: Number(this.latencyMsSum),
      first_at: isEmpty ? null : this.firstAt,
      last_at: isEmpty ? null : this.lastAt,
    };
  }
}
