/** How the steps of a session are looked at. */
export interface StepView {
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
export function stepArrays(session: string, { pathLevels, collapseRepeats = true }: StepView): StepArrays {
  const paths = cutPaths(`${session}.steps.path`, pathLevels);
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
  if (pathLevels === undefined) return stored;
  // Runs that meet once their paths are cut: sums up to the last of each, and from one of those to the next.
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

/** Paths cut to so many segments: of a dictionary, each once. */
export function cutPaths(paths: string, levels: number | undefined): string {
  if (levels === undefined) return paths;
  return `arrayMap(x -> arrayStringConcat(arraySlice(splitByChar('/', x), 1, ${levels + 1}), '/'), ${paths})`;
}

/** Whether a session has steps that are not kept. */
export function isCut(session: string): string {
  return `(arraySum(${session}.steps.requests) < ${session}.total_requests)`;
}
