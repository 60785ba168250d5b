import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { evaluateFilter } from '../src/evaluate.ts';
import type { Filter } from '../src/filter.ts';
import { filterSql } from '../src/filter-sql.ts';
import type { StoredSession } from './arbitrary-facts.ts';

/** The tenant's sessions, to be joined to requests. */
export const SESSIONS = '(SELECT * EXCEPT state FROM sessions FINAL WHERE tenant_id = {tenant:String})';

/**
 * Log offsets of the requests that make each filter true, as the engine says, asked in one query.
 *
 * @param of the tenant, the time by which sessions are live, and how many requests it has.
 * @throws Error where a filter is neither true nor false of a request, or a request is missing.
 */
export async function selectedRequests(
  store: Pick<AnalyticsStore, 'query'>,
  filters: readonly Filter[],
  { tenant, nowMs, requests }: { readonly tenant: string; readonly nowMs: number; readonly requests: number },
): Promise<number[][]> {
  const fragments = filters.map((filter, i) =>
    filterSql(filter, {
      ...{ requestAlias: 'r', sessionAlias: 'own', paramPrefix: `f${i}_`, nowMs, sessionMayBeMissing: true },
    }),
  );
  const rows = await store.query<{ offset: string; hits: (number | null)[] }>({
    sql: `SELECT r.source_offset AS offset, [${fragments.map(({ sql }) => `toNullable(toUInt8(${sql}))`).join(', ')}] AS hits
      FROM requests AS r FINAL LEFT JOIN ${SESSIONS} AS own ON own.session_id = r.session_id
      WHERE r.tenant_id = {tenant:String} ORDER BY offset`,
    params: Object.assign({ tenant }, ...fragments.map(({ params }) => params)),
    settings: FINAL,
  });
  if (rows.length !== requests) throw new Error(`${rows.length} requests were read instead of ${requests}`);
  const unclear = rows.flatMap(({ hits }) => hits).filter((hit) => hit !== 0 && hit !== 1);
  if (unclear.length > 0) throw new Error(`a filter is ${unclear[0]} of a request`);
  return filters.map((_, i) => rows.filter(({ hits }) => hits[i] === 1).map(({ offset }) => Number(offset)));
}

/** The same by the meaning of a filter. */
export function meantRequests(filter: Filter, of: readonly StoredSession[], nowMs: number): number[] {
  return of.flatMap(({ requests, facts }) =>
    requests
      .filter((request) => evaluateFilter(filter, request.facts, facts, nowMs))
      .map(({ row }) => row.source_offset),
  );
}
