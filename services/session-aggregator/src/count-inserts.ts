import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { AggregatorMetrics } from './metrics.ts';
import { withInsert } from './with-insert.ts';

/** The same store; rows are counted once they are stored. */
export function countInserts(analytics: AnalyticsStore, { inserted }: AggregatorMetrics): AnalyticsStore {
  return withInsert(analytics, async (rows) => {
    await analytics.insert(rows);
    inserted(rows.table, rows.rows);
  });
}
