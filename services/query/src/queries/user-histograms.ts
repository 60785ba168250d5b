import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { type HistogramBin, type HistogramBinRow, type HistogramCut, histogramSql, readBins } from './histogram-sql.ts';
import { selectUsers, type UserSelection } from './select-users.ts';

/** How requests and cost are distributed among the selected users (`histogramSql`). */
export async function readUserHistograms(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: UserSelection,
  cut: HistogramCut,
): Promise<{ requests: HistogramBin[]; costPico: HistogramBin[] }> {
  const source = selectUsers(selection);
  const perUser = `
SELECT toInt64(u.requests) AS requests, toInt128(u.cost * toDecimal128(1000000000000, 0)) AS pico
FROM ${source.sql}`;
  const [row] = await analytics.query<Record<'requests_bins' | 'pico_bins', readonly HistogramBinRow[]>>({
    sql: histogramSql(perUser, ['requests', 'pico'], ['count() AS users'], cut),
    params: source.params,
    settings: FINAL,
  });
  return { requests: readBins(row!.requests_bins), costPico: readBins(row!.pico_bins) };
}
