import { DIFF_FIELDS, type DiffBody, type DiffField, type DiffStep } from '@throughline/contracts/api/session-diff';
import { alignSteps } from './align-steps.ts';
import type { LoadedBody, LoadedStep } from './load-steps.ts';

/** A step of one session or of both, and what became of it. */
export interface ComparedStep {
  readonly a: LoadedStep | undefined;
  readonly b: LoadedStep | undefined;
  readonly state: DiffStep['state'];
  /** What differs, in the order of `DIFF_FIELDS`. */
  readonly changed: readonly DiffField[];
  /** Both bodies of both could be compared. */
  readonly isCompared: boolean;
  /** One of them names the other as what it repeats. */
  readonly isReplay: boolean;
}

/** Each step of two sessions once, aligned, in the order of the first. */
export function compareSteps(a: readonly LoadedStep[], b: readonly LoadedStep[]): ComparedStep[] {
  return alignSteps(a, b).map(({ a: at, b: bt, isReplay }): ComparedStep => {
    const inA = at === undefined ? undefined : a[at]!;
    const inB = bt === undefined ? undefined : b[bt]!;
    if (!inA || !inB) {
      return { a: inA, b: inB, state: inA ? 'only_a' : 'only_b', changed: [], isCompared: false, isReplay };
    }
    const changed = changedFields(inA, inB);
    const bodies = [inA.request, inB.request, inA.response, inB.response];
    const isCompared = bodies.every(isWhollyKnown);
    return { a: inA, b: inB, state: changed.length > 0 ? 'changed' : 'equal', changed, isCompared, isReplay };
  });
}

/** A body that cannot be compared is no difference. */
function changedFields(a: LoadedStep, b: LoadedStep): DiffField[] {
  const differs: Record<DiffField, boolean> = {
    path: a.path !== b.path,
    kind: a.kind !== b.kind,
    status: a.status !== b.status,
    error: a.error?.type !== b.error?.type || a.error?.message !== b.error?.message,
    model: a.model !== b.model,
    provider: a.provider !== b.provider,
    finish_reason: a.finishReason !== b.finishReason,
    request: areOther(a.request, b.request),
    response: areOther(a.response, b.response),
    tokens: a.promptTokens !== b.promptTokens || a.completionTokens !== b.completionTokens,
    cost: a.cost !== b.cost,
  };
  return DIFF_FIELDS.filter((name) => differs[name]);
}

function areOther(a: LoadedBody, b: LoadedBody): boolean {
  return a.signature !== undefined && b.signature !== undefined && a.signature !== b.signature;
}

/** What has lost its end may differ there. */
function isWhollyKnown({ state, signature }: LoadedBody): boolean {
  return signature !== undefined && state !== ('truncated' satisfies DiffBody);
}
