import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { REQUEST_COLUMNS_SQL, type StoredRequest } from './request-columns.ts';

const ORDER = 'session-requests';

/**
 * A page of the requests of one session, ascending by time, then request id, then log position.
 *
 * @param between first and last request of the session, epoch ms: with them the sort key finds the rows, 3 ms among ten
 *   million.
 */
export async function listSessionRequests(
  analytics: Pick<AnalyticsStore, 'query'>,
  session: { tenantId: string; sessionId: string; between: readonly [firstMs: number, lastMs: number] },
  page: { limit: number; cursor: string | undefined },
): Promise<{ requests: StoredRequest[]; nextCursor: string | null }> {
  const after = page.cursor === undefined ? undefined : decodeCursor(page.cursor, ORDER, ['time', 'text', 'count']);
  const rows = await analytics.query<StoredRequest>({
    sql: `
SELECT ${REQUEST_COLUMNS_SQL}
FROM requests AS r FINAL
WHERE r.tenant_id = {tenant:String} AND r.session_id = {session:String}
  AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  ${
    after
      ? `AND (toUnixTimestamp64Milli(r.ordered_at), r.request_id, r.source_offset)
    > ({afterMs:Int64}, {afterId:String}, {afterOffset:UInt64})`
      : ''
  }
ORDER BY r.ordered_at ASC, r.request_id ASC, r.source_offset ASC
LIMIT {limit:UInt32}`,
    params: {
      tenant: session.tenantId,
      session: session.sessionId,
      first: after ? Math.max(session.between[0], Number(after[0])) : session.between[0],
      last: session.between[1],
      limit: page.limit + 1,
      ...(after && { afterMs: after[0]!, afterId: after[1]!, afterOffset: after[2]! }),
    },
    settings: FINAL,
  });
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > page.limit && last !== undefined;
  return {
    requests: shown,
    nextCursor: hasMore ? encodeCursor(ORDER, [last.ordered_at_ms, last.request_id, last.source_offset]) : null,
  };
}
