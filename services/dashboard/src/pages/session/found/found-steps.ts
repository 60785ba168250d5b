import type { SessionSteps } from '../steps/session-steps.ts';

/** Indexes of the steps with these ids, in order of time; ids that are not among them are left out. */
export function foundSteps({ byId }: Pick<SessionSteps, 'byId'>, ids: readonly string[]): readonly number[] {
  const indexes = new Set(ids.flatMap((id) => byId.get(id) ?? []));
  return [...indexes].sort((a, b) => a - b);
}

/** The hit after (or before) a step, round the end; −1 is before the first. Undefined: there are none. */
export function nextFound(found: readonly number[], from: number, by: 1 | -1): number | undefined {
  if (by === 1) return found.find((step) => step > from) ?? found[0];
  return found.findLast((step) => step < from) ?? found.at(-1);
}
