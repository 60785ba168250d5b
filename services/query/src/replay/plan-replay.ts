import type {
  ReplayBody,
  ReplayPlan,
  ReplayPlannedStep,
  ReplayProblem,
} from '@throughline/contracts/api/session-replay';
import { picoToUsd } from '@throughline/contracts/money';
import { OMITTED } from '@throughline/contracts/request-event';
import type { ProviderOrigins } from '@throughline/providers/find-provider';
import { isRealtimePath } from '@throughline/providers/openai/realtime';
import { chooseSteps, type NumberedStep } from './choose-steps.ts';
import { estimateStep } from './estimate-step.ts';
import { overridePath } from './override-body.ts';
import { type ProviderKeys, providerKeys } from './provider-keys.ts';
import type { RecordedBody, RecordedStep } from './recorded-steps.ts';
import { checkTarget, type StepTarget, stepTarget } from './step-target.ts';
import { whyBlocked } from './why-blocked.ts';

/** What is to be done, in the order in which it was recorded. */
export interface ReplayWork {
  readonly steps: readonly WorkStep[];
  readonly keys: ProviderKeys;
  /** What is said of it. */
  readonly plan: ReplayPlan;
}

export type WorkStep = NumberedStep &
  (
    | { readonly action: 'send'; readonly target: StepTarget; readonly estimatedPico: bigint | null }
    | { readonly action: 'copy'; readonly target?: undefined; readonly estimatedPico?: undefined }
  );

export interface PlanContext {
  readonly sessionId: string;
  /** Ids of the new sessions. */
  readonly sessionIds: readonly string[];
  readonly nowMs: number;
  /** Where the gateway sends calls of a provider, as far as that is known here. */
  readonly providerOrigins: ProviderOrigins;
}

/**
 * What a replay of some steps would do, and what keeps it from that.
 *
 * @throws ApiError `invalid-replay`, `invalid-target`
 */
export function planReplay(steps: readonly RecordedStep[], body: ReplayBody, context: PlanContext): ReplayWork {
  const { overrides = {}, thread = false } = body;
  const override = checkTarget(overrides);
  const work: WorkStep[] = [];
  const planned: ReplayPlannedStep[] = [];
  const problems: ReplayProblem[] = [];
  let blocked = 0;
  for (const numbered of chooseSteps(steps, body)) {
    const { index, step } = numbered;
    const told = {
      index,
      request_id: step.requestId,
      path: step.sessionPath,
      kind: step.kind,
      provider: step.provider,
      model: step.model,
      target: '',
      reason: null,
      recorded_cost: step.costPico === null ? null : picoToUsd(step.costPico),
    };
    const leaveOut = (reason: string) => void planned.push({ ...told, action: 'leave-out', reason, estimated_cost: 0 });
    const refuse = (reason: string) => {
      problems.push({ request_id: step.requestId, path: step.sessionPath, reason });
      planned.push({ ...told, action: 'cannot', reason, estimated_cost: null });
    };
    if (step.kind !== 'llm') {
      const lost = lostBody('request', step.request, true) ?? lostBody('response', step.response, true);
      if (lost) {
        refuse(lost);
        continue;
      }
      work.push({ ...numbered, action: 'copy' });
      planned.push({ ...told, action: 'copy', estimated_cost: 0 });
      continue;
    }
    // What asks a model for something is posted; the rest looks things up, or deletes them.
    if (step.method !== 'POST' && !isRealtimePath(routeOf(step))) {
      leaveOut('it asked a model for nothing');
      continue;
    }
    const kept = whyBlocked(step);
    if (kept !== undefined) {
      blocked++;
      leaveOut(kept);
      continue;
    }
    const target = stepTarget(step, override, context.providerOrigins);
    const problem =
      (isRealtimePath(routeOf(step)) ? 'it is a turn of a socket, which cannot be opened again' : undefined) ??
      lostBody('request', step.request, false) ??
      (thread ? lostBody('response', step.response, true) : undefined) ??
      (typeof target === 'string' ? target : undefined);
    if (problem !== undefined || typeof target === 'string') {
      refuse(problem ?? '');
      continue;
    }
    const model = overrides.model ?? step.model;
    const sent = { ...target, ...routed(target, overrides.model) };
    const isSame =
      !step.isFromCache &&
      !step.isError &&
      overrides.model === undefined &&
      override.provider === undefined &&
      override.url === undefined;
    const estimate = estimateStep(step, { provider: target.provider, path: sent.path, model }, context.nowMs);
    const estimatedPico = estimate ?? (isSame ? step.costPico : null);
    work.push({ ...numbered, action: 'send', target: sent, estimatedPico });
    planned.push({
      ...told,
      action: 'send',
      provider: target.provider,
      model,
      target: target.sentTo,
      estimated_cost: estimatedPico === null ? null : picoToUsd(estimatedPico),
    });
  }
  const sends = work.filter((one) => one.action === 'send');
  const isForOneTarget = override.provider !== undefined || override.url !== undefined;
  const keys = providerKeys(
    body,
    isForOneTarget,
    sends.map(({ target }) => target),
  );
  const times = context.sessionIds.length;
  const known = sends.flatMap(({ estimatedPico }) => estimatedPico ?? []);
  const estimated = known.reduce((sum, one) => sum + one, 0n);
  return {
    steps: work,
    keys,
    plan: {
      session_id: context.sessionId,
      session_ids: [...context.sessionIds],
      steps: work.length * times,
      sends: sends.length * times,
      copies: (work.length - sends.length) * times,
      left_out: planned.filter(({ action }) => action === 'leave-out').length,
      blocked,
      estimated_cost: sends.length > 0 && known.length === 0 ? null : picoToUsd(estimated * BigInt(times)),
      unpriced_steps: (sends.length - known.length) * times,
      needs_keys: [
        ...new Set(
          sends
            .filter(({ target }) => target.known && keys.keyFor(target) === undefined)
            .map(({ target }) => target.keyName),
        ),
      ],
      problems,
      plan: planned,
    },
  };
}

function routed({ route, path }: StepTarget, model: string | undefined): Pick<StepTarget, 'route' | 'path'> {
  const changed = overridePath(path, model);
  return { path: changed, route: route.slice(0, route.length - path.length) + changed };
}

function routeOf({ path }: RecordedStep): string {
  return path.split('?', 1)[0]!;
}

/** Why a body is not there. @param mayBeEmpty there need not have been any. */
function lostBody(which: string, body: RecordedBody, mayBeEmpty: boolean): string | undefined {
  const { encoding, isTruncated, bytes } = body;
  if (encoding === OMITTED) return `its ${which} body was not to be stored`;
  if (encoding === 'deleted') return `its ${which} body was deleted`;
  if (encoding === 'missing') return `its ${which} body was lost before it could be stored`;
  if (isTruncated) return `only the beginning of its ${which} body was kept`;
  if (bytes === 0) return mayBeEmpty ? undefined : `its ${which} body is empty`;
  return encoding === undefined ? `its ${which} body is not kept any more` : undefined;
}
