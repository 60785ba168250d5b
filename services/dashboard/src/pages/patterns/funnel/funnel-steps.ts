export interface FunnelStep {
  readonly path: string;
  /** `prefix`: the path, or one below it. */
  readonly match: 'equals' | 'prefix';
}

/** As the API takes. */
export const STEPS_MAX = 20;
export const STEPS_MIN = 2;

/**
 * The steps of a URL: a JSON list of paths, in which `[path]` is a path or one below it. Undefined where it says nothing
 * that can be read.
 */
export function readSteps(text: string | undefined): FunnelStep[] | undefined {
  if (text === undefined) return undefined;
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(said)) return undefined;
  return said.slice(0, STEPS_MAX).flatMap((step: unknown): FunnelStep[] => {
    if (typeof step === 'string') return [{ path: step, match: 'equals' }];
    if (Array.isArray(step) && typeof step[0] === 'string') return [{ path: step[0], match: 'prefix' }];
    return [];
  });
}

/** For the URL. */
export function writeSteps(steps: readonly FunnelStep[]): string {
  return JSON.stringify(steps.map(({ path, match }) => (match === 'prefix' ? [path] : path)));
}

/** The step at one place moved to another; the same where that is out of bounds. */
export function moveStep(steps: readonly FunnelStep[], from: number, to: number): readonly FunnelStep[] {
  const step = steps[from];
  if (step === undefined || to < 0 || to >= steps.length) return steps;
  return steps.toSpliced(from, 1).toSpliced(to, 0, step);
}
