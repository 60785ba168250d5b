import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { type HistogramBin, type HistogramCut, type HistogramRow, histogramSql, readBins } from './histogram-sql.ts';
import { selectUsers, type UserSelection } from './select-users.ts';

/** How requests and cost are distributed among the selected users (`histogramSql`). */
export async function readUserHistograms(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: UserSelection,
  cut: HistogramCut,
): Promise<{ requests: readonly HistogramBin[]; costPico: readonly HistogramBin[] }> {
  const source = selectUsers(selection);
  const perUser = `
SELECT toInt64(u.requests) AS requests, toInt128(u.cost * toDecimal128(1000000000000, 0)) AS pico
FROM ${source.sql}`;
  const rows = await analytics.query<HistogramRow<'requests' | 'pico'>>({
    sql: histogramSql(perUser, ['requests', 'pico'], { users: 'count()' }, cut),
    params: source.params,
    settings: FINAL,
  });
  const { requests, pico } = readBins(rows);
  return { requests, costPico: pico };
}
