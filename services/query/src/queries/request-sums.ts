import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import { STATUS_THREAT_BLOCKED } from '@throughline/contracts/request-event';
import { matchingRequests, type RequestSelection } from './matching-requests.ts';

/** USD over the priced requests, exactly. */
export const COST_SQL = 'sum(toDecimal128(ifNull(r.cost, 0), 12))';

/** `prompt + completion`, NULL where neither is known. */
export const TOTAL_TOKENS_SQL =
  'if(r.prompt_tokens IS NULL AND r.completion_tokens IS NULL, NULL, ifNull(r.prompt_tokens, 0) + ifNull(r.completion_tokens, 0))';

/** What can be counted or added up over requests. Means are made of two of them, so that every sum is exact. */
const SUMS = {
  requests: 'count()',
  errors: 'countIf(r.is_error)',
  threats: `countIf(r.status = ${STATUS_THREAT_BLOCKED})`,
  /** Distinct users; requests without one are nobody's. */
  users: "uniqExactIf(r.user_id, r.user_id != '')",
  distinctIds: 'uniqExact(r.request_id)',
  promptTokens: 'sum(ifNull(r.prompt_tokens, 0))',
  promptKnown: 'count(r.prompt_tokens)',
  completionTokens: 'sum(ifNull(r.completion_tokens, 0))',
  completionKnown: 'count(r.completion_tokens)',
  totalKnown: `count(${TOTAL_TOKENS_SQL})`,
  latencyMs: 'sum(r.latency_ms)',
  firstTokenMs: 'sum(ifNull(r.time_to_first_token_ms, 0))',
  firstTokenKnown: 'count(r.time_to_first_token_ms)',
} as const;

export type Sum = keyof typeof SUMS;

/** Figures of some requests, and what they cost. */
export type Sums<S extends Sum> = Readonly<Record<S, number>> & { readonly costPico: bigint };

/** The select list of some sums and of the cost, and what reads its row. */
export function sumsOf<S extends Sum>(names: readonly S[]): { sql: string; read: (row: SumsRow<S>) => Sums<S> } {
  return {
    sql: [`toString(${COST_SQL}) AS cost_text`, ...names.map((name) => `${SUMS[name]} AS ${name}`)].join(', '),
    read: (row) => ({
      ...(Object.fromEntries(names.map((name) => [name, Number(row[name])])) as Record<S, number>),
      costPico: decimalToPico(row.cost_text),
    }),
  };
}

export type SumsRow<S extends Sum> = Readonly<Record<S | 'cost_text', string>>;

/** What the selected requests add up to. */
export async function sumRequests<S extends Sum>(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: RequestSelection,
  names: readonly S[],
): Promise<Sums<S>> {
  const source = matchingRequests(selection);
  const { sql, read } = sumsOf(names);
  const [row] = await analytics.query<SumsRow<S>>({
    sql: `SELECT ${sql} FROM ${source.sql}`,
    params: source.params,
    settings: FINAL,
  });
  return read(row!);
}
