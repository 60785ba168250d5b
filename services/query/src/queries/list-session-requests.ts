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
  analytics: AnalyticsStore,
  session: { tenantId: string; sessionId: string; between: readonly [firstMs: number, lastMs: number] },
  page: { limit: number; cursor: string | undefined },
): Promise<{ requests: StoredRequest[]; nextCursor: string | null }> {
  const cursor = page.cursor === undefined ? undefined : decodeCursor(page.cursor, ORDER);
  const [afterId, afterOffset] = splitPosition(cursor?.id);
  const rows = await analytics.query<StoredRequest>({
    sql: `
SELECT ${REQUEST_COLUMNS_SQL}
FROM requests AS r FINAL
WHERE r.tenant_id = {tenant:String} AND r.session_id = {session:String}
  AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  ${
    cursor
      ? `AND (toUnixTimestamp64Milli(r.ordered_at), r.request_id, r.source_offset)
    > ({afterMs:Int64}, {afterId:String}, {afterOffset:UInt64})`
      : ''
  }
ORDER BY r.ordered_at ASC, r.request_id ASC, r.source_offset ASC
LIMIT {limit:UInt32}`,
    params: {
      tenant: session.tenantId,
      session: session.sessionId,
      first: Math.max(session.between[0], cursor ? Number(cursor.value) : 0),
      last: session.between[1],
      limit: page.limit + 1,
      ...(cursor && { afterMs: Number(cursor.value), afterId, afterOffset }),
    },
    settings: FINAL,
  });
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > page.limit && last !== undefined;
  const nextCursor = hasMore
    ? encodeCursor({ order: ORDER, value: last.ordered_at_ms, id: `${last.source_offset}/${last.request_id}` })
    : null;
  return { requests: shown, nextCursor };
}

/** The last row's id in a cursor: `<log offset>/<request id>`. */
function splitPosition(text = ''): [requestId: string, offset: number] {
  const slash = text.indexOf('/');
  const offset = Number(text.slice(0, Math.max(slash, 0)));
  return [text.slice(slash + 1), Number.isSafeInteger(offset) && offset >= 0 ? offset : 0];
}
