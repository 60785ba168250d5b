import type { AnalyticsStore } from '@throughline/analytics/analytics-store';

/** The same store with another way to insert. */
export function withInsert(analytics: AnalyticsStore, insert: AnalyticsStore['insert']): AnalyticsStore {
  return {
    insert,
    query: (query) => analytics.query(query),
    instanceId: () => analytics.instanceId(),
    close: () => analytics.close(),
  };
}
