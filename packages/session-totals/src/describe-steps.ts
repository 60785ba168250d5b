import type { SessionPathSums, SessionRow, SessionRun } from '@throughline/contracts/session-row';
import { ELLIPSIS, normalisePath } from './path-tree.ts';
import type { SessionState } from './session-state.ts';

/**
 * The steps and paths of a session in the columns of its snapshot. Paths as shown (`normalisePath`), so that spellings of
 * one are one; `…` for those that the session does not tell apart or that are too long. Steps on one path in a row are one run. No run at all
 * for a session that has calls and began before steps were kept.
 */
export function describeSteps({
  steps,
  paths,
  otherPaths,
}: Pick<SessionState, 'steps' | 'paths' | 'otherPaths'>): Pick<SessionRow, 'steps' | 'paths'> {
  const shown = new Map<string, string>();
  for (const path of paths.keys()) shown.set(path, normalisePath(path));
  const sums = new Map<string, SessionPathSums>();
  for (const [path, totals] of paths) addPath(sums, shown.get(path)!, totals);
  if (otherPaths !== null) addPath(sums, ELLIPSIS, otherPaths);

  const runs: Mutable<SessionRun>[] = [];
  for (const { path, isError, costPico } of steps ?? []) {
    const name = path === null ? ELLIPSIS : (shown.get(path) ?? normalisePath(path));
    const run = runs.at(-1);
    if (run?.path === name) {
      run.requests++;
      if (isError) run.errors++;
      run.cost_pico = clamped(run.cost_pico + costPico);
    } else runs.push({ path: name, requests: 1, errors: isError ? 1 : 0, cost_pico: clamped(costPico) });
  }
  return { steps: runs, paths: [...sums.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The column takes 64 bits, nine million USD: no reason for a session that it cannot be stored. */
const COST_MAX = 2n ** 63n - 1n;

function clamped(pico: bigint): bigint {
  return pico > COST_MAX ? COST_MAX : pico < -COST_MAX ? -COST_MAX : pico;
}

interface Totals {
  readonly requests: number;
  readonly errors: number;
  readonly costPico: bigint;
  readonly latencyMsSum: bigint;
}

function addPath(sums: Map<string, SessionPathSums>, path: string, totals: Totals): void {
  const before = sums.get(path);
  sums.set(path, {
    path,
    requests: (before?.requests ?? 0) + totals.requests,
    errors: (before?.errors ?? 0) + totals.errors,
    cost_pico: (before?.cost_pico ?? 0n) + totals.costPico,
    latency_ms: (before?.latency_ms ?? 0n) + totals.latencyMsSum,
  });
}
