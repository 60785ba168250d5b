import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import { type HistogramBin, type HistogramCut, type HistogramRow, histogramSql, readBins } from './histogram-sql.ts';
import type { SessionSelection } from './select-sessions.ts';
import { type AggregateOver, sessionSource } from './session-source.ts';
import { readWindowEdges } from './window-edges.ts';

/** What the selected sessions add up to, and how each quantity is distributed among them. */
export interface SessionMetrics {
  readonly sessions: number;
  readonly requests: number;
  readonly errors: number;
  readonly latencyMs: number;
  readonly costPico: bigint;
  /** Of each session from its first to its last request, whole seconds: how often a second began between the two. */
  readonly seconds: number;
  readonly bins: {
    readonly requests: readonly HistogramBin[];
    readonly seconds: readonly HistogramBin[];
    readonly costPico: readonly HistogramBin[];
  };
}

interface Row extends HistogramRow<'requests' | 'seconds' | 'pico'> {
  readonly sessions: string;
  readonly all_requests: string;
  readonly all_errors: string;
  readonly all_latency: string;
  readonly all_cost: string;
  readonly all_seconds: string;
}

/** Sums and histograms (`histogramSql`) over the selected sessions. */
export async function readSessionMetrics(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  cut: HistogramCut,
  over: AggregateOver,
): Promise<SessionMetrics> {
  const edges = await readWindowEdges(analytics, selection);
  const source = sessionSource({ ...selection, edges }, over);
  const perSession = `
SELECT toInt64(s.total_requests) AS requests, dateDiff('second', s.created_at, s.latest_request_at) AS seconds,
  s.total_cost AS cost, toInt128(s.total_cost * toDecimal128(1000000000000, 0)) AS pico,
  s.latency_ms_sum AS latency, s.error_count AS errors
FROM ${source.sql}`;
  const sums = {
    sessions: 'count()',
    all_requests: 'sum(requests)',
    all_errors: 'sum(errors)',
    all_latency: 'sum(latency)',
    all_cost: 'toString(sum(cost))',
    all_seconds: 'sum(seconds)',
  };
  const rows = await analytics.query<Row>({
    sql: histogramSql(perSession, ['requests', 'seconds', 'pico'], sums, cut),
    params: source.params,
    settings: FINAL,
  });
  const [row] = rows;
  const bins = readBins(rows);
  return {
    sessions: Number(row!.sessions),
    requests: Number(row!.all_requests),
    errors: Number(row!.all_errors),
    latencyMs: Number(row!.all_latency),
    costPico: decimalToPico(row!.all_cost),
    seconds: Number(row!.all_seconds),
    bins: { requests: bins.requests, seconds: bins.seconds, costPico: bins.pico },
  };
}
