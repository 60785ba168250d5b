import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import { bucketMs, bucketSql, bucketStarts, type TimeGrid } from '../time-buckets.ts';
import type { SessionSelection } from './select-sessions.ts';
import { sessionSource } from './session-source.ts';
import { readWindowEdges } from './window-edges.ts';

/** What some sessions add up to. */
export interface SessionPoint {
  readonly sessions: number;
  readonly failing: number;
  readonly requests: number;
  readonly errors: number;
  readonly costPico: bigint;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly durationMs: number;
}

const NOTHING: SessionPoint = {
  sessions: 0,
  failing: 0,
  requests: 0,
  errors: 0,
  costPico: 0n,
  promptTokens: 0,
  completionTokens: 0,
  durationMs: 0,
};

type Row = { readonly at: number | string | null; readonly cost: string } & Readonly<
  Record<Exclude<keyof SessionPoint, 'costPico'>, string>
>;

/**
 * The selected sessions by the interval in which they began, from their snapshots: ascending, the empty ones included.
 * Those that began before the first interval are in `before`.
 *
 * @throws ApiError `too-many-intervals`
 */
export async function sessionsOverTime(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  grid: TimeGrid,
): Promise<{ before: SessionPoint; points: (SessionPoint & { atMs: number })[] }> {
  // Both bounds of the window are exclusive.
  const starts = bucketStarts({ fromMs: selection.startMs + 1, toMs: selection.endMs - 1 }, grid);
  const edges = await readWindowEdges(analytics, selection);
  const source = sessionSource({ ...selection, edges }, 'session');
  const bucket = bucketSql(grid, 's.created_at');
  const rows = await analytics.query<Row>({
    sql: `
SELECT if(s.created_at < fromUnixTimestamp64Milli({firstAt:Int64}, 'UTC'), NULL, ${bucket.sql}) AS at,
  count() AS sessions, countIf(s.error_count > 0) AS failing, sum(s.total_requests) AS requests,
  sum(s.error_count) AS errors, toString(sum(s.total_cost)) AS cost, sum(s.prompt_tokens) AS promptTokens,
  sum(s.completion_tokens) AS completionTokens,
  sum(greatest(toUnixTimestamp64Milli(s.latest_response_at) - toUnixTimestamp64Milli(s.created_at), 0)) AS durationMs
FROM ${source.sql}
GROUP BY at`,
    params: { ...source.params, ...bucket.params, firstAt: starts[0] ?? 0 },
    settings: FINAL,
  });
  const byStart = new Map(rows.map((row) => [row.at === null ? null : bucketMs(Number(row.at), grid), toPoint(row)]));
  return {
    before: byStart.get(null) ?? NOTHING,
    points: starts.map((atMs) => ({ atMs, ...(byStart.get(atMs) ?? NOTHING) })),
  };
}

function toPoint(row: Row): SessionPoint {
  return {
    sessions: Number(row.sessions),
    failing: Number(row.failing),
    requests: Number(row.requests),
    errors: Number(row.errors),
    costPico: decimalToPico(row.cost),
    promptTokens: Number(row.promptTokens),
    completionTokens: Number(row.completionTokens),
    durationMs: Number(row.durationMs),
  };
}
