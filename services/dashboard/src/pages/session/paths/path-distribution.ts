import type { StepColumns } from '../steps/ask-steps.ts';
import { foldedPath, plainPath } from '../steps/path-segments.ts';
import type { TimeScale } from '../timeline/time-scale.ts';

/** How long the requests of a path take, when in the session they run, what they cost, how many fail. */
export interface PathDistribution {
  readonly path: string;
  /** Indexes of its requests, in order of time. */
  readonly steps: readonly number[];
  /** Latencies, ms, ascending. */
  readonly latencies: Float64Array;
  /** USD of those that have a cost. */
  readonly cost: number;
  readonly unpriced: number;
  readonly errors: number;
  /** Index of the slowest. */
  readonly slowest: number;
}

/** Of each path, the one that took the most time altogether first. @param isFolding see `foldedPath`. */
export function pathDistributions(columns: StepColumns, isFolding: boolean): PathDistribution[] {
  const spelling = isFolding ? foldedPath : plainPath;
  const spelled = new Map<string, string>();
  const groups = new Map<string, number[]>();
  columns.path.forEach((path, step) => {
    let name = spelled.get(path);
    if (name === undefined) {
      name = spelling(path);
      spelled.set(path, name);
    }
    const group = groups.get(name);
    if (group) group.push(step);
    else groups.set(name, [step]);
  });
  const sums = new Map<string, number>();
  const distributions = Array.from(groups, ([path, steps]) => {
    let cost = 0;
    let unpriced = 0;
    let errors = 0;
    let sum = 0;
    let slowest = steps[0]!;
    for (const step of steps) {
      const known = columns.cost[step]!;
      if (known === null) unpriced++;
      else cost += known;
      if (columns.is_error[step]) errors++;
      sum += columns.latency_ms[step]!;
      if (columns.latency_ms[step]! > columns.latency_ms[slowest]!) slowest = step;
    }
    sums.set(path, sum);
    const latencies = Float64Array.from(steps, (step) => columns.latency_ms[step]!).sort();
    return { path, steps, latencies, cost, unpriced, errors, slowest };
  });
  return distributions.sort((a, b) => sums.get(b.path)! - sums.get(a.path)! || (a.path < b.path ? -1 : 1));
}

/** Linear between the two nearest values. @param sorted ascending, not empty. @param share 0 to 1. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const below = sorted[low]!;
  return below + ((sorted[low + 1] ?? below) - below) * (at - low);
}

/** Latencies on a logarithmic axis that all paths share. */
export interface LatencyAxis {
  readonly minMs: number;
  readonly maxMs: number;
  /** What is written along it, ms, two at least: powers of ten, and where these are too few, its ends and what lies between. */
  readonly ticks: readonly number[];
  /** 0 to 1. */
  readonly place: (ms: number) => number;
}

export function latencyAxis(distributions: readonly PathDistribution[]): LatencyAxis {
  let minMs = Number.POSITIVE_INFINITY;
  let maxMs = 1;
  for (const { latencies } of distributions) {
    minMs = Math.min(minMs, Math.max(1, latencies[0]!));
    maxMs = Math.max(maxMs, latencies.at(-1)!);
  }
  minMs = Math.min(minMs, maxMs);
  // To the next of 1, 3, 10, 30 … outside, so that nothing lies on the edge.
  const from = STOPS.findLast((stop) => stop <= minMs) ?? 1;
  const to = STOPS.find((stop) => stop > maxMs) ?? maxMs * 2;
  const width = Math.log(to / from);
  const stops = [...STOPS.filter((stop) => stop >= from && stop < to), to];
  const tens = stops.filter((stop) => String(stop).startsWith('1'));
  // The end has no room for its words where others have theirs.
  const inside = tens.filter((stop) => stop < to);
  return {
    minMs: from,
    maxMs: to,
    ticks: [inside, tens].find(({ length }) => length > 1) ?? stops,
    place: (ms) => Math.min(1, Math.max(0, Math.log(Math.max(ms, from) / from) / width)),
  };
}

/** How many values lie in each of `bins` equal parts of the axis. */
export function latencyBins({ latencies }: PathDistribution, axis: LatencyAxis, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const ms of latencies) counts[Math.min(bins - 1, Math.floor(axis.place(ms) * bins))]!++;
  return counts;
}

/** When a path runs and when it fails, as shares of the session's length as drawn. */
export interface Presence {
  /** Stretches without a visible pause. */
  readonly runs: readonly (readonly [from: number, to: number])[];
  /** Where requests failed. */
  readonly failures: readonly number[];
}

/** @param resolution a share: what is closer to each other than this is one. */
export function presenceOf(
  { steps }: PathDistribution,
  columns: StepColumns,
  scale: TimeScale,
  resolution: number,
): Presence {
  const runs: [from: number, to: number][] = [];
  const failures: number[] = [];
  for (const step of steps) {
    const start = columns.started_at[step]!;
    const from = scale.drawn(start) / scale.length;
    const to = scale.drawn(start + columns.latency_ms[step]!) / scale.length;
    const last = runs.at(-1);
    if (last && from - last[1] <= resolution) last[1] = Math.max(last[1], to);
    else runs.push([from, to]);
    const failed = failures.at(-1);
    if (columns.is_error[step] && (failed === undefined || from - failed > resolution)) failures.push(from);
  }
  return { runs, failures };
}

/** 1, 3, 10 … ms up to eleven days. */
const STOPS: readonly number[] = Array.from({ length: 20 }, (_, half) => (half % 2 === 0 ? 1 : 3) * 10 ** (half >> 1));
