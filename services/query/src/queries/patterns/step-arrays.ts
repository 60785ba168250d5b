import { foldPathsSql } from './fold-path.ts';

/** How the steps of a session are looked at. */
export interface StepView {
  /** See `fold-path.ts`; before they are cut. */
  readonly foldPaths?: boolean | undefined;
  /** Paths are cut to so many segments; left out: not at all. */
  readonly pathLevels?: number | undefined;
  /** Steps on one path in a row are one. True when left out. */
  readonly collapseRepeats?: boolean | undefined;
}

/** Expressions of arrays of equal length, one element per step, in order. */
export interface StepArrays {
  readonly paths: string;
  readonly requests: string;
  readonly errors: string;
  readonly costPico: string;
}

/**
 * The steps of a session as a view has them. Snapshots hold runs of steps on one path: what is made of a run's errors and
 * cost when it is taken apart is an equal share of them, as doubles.
 *
 * @param session alias of `sessions`.
 */
export function stepArrays(session: string, view: StepView): StepArrays {
  const { pathLevels, collapseRepeats = true, foldPaths = false } = view;
  const paths = viewedPaths(`${session}.steps.path`, view);
  const stored = {
    paths,
    requests: `${session}.steps.requests`,
    errors: `${session}.steps.errors`,
    costPico: `${session}.steps.cost_pico`,
  };
  if (!collapseRepeats) {
    const apart = (array: string, of: string) =>
      `arrayFlatten(arrayMap((x, n) -> arrayWithConstant(n, ${of}), ${array}, ${stored.requests}))`;
    return {
      paths: apart(paths, 'x'),
      requests: apart(stored.requests, 'toUInt16(1)'),
      errors: apart(stored.errors, 'x / n'),
      costPico: apart(stored.costPico, 'x / n'),
    };
  }
  if (pathLevels === undefined && !foldPaths) return stored;
  // Runs that meet once their paths are folded or cut: sums up to the last of each, and from one of those to the next.
  const isLast = `arrayMap((x, y) -> x != y, ${paths}, arraySlice(arrayPushBack(${paths}, ''), 2))`;
  const lastOf = (array: string) => `arrayFilter((x, last) -> last, ${array}, ${isLast})`;
  const joined = (array: string) => {
    const sums = lastOf(`arrayCumSum(${array})`);
    return `arrayMap((x, before) -> x - before, ${sums}, arrayPopBack(arrayPushFront(${sums}, 0)))`;
  };
  return {
    paths: lastOf(paths),
    requests: joined(stored.requests),
    errors: joined(stored.errors),
    costPico: joined(stored.costPico),
  };
}

/** Paths folded and cut to so many segments: of a dictionary, each once. */
export function viewedPaths(paths: string, { pathLevels, foldPaths = false }: StepView): string {
  const spelled = foldPaths ? foldPathsSql(paths) : paths;
  if (pathLevels === undefined) return spelled;
  return `arrayMap(x -> arrayStringConcat(arraySlice(splitByChar('/', x), 1, ${pathLevels + 1}), '/'), ${spelled})`;
}

/** Whether a session has steps that are not kept. */
export function isCut(session: string): string {
  return `(arraySum(${session}.steps.requests) < ${session}.total_requests)`;
}
