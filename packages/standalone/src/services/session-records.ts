import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { SessionRecords } from '@throughline/contracts/recorded-call';

/** Recorded sessions. Most gateways never replay one: the code that reads them is loaded with the first. */
export function sessionRecords(analytics: Pick<AnalyticsStore, 'query'>): SessionRecords {
  return {
    async read(tenantId, sessionId) {
      const { createSessionRecords } = await import('@throughline/query/queries/session-records');
      return await createSessionRecords(analytics).read(tenantId, sessionId);
    },
  };
}
