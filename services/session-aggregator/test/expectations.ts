import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { picoToDecimal } from '@throughline/contracts/money';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { World } from './aggregator-world.ts';
import { type Call, costOf } from './calls.ts';

/** Figures of some calls, as text: exact, and easy to compare. */
export interface Figures {
  readonly requests: number;
  readonly errors: number;
  readonly cost: string;
  readonly promptTokens: string;
  readonly completionTokens: string;
  readonly latencyMs: string;
}

/** The plain reference: each call counted once, by nothing but addition. */
export function figuresOf(calls: readonly Call[]): Figures {
  let cost = 0n;
  let promptTokens = 0;
  let completionTokens = 0;
  let latencyMs = 0;
  for (const call of calls) {
    cost += costOf(call);
    latencyMs += call.latencyMs ?? 250;
    if ((call.status ?? 200) !== 200) continue;
    promptTokens += call.promptTokens ?? 10;
    completionTokens += call.completionTokens ?? 5;
  }
  return {
    requests: calls.length,
    errors: calls.filter(({ status }) => (status ?? 200) !== 200).length,
    cost: picoToDecimal(cost),
    promptTokens: String(promptTokens),
    completionTokens: String(completionTokens),
    latencyMs: String(latencyMs),
  };
}

export function figuresOfState(state: SessionState): Figures {
  return {
    requests: state.requests,
    errors: state.errors,
    cost: picoToDecimal(state.costPico),
    promptTokens: String(state.promptTokens),
    completionTokens: String(state.completionTokens),
    latencyMs: String(state.latencyMsSum),
  };
}

/** What the three places say of each session of the world's tenant: rows, totals, snapshots. */
export async function figuresByPlace(world: World): Promise<{
  rows: Record<string, Figures>;
  totals: Record<string, Figures>;
  snapshots: Record<string, Figures>;
}> {
  const rows = await sums(world.raw, ROW_SUMS_SQL, world.tenant);
  const snapshots = await sums(world.raw, SNAPSHOTS_SQL, world.tenant);
  const ids = [...new Set([...Object.keys(rows), ...Object.keys(snapshots)])];
  const states = await liveStates(world, ids);
  return {
    rows,
    totals: Object.fromEntries(states.map((state) => [state.sessionId, figuresOfState(state)])),
    snapshots,
  };
}

export async function liveStates(world: World, sessionIds: readonly string[]): Promise<SessionState[]> {
  const keys = sessionIds.map((sessionId) => ({ tenantId: world.tenant, sessionId }));
  const states = await world.totals.loadMany(world.partition, keys);
  return states.flatMap((state) => (state !== undefined && !('evicted' in state) ? [state] : []));
}

/** The calls of each session by its id. */
export function bySession(calls: readonly Call[]): Record<string, Figures> {
  const sessions = Map.groupBy(
    calls.filter(({ session }) => session !== undefined),
    ({ session }) => session!,
  );
  return Object.fromEntries([...sessions].map(([session, own]) => [session, figuresOf(own)]));
}

async function sums(store: AnalyticsStore, sql: string, tenant: string): Promise<Record<string, Figures>> {
  const rows = await store.query<{ [K in keyof Figures]: string } & { session_id: string }>({
    sql,
    params: { tenant },
  });
  // As one object a session listed twice would look like one.
  const ids = rows.map(({ session_id }) => session_id);
  if (new Set(ids).size < ids.length) throw new Error(`sessions are listed twice: ${ids.join(', ')}`);
  return Object.fromEntries(
    rows.map(({ session_id, requests, errors, cost, ...figures }) => [
      session_id,
      { ...figures, requests: Number(requests), errors: Number(errors), cost: padded(cost) },
    ]),
  );
}

function padded(decimal: string): string {
  const [whole, places = ''] = decimal.split('.');
  return `${whole}.${places.padEnd(12, '0')}`;
}

const ROW_SUMS_SQL = `
SELECT session_id, toString(count()) AS requests, toString(countIf(is_error)) AS errors,
  toString(sum(toDecimal128(ifNull(cost, 0), 12))) AS cost, toString(sum(ifNull(prompt_tokens, 0))) AS promptTokens,
  toString(sum(ifNull(completion_tokens, 0))) AS completionTokens, toString(sum(latency_ms)) AS latencyMs
FROM requests FINAL WHERE tenant_id = {tenant:String} AND session_id != '' GROUP BY session_id`;

const SNAPSHOTS_SQL = `
SELECT session_id, toString(total_requests) AS requests, toString(error_count) AS errors, toString(total_cost) AS cost,
  toString(prompt_tokens) AS promptTokens, toString(completion_tokens) AS completionTokens,
  toString(latency_ms_sum) AS latencyMs
FROM sessions FINAL WHERE tenant_id = {tenant:String}`;
