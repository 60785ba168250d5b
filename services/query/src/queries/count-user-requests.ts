import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';

/** How many requests of a tenant a user made. */
export async function countUserRequests(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  user: string,
): Promise<number> {
  const [found] = await analytics.query<{ requests: string }>({
    sql: 'SELECT count() AS requests FROM requests FINAL WHERE tenant_id = {tenant:String} AND user_id = {user:String}',
    params: { tenant: tenantId, user },
    settings: FINAL,
  });
  return Number(found!.requests);
}
