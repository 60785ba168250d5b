import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { POINT } from '@throughline/analytics/read-settings';
import type { LinkedRequest } from '../auth/body-link.ts';
import { REQUEST_COLUMNS_SQL, type StoredRequest } from './request-columns.ts';

/** The request that a link was made for; undefined: it has been deleted since. */
export async function findLinkedRequest(
  analytics: Pick<AnalyticsStore, 'query'>,
  linked: LinkedRequest,
): Promise<StoredRequest | undefined> {
  const [row] = await analytics.query<StoredRequest>({
    sql: `
SELECT ${REQUEST_COLUMNS_SQL}
FROM requests AS r FINAL
WHERE r.tenant_id = {tenant:String} AND r.ordered_at = fromUnixTimestamp64Milli({at:Int64}, 'UTC')
  AND r.request_id = {request:String} AND r.source_partition = {partition:UInt16} AND r.source_offset = {offset:UInt64}
LIMIT 1`,
    params: {
      tenant: linked.tenantId,
      at: linked.orderedAtMs,
      request: linked.requestId,
      partition: linked.partition,
      offset: linked.offset,
    },
    settings: POINT,
  });
  return row;
}
