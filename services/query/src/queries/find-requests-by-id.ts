import type { AnalyticsStore, QueryParam } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { clampTime } from '../cursor.ts';
import { ID_TIME_MARGIN_MS, timeInId } from './find-request.ts';
import { REQUEST_COLUMNS_SQL, type StoredRequest } from './request-columns.ts';

/**
 * The request of each of these ids, the first logged where callers have used one in several sessions. Unknown ids are
 * left out.
 *
 * As `findRequests` does for one, ids of ours are looked for at the time that is in them: ids that are asked for together
 * are mostly those of one page, and so of a few minutes.
 */
export async function findRequestsById(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, StoredRequest>> {
  const found = new Map<string, StoredRequest>();
  const distinct = [...new Set(ids)];
  const madeAt = distinct.map(timeInId).filter((ms) => ms !== undefined);
  if (madeAt.length > 0) {
    const between = [Math.min(...madeAt), Math.max(...madeAt)] as const;
    for (const row of await query(analytics, tenantId, distinct, between)) {
      // Chosen by a caller, the id says nothing about when it was first used.
      if (row.event_id === row.request_id) found.set(row.request_id, row);
    }
  }
  const others = distinct.filter((id) => !found.has(id));
  if (others.length > 0) {
    for (const row of await query(analytics, tenantId, others, undefined)) found.set(row.request_id, row);
  }
  return found;
}

function query(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  ids: readonly string[],
  between: readonly [firstMs: number, lastMs: number] | undefined,
): Promise<StoredRequest[]> {
  const params: Record<string, QueryParam> = { tenant: tenantId, ids };
  // By index, in any version: all of them have the same time.
  let near = `AND r.ordered_at IN (
    SELECT ordered_at FROM requests WHERE tenant_id = {tenant:String} AND request_id IN {ids:Array(String)}
  )`;
  if (between !== undefined) {
    near = `AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND fromUnixTimestamp64Milli({through:Int64}, 'UTC')`;
    params.from = clampTime(between[0] - ID_TIME_MARGIN_MS);
    params.through = clampTime(between[1] + ID_TIME_MARGIN_MS);
  }
  return analytics.query<StoredRequest>({
    sql: `
SELECT ${REQUEST_COLUMNS_SQL}
FROM requests AS r FINAL
WHERE r.tenant_id = {tenant:String} AND r.request_id IN {ids:Array(String)}
  ${near}
ORDER BY r.received_at, r.source_partition, r.source_offset
LIMIT 1 BY r.request_id`,
    params,
    settings: FINAL,
  });
}
