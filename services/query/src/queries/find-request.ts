import type { AnalyticsStore, QueryParam } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { clampTime } from '../cursor.ts';
import { REQUEST_COLUMNS_SQL, type StoredRequest } from './request-columns.ts';

/** Requests that share a caller-chosen id are named up to this many. */
const SAME_ID_MAX = 100;
/** Between the time in an id of ours and the request's own time: the same clock, read within one call. */
export const ID_TIME_MARGIN_MS = 60_000;

/** One of them with its headers: those that were allowed to be stored, none of which holds a credential. */
export interface FoundRequest extends StoredRequest {
  readonly request_header_pairs: readonly (readonly [string, string])[];
  readonly response_header_pairs: readonly (readonly [string, string])[];
}

/**
 * Requests with this id, the first logged first. Callers may use an id in several sessions.
 *
 * An id of ours holds the time at which it was made, which is where it is looked for first. Nobody else can have used it
 * before; who has chosen it since is named only when that was within the same minutes.
 */
export async function findRequests(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  requestId: string,
): Promise<FoundRequest[]> {
  const madeAt = timeInId(requestId);
  if (madeAt !== undefined) {
    const found = await query(analytics, tenantId, requestId, madeAt);
    // Chosen by a caller, the id says nothing about when it was first used.
    if (found[0]?.event_id === requestId) return found;
  }
  return query(analytics, tenantId, requestId, undefined);
}

function query(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  requestId: string,
  around: number | undefined,
): Promise<FoundRequest[]> {
  const params: Record<string, QueryParam> = { tenant: tenantId, request: requestId };
  // By index, in any version: all of them have the same time.
  let near = `AND r.ordered_at IN (
    SELECT ordered_at FROM requests WHERE tenant_id = {tenant:String} AND request_id = {request:String}
  )`;
  if (around !== undefined) {
    near = `AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND fromUnixTimestamp64Milli({through:Int64}, 'UTC')`;
    params.from = clampTime(around - ID_TIME_MARGIN_MS);
    params.through = clampTime(around + ID_TIME_MARGIN_MS);
  }
  return analytics.query<FoundRequest>({
    sql: `
SELECT ${REQUEST_COLUMNS_SQL},
  arrayZip(mapKeys(r.request_headers), mapValues(r.request_headers)) AS request_header_pairs,
  arrayZip(mapKeys(r.response_headers), mapValues(r.response_headers)) AS response_header_pairs
FROM requests AS r FINAL
WHERE r.tenant_id = {tenant:String} AND r.request_id = {request:String}
  ${near}
ORDER BY r.received_at, r.source_partition, r.source_offset
LIMIT ${SAME_ID_MAX}`,
    params,
    settings: FINAL,
  });
}

/** A UUIDv7 begins with the epoch ms at which it was made. */
export function timeInId(id: string): number | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7/i.test(id)) return undefined;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
