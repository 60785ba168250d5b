import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { SessionRange } from '@throughline/contracts/api/session-facets';
import { SqlWriter } from '@throughline/filter-tree/sql-fragment';
import type { SessionSelection } from './select-sessions.ts';
import { type AskedFacet, facetSql } from './session-facets.ts';
import { sessionSource } from './session-source.ts';
import type { WindowEdges } from './window-edges.ts';

/** Levels of the quantiles of a range. */
export const RANGE_LEVELS = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

export interface SessionRanges {
  readonly sessions: number;
  /** Quantiles (`RANGE_LEVELS`) by range, exact, linear between two values; undefined where nothing is selected. */
  readonly ranges: ReadonlyMap<SessionRange, readonly number[] | undefined>;
  /** By facet asked for: selected sessions whose snapshot does not hold all their values. */
  readonly incomplete: readonly number[];
}

/** How many sessions are selected, how their figures are distributed, and of how many a facet does not know all values. */
export async function readSessionRanges(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection & { readonly edges: WindowEdges },
  ranges: readonly SessionRange[],
  facets: readonly AskedFacet[],
): Promise<SessionRanges> {
  const source = sessionSource(selection, 'session');
  const writer = new SqlWriter({ requestAlias: 'r', sessionAlias: 's', paramPrefix: 'cut' });
  const asked = [
    'count() AS sessions',
    ...ranges.map((name) => `quantilesExactInclusive(${RANGE_LEVELS.join(', ')})(${RANGE_SQL[name]}) AS range_${name}`),
    ...facets.map((facet, index) => `countIf(${facetSql(facet, writer).isIncomplete}) AS cut_${index}`),
  ];
  const [row] = await analytics.query<Record<string, unknown>>({
    sql: `SELECT ${asked.join(', ')} FROM ${source.sql}`,
    params: { ...source.params, ...writer.params },
    settings: FINAL,
  });
  const sessions = Number(row!.sessions);
  const quantiles = (name: SessionRange) => (row![`range_${name}`] as readonly (number | string)[]).map(Number);
  return {
    sessions,
    ranges: new Map(ranges.map((name) => [name, sessions === 0 ? undefined : quantiles(name)])),
    incomplete: facets.map((_, index) => Number(row![`cut_${index}`])),
  };
}

const RANGE_SQL: Readonly<Record<SessionRange, string>> = {
  cost: 'toFloat64(s.total_cost)',
  requests: 's.total_requests',
  tokens: 's.prompt_tokens + s.completion_tokens',
  duration_ms: 'greatest(toUnixTimestamp64Milli(s.latest_response_at) - toUnixTimestamp64Milli(s.created_at), 0)',
  avg_latency: 's.latency_ms_sum / s.total_requests',
  p95_latency: 's.p95_latency_ms',
  errors: 's.error_count',
};
