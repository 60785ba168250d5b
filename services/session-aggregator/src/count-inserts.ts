import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { AggregatorMetrics } from './metrics.ts';

/** The same store; rows are counted once they are stored. */
export function countInserts(analytics: AnalyticsStore, { inserted }: AggregatorMetrics): AnalyticsStore {
  return {
    async insert(rows) {
      await analytics.insert(rows);
      inserted(rows.table, rows.rows);
    },
    query: (query) => analytics.query(query),
    instanceId: () => analytics.instanceId(),
    close: () => analytics.close(),
  };
}
