import type { AnalyticsStore, QueryParam } from '@throughline/analytics/analytics-store';
import { PAGE } from '@throughline/analytics/read-settings';
import type { SessionSortField } from '@throughline/contracts/api/session-query';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { type SessionSelection, selectSessions } from './select-sessions.ts';
import { type AnsweredFacts, SESSION_COLUMNS_SQL, type SessionListRow, toFacts } from './session-columns.ts';

export interface SessionPage {
  readonly field: SessionSortField;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  /** `next_cursor` of the page before; goes on behind it whatever `offset` says. */
  readonly cursor: string | undefined;
}

/** How each field is ordered, and the type in which a cursor carries its value. */
const ORDER: Readonly<Record<SessionSortField, { sql: string; type: string }>> = {
  created_at: { sql: 'toUnixTimestamp64Milli(s.created_at)', type: 'Int64' },
  latest_request_created_at: { sql: 'toUnixTimestamp64Milli(s.latest_request_at)', type: 'Int64' },
  total_cost: { sql: 's.total_cost', type: 'Decimal(38, 12)' },
  total_requests: { sql: 's.total_requests', type: 'UInt64' },
  total_tokens: { sql: '(s.prompt_tokens + s.completion_tokens)', type: 'UInt64' },
  duration_ms: {
    sql: '(toUnixTimestamp64Milli(s.latest_response_at) - toUnixTimestamp64Milli(s.created_at))',
    type: 'Int64',
  },
  avg_latency: { sql: '(s.latency_ms_sum / s.total_requests)', type: 'Float64' },
  error_count: { sql: 's.error_count', type: 'UInt64' },
};

/** A page of the selected sessions, from their snapshots. Equal values are ordered by session id, ascending. */
export async function listSessions(
  analytics: AnalyticsStore,
  selection: SessionSelection,
  page: SessionPage,
): Promise<{ sessions: AnsweredFacts[]; nextCursor: string | null }> {
  const order = ORDER[page.field];
  const orderName = `session:${page.field}:${page.direction}`;
  const where = selectSessions(selection);
  const params: Record<string, QueryParam> = { ...where.params, limit: page.limit + 1, offset: page.offset };
  let after = '';
  if (page.cursor !== undefined) {
    const cursor = decodeCursor(page.cursor, orderName);
    const beyond = page.direction === 'asc' ? '>' : '<';
    after = `AND (${order.sql} ${beyond} {after:${order.type}} OR (${order.sql} = {after:${order.type}} AND s.session_id > {afterId:String}))`;
    Object.assign(params, { after: cursor.value, afterId: cursor.id, offset: 0 });
  }
  const bySortKey = page.field === 'created_at' && page.direction === 'desc';
  const rows = await analytics.query<SessionListRow & { sort_value: string | number }>({
    sql: `
SELECT ${SESSION_COLUMNS_SQL}, ${order.sql} AS sort_value
FROM sessions AS s FINAL
WHERE ${where.sql} ${after}
ORDER BY ${bySortKey ? 's.created_at DESC' : `sort_value ${page.direction === 'asc' ? 'ASC' : 'DESC'}`}, s.session_id ASC
LIMIT {limit:UInt32} OFFSET {offset:UInt64}`,
    params,
    settings: PAGE,
  });
  const hasMore = rows.length > page.limit;
  const shown = hasMore ? rows.slice(0, page.limit) : rows;
  const last = shown.at(-1);
  return {
    sessions: shown.map(toFacts),
    nextCursor:
      hasMore && last ? encodeCursor({ order: orderName, value: String(last.sort_value), id: last.session_id }) : null,
  };
}
