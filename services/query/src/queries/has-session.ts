import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { PAGE } from '@throughline/analytics/read-settings';

/** Whether the tenant has any session, of whatever time. */
export async function hasSession(analytics: Pick<AnalyticsStore, 'query'>, tenantId: string): Promise<boolean> {
  const found = await analytics.query<{ one: number }>({
    // In the order of the sort key: reading ends with the first row, however many there are.
    sql: 'SELECT 1 AS one FROM sessions FINAL WHERE tenant_id = {tenant:String} AND total_requests > 0 ORDER BY created_at DESC LIMIT 1',
    params: { tenant: tenantId },
    settings: PAGE,
  });
  return found.length > 0;
}
