import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { SessionRange } from '@throughline/contracts/api/session-facets';
import type { SessionSelection } from './select-sessions.ts';
import { sessionSource } from './session-source.ts';
import type { WindowEdges } from './window-edges.ts';

/** Levels of the quantiles of a range. */
export const RANGE_LEVELS = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

/** Quantiles (`RANGE_LEVELS`) of a figure of the selected sessions, exact, linear between two values. */
export type RangeQuantiles = readonly number[];

/** How figures of the selected sessions are distributed; undefined where none is selected. */
export async function readSessionRanges(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection & { readonly edges: WindowEdges },
  ranges: readonly SessionRange[],
): Promise<ReadonlyMap<SessionRange, RangeQuantiles | undefined>> {
  if (ranges.length === 0) return new Map();
  const source = sessionSource(selection, 'session');
  const quantiles = ranges.map(
    (name) => `quantilesExactInclusive(${RANGE_LEVELS.join(', ')})(${RANGE_SQL[name]}) AS range_${name}`,
  );
  const [row] = await analytics.query<Record<string, string | readonly (number | string)[]>>({
    sql: `SELECT count() AS sessions, ${quantiles.join(', ')} FROM ${source.sql}`,
    params: source.params,
    settings: FINAL,
  });
  const read = (name: SessionRange) => (row![`range_${name}`] as readonly (number | string)[]).map(Number);
  return new Map(ranges.map((name) => [name, row!.sessions === '0' ? undefined : read(name)]));
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
