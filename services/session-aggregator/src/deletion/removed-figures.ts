import type { SessionState } from '@throughline/session-totals/session-state';
import type { TenantCounters } from '@throughline/session-totals/session-totals';
import { NO_FIGURES } from '../session/fold-tenants.ts';

/** What a deletion takes out of the counters of its tenant. */
export type RemovedFigures = Omit<TenantCounters, 'exceptions'>;

/** What is removed where a session is another one afterwards. @param after undefined: it is gone. */
export function removedFrom(before: SessionState | undefined, after: SessionState | undefined): RemovedFigures {
  const taken = before ? figuresOf(before) : NO_FIGURES;
  return after ? plus(taken, figuresOf(after), -1) : taken;
}

export function plus(a: RemovedFigures, b: RemovedFigures, sign: 1 | -1 = 1): RemovedFigures {
  const big = BigInt(sign);
  return {
    requests: a.requests + sign * b.requests,
    errors: a.errors + sign * b.errors,
    unpriced: a.unpriced + sign * b.unpriced,
    costPico: a.costPico + big * b.costPico,
    promptTokens: a.promptTokens + big * b.promptTokens,
    completionTokens: a.completionTokens + big * b.completionTokens,
    annotations: a.annotations + sign * b.annotations,
  };
}

/**
 * The counters without what is removed. Each request and annotation that is gone is counted where the ledger has it: among
 * the exceptions, as deleted.
 */
export function withoutRemoved(
  tenants: ReadonlyMap<string, TenantCounters>,
  tenantId: string,
  removed: RemovedFigures,
): ReadonlyMap<string, TenantCounters> {
  const offsets = removed.requests + removed.annotations;
  const counters = tenants.get(tenantId);
  if (offsets === 0 || counters === undefined) return tenants;
  const { exceptions, ...figures } = counters;
  const next: TenantCounters = {
    ...plus(figures, removed, -1),
    exceptions: { ...exceptions, deleted: (exceptions.deleted ?? 0) + offsets },
  };
  return new Map(tenants).set(tenantId, next);
}

function figuresOf(state: SessionState): RemovedFigures {
  const { requests, errors, unpriced, costPico, promptTokens, completionTokens } = state;
  return { requests, errors, unpriced, costPico, promptTokens, completionTokens, annotations: 0 };
}
