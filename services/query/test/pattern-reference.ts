import type { RequestRow } from '@throughline/contracts/request-row';

/** One call as a flow looks at it. */
export interface ReferenceStep {
  readonly path: string;
  readonly requests: number;
  readonly errors: number;
}

/** How many steps of a session are kept. */
const STEPS_KEPT = 128;

/** The steps of a session, from its requests: their definition. */
export function stepsOf(
  requests: readonly RequestRow[],
  {
    pathLevels,
    collapseRepeats = true,
    foldPaths = true,
  }: {
    pathLevels?: number | undefined;
    collapseRepeats?: boolean | undefined;
    foldPaths?: boolean | undefined;
  } = {},
): ReferenceStep[] {
  const sorted = requests.toSorted((a, b) => a.ordered_at - b.ordered_at || compare(a.session_path, b.session_path));
  const steps: { path: string; requests: number; errors: number }[] = [];
  for (const row of sorted.slice(0, STEPS_KEPT)) {
    const segments = row.session_path
      .split('/')
      .filter((segment) => segment !== '')
      .map((segment) => (foldPaths ? folded(segment) : segment));
    const path = `/${segments.slice(0, pathLevels).join('/')}`;
    const last = steps.at(-1);
    if (collapseRepeats && last?.path === path) {
      last.requests++;
      last.errors += row.is_error ? 1 : 0;
    } else {
      steps.push({ path, requests: 1, errors: row.is_error ? 1 : 0 });
    }
  }
  return steps;
}

function folded(segment: string): string {
  if ([...segment].every((char) => char >= '0' && char <= '9')) return '{n}';
  const hex = segment.toLowerCase().replaceAll('-', '');
  const isHex = [...hex].every((char) => (char >= '0' && char <= '9') || (char >= 'a' && char <= 'f'));
  const hyphens = [...segment].flatMap((char, at) => (char === '-' ? [at] : []));
  const isUuid = segment.length === 36 && hyphens.join() === '8,13,18,23';
  return isHex && (isUuid || (hyphens.length === 0 && segment.length >= 16)) ? '{id}' : segment;
}

/** How many of the steps of a funnel were taken in order. */
export function reachedOf(
  requests: readonly RequestRow[],
  funnel: readonly { readonly path: string; readonly match?: string | undefined }[],
  foldPaths = true,
): number {
  let at = 0;
  for (const { path } of stepsOf(requests, { collapseRepeats: false, foldPaths })) {
    const step = funnel[at];
    if (step === undefined) break;
    const own = `/${step.path
      .split('/')
      .filter((segment) => segment !== '')
      .map((segment) => (foldPaths ? folded(segment) : segment))
      .join('/')}`;
    const below = own === '/' ? '/' : `${own}/`;
    if (path === own || (step.match === 'prefix' && path.startsWith(below))) at++;
  }
  return at;
}

/** Links of a flow with the sessions that pass each. @param sessions their requests. */
export function linksOf(
  sessions: readonly (readonly RequestRow[])[],
  depth: number,
  view: Parameters<typeof stepsOf>[1],
): Map<string, { from: string; to: string; isLoop: boolean; sessions: number }> {
  const links = new Map<string, { from: string; to: string; isLoop: boolean; sessions: number }>();
  for (const requests of sessions) {
    const steps = stepsOf(requests, view);
    const goesOn = steps.length > depth || requests.length > STEPS_KEPT;
    const ids = ['0:start', ...steps.slice(0, depth).map(({ path }, index) => `${index + 1}:${path}`)];
    ids.push(`${ids.length}:${goesOn ? 'more' : 'end'}`);
    for (let i = 1; i < ids.length; i++) {
      const path = i <= Math.min(depth, steps.length) ? steps[i - 1]!.path : undefined;
      const isLoop = path !== undefined && steps.slice(0, i - 1).some((step) => step.path === path);
      const key = JSON.stringify([ids[i - 1], ids[i], isLoop]);
      const known = links.get(key) ?? { from: ids[i - 1]!, to: ids[i]!, isLoop, sessions: 0 };
      known.sessions++;
      links.set(key, known);
    }
  }
  return links;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
