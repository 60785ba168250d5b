import type { PathSums } from '../patterns/paths/use-paths.ts';

/** What a path comes to in one group. */
export interface PathShare {
  /** Of the group's sessions, 0 to 1. */
  readonly share: number;
  readonly sessions: number;
  /** USD, over all sessions of the group. */
  readonly costPerSession: number;
  /** ms per request; null: nothing called it. */
  readonly latency: number | null;
  /** Of its requests, 0 to 1; null: nothing called it. */
  readonly errorShare: number | null;
  /** What selects the sessions that have it. */
  readonly pattern: PathSums['pattern'];
}

export interface JoinedPath {
  readonly path: string;
  readonly a: PathShare;
  readonly b: PathShare;
}

interface GroupPaths {
  /** All whose paths are known. */
  readonly sessions: number;
  readonly paths: readonly PathSums[];
}

/** Every path of either group, the largest difference in cost per session first, then in share. */
export function joinPaths(a: GroupPaths, b: GroupPaths): JoinedPath[] {
  const [inA, inB] = [a, b].map(({ paths }) => new Map(paths.map((sums) => [sums.path, sums])));
  const paths = new Set([...inA!.keys(), ...inB!.keys()]);
  return Array.from(paths, (path) => ({
    path,
    a: shareOf(inA!.get(path), a.sessions),
    b: shareOf(inB!.get(path), b.sessions),
  })).sort(
    (one, other) =>
      Math.abs(other.a.costPerSession - other.b.costPerSession) -
        Math.abs(one.a.costPerSession - one.b.costPerSession) ||
      Math.abs(other.a.share - other.b.share) - Math.abs(one.a.share - one.b.share),
  );
}

function shareOf(sums: PathSums | undefined, sessions: number): PathShare {
  if (sums === undefined || sessions === 0) {
    return { share: 0, sessions: 0, costPerSession: 0, latency: null, errorShare: null, pattern: null };
  }
  return {
    share: sums.sessions / sessions,
    sessions: sums.sessions,
    costPerSession: sums.cost / sessions,
    latency: sums.requests === 0 ? null : sums.avg_latency,
    errorShare: sums.requests === 0 ? null : sums.errors / sums.requests,
    pattern: sums.pattern,
  };
}
