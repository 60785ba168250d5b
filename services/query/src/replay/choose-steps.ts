import type { ReplayBody } from '@throughline/contracts/api/session-replay';
import { ApiError } from '@throughline/contracts/errors';
import type { RecordedStep } from './recorded-steps.ts';

/** A recorded step with its number among all of its session, from 1. */
export interface NumberedStep {
  readonly index: number;
  readonly step: RecordedStep;
}

/**
 * The steps that a call asks for.
 *
 * @param steps of the session, in the order in which they began. @throws ApiError `invalid-replay` where there is none.
 */
export function chooseSteps(
  steps: readonly RecordedStep[],
  { fromStep = 1, paths }: Pick<ReplayBody, 'fromStep' | 'paths'>,
): NumberedStep[] {
  const numbered = steps.map((step, at) => ({ index: at + 1, step }));
  const first =
    typeof fromStep === 'number' ? fromStep : numbered.find(({ step }) => step.requestId === fromStep)?.index;
  if (first === undefined) {
    throw new ApiError('invalid-replay', { reason: 'fromStep is the id of no request of the session' });
  }
  const chosen = numbered.filter(
    ({ index, step }) => index >= first && (!paths || paths.some((path) => isOn(step.sessionPath, path))),
  );
  if (chosen.length === 0) {
    throw new ApiError('invalid-replay', {
      reason: `none of the ${steps.length} steps of the session is one that it asks for`,
    });
  }
  return chosen;
}

function isOn(given: string, wanted: NonNullable<ReplayBody['paths']>[number]): boolean {
  if (typeof wanted === 'string') return given === wanted;
  const { path, match } = wanted;
  if (match !== 'prefix') return given === path;
  // Below it, not beside it: `/plan` has nothing to do with `/planner`.
  return given === path || given.startsWith(path.endsWith('/') ? path : `${path}/`);
}
