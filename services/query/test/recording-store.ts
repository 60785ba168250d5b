import type { AnalyticsQuery, AnalyticsStore } from '@throughline/analytics/analytics-store';

/** A store that remembers what was asked of it, in order. */
export interface RecordingStore extends AnalyticsStore {
  readonly asked: AnalyticsQuery[];
}

export function recording(analytics: AnalyticsStore): RecordingStore {
  const asked: AnalyticsQuery[] = [];
  return {
    asked,
    query: (query) => {
      asked.push(query);
      return analytics.query(query);
    },
    insert: (rows) => analytics.insert(rows),
    instanceId: () => analytics.instanceId(),
    close: () => analytics.close(),
  };
}
