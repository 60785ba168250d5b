import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import type { TenantCounters } from '@throughline/session-totals/session-totals';
import type { FoldedAnnotation, FoldedRow } from './fold-session.ts';
import { TokenSum, wholeNumber } from './token-sum.ts';

/** Adds a batch to the counters per tenant. Every row and exception of the batch, once: nothing is skipped here. */
export interface TenantFolder {
  /** Calls without a session included. */
  addRow(row: FoldedRow): void;
  addAnnotation(annotation: FoldedAnnotation): void;
  /** Counts the offsets that it speaks of, under its kind; those of no known tenant under tenant `''`. */
  addException(exception: LedgerExceptionRow): void;
  result(): ReadonlyMap<string, TenantCounters>;
}

/** @param tenants counters up to the fence; untouched. */
export function createTenantFolder(tenants: ReadonlyMap<string, TenantCounters>): TenantFolder {
  const touched = new Map<string, Counter>();
  const counterOf = (tenantId: string): Counter => {
    let counter = touched.get(tenantId);
    if (counter === undefined) {
      counter = new Counter(tenants.get(tenantId) ?? NOTHING);
      touched.set(tenantId, counter);
    }
    return counter;
  };
  return {
    addRow(row) {
      counterOf(row.tenant_id).addRow(row);
    },
    addAnnotation(annotation) {
      counterOf(annotation.tenant_id).addAnnotation();
    },
    addException(exception) {
      counterOf(exception.tenant_id).addException(exception);
    },
    result() {
      if (touched.size === 0) return tenants;
      const next = new Map(tenants);
      for (const [tenantId, counter] of touched) next.set(tenantId, counter.result());
      return next;
    },
  };
}

/** Of no request. */
export const NO_FIGURES: Omit<TenantCounters, 'exceptions'> = {
  requests: 0,
  errors: 0,
  unpriced: 0,
  costPico: 0n,
  promptTokens: 0n,
  completionTokens: 0n,
  annotations: 0,
};

const NOTHING: TenantCounters = { ...NO_FIGURES, exceptions: {} };

class Counter {
  #requests: number;
  #errors: number;
  #unpriced: number;
  #costPico: bigint;
  readonly #promptTokens: TokenSum;
  readonly #completionTokens: TokenSum;
  #annotations: number;
  readonly #exceptions: Record<string, number>;

  constructor(start: TenantCounters) {
    this.#requests = start.requests;
    this.#errors = start.errors;
    this.#unpriced = start.unpriced;
    this.#costPico = start.costPico;
    this.#promptTokens = new TokenSum(start.promptTokens);
    this.#completionTokens = new TokenSum(start.completionTokens);
    this.#annotations = start.annotations;
    this.#exceptions = { ...start.exceptions };
  }

  addRow(row: FoldedRow): void {
    this.#requests++;
    if (row.is_error) this.#errors++;
    if (row.cost_pico === null) this.#unpriced++;
    else this.#costPico += row.cost_pico;
    this.#promptTokens.add(wholeNumber(row.prompt_tokens));
    this.#completionTokens.add(wholeNumber(row.completion_tokens));
  }

  addAnnotation(): void {
    this.#annotations++;
  }

  addException(exception: LedgerExceptionRow): void {
    const offsets = exception.through_offset - exception.source_offset + 1;
    this.#exceptions[exception.kind] = (this.#exceptions[exception.kind] ?? 0) + offsets;
  }

  result(): TenantCounters {
    return {
      requests: this.#requests,
      errors: this.#errors,
      unpriced: this.#unpriced,
      costPico: this.#costPico,
      promptTokens: this.#promptTokens.result(),
      completionTokens: this.#completionTokens.result(),
      annotations: this.#annotations,
      exceptions: this.#exceptions,
    };
  }
}
