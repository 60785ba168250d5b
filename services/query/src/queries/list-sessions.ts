import type { AnalyticsStore, QueryParam } from '@throughline/analytics/analytics-store';
import { FINAL, PAGE } from '@throughline/analytics/read-settings';
import type { SessionSortField } from '@throughline/contracts/api/session-query';
import { levelsOf } from '@throughline/filter-tree/filter-sql';
import { type CursorPart, decodeCursor, encodeCursor } from '../cursor.ts';
import { findLikelySessions } from './likely-sessions.ts';
import { findRequestTimes } from './request-times.ts';
import { type SessionSelection, wholeFilter } from './select-sessions.ts';
import {
  type AnsweredFacts,
  type LatencyBuckets,
  LISTED_COLUMNS_SQL,
  type ListedRow,
  SESSION_COLUMNS_SQL,
  type SessionListRow,
  toFacts,
  toMatchingFacts,
} from './session-columns.ts';
import { type AggregateOver, sessionSource } from './session-source.ts';
import type { SqlPart } from './sql-part.ts';
import { edgesInside, readWindowEdges, UNKNOWN_EDGES, type WindowEdges } from './window-edges.ts';

export interface SessionPage {
  readonly field: SessionSortField;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  /** `next_cursor` of the page before; goes on behind it whatever `offset` says. */
  readonly cursor: string | undefined;
}

interface SortKey {
  readonly sql: string;
  /** What a cursor carries of it, exactly: whole numbers and decimals, never a quotient. */
  readonly carried: readonly { readonly sql: string; readonly kind: CursorPart }[];
  /** The key of the row that a cursor names. */
  readonly after: string;
}

const time = (column: string): SortKey => ({
  sql: `s.${column}`,
  carried: [{ sql: `toUnixTimestamp64Milli(s.${column})`, kind: 'time' }],
  after: "fromUnixTimestamp64Milli({after0:Int64}, 'UTC')",
});
const whole = (sql: string, type: 'Int64' | 'UInt64'): SortKey => ({
  sql,
  carried: [{ sql, kind: type === 'Int64' ? 'int' : 'count' }],
  after: `{after0:${type}}`,
});

const SORT: Readonly<Record<SessionSortField, SortKey>> = {
  created_at: time('created_at'),
  latest_request_created_at: time('latest_request_at'),
  total_cost: {
    sql: 's.total_cost',
    carried: [{ sql: 's.total_cost', kind: 'decimal' }],
    after: '{after0:Decimal(38, 12)}',
  },
  total_requests: whole('s.total_requests', 'UInt64'),
  total_tokens: whole('(s.prompt_tokens + s.completion_tokens)', 'UInt64'),
  duration_ms: whole(
    'greatest(toUnixTimestamp64Milli(s.latest_response_at) - toUnixTimestamp64Milli(s.created_at), 0)',
    'Int64',
  ),
  avg_latency: {
    sql: '(s.latency_ms_sum / s.total_requests)',
    carried: [
      { sql: 's.latency_ms_sum', kind: 'int' },
      { sql: 's.total_requests', kind: 'count' },
    ],
    after: '({after0:Int64} / {after1:UInt64})',
  },
  error_count: whole('s.error_count', 'UInt64'),
};

type Carried = { readonly carried: readonly string[] };
type MatchingRow = SessionListRow & { readonly latency_buckets: LatencyBuckets };
/** By `AggregateOver`. */
type Row = Carried & (ListedRow | MatchingRow);

/** Whole sessions are rows of the table; those counted from their matching requests have no column `listed`. */
const COLUMNS_SQL: Readonly<Record<AggregateOver, string>> = {
  session: LISTED_COLUMNS_SQL,
  matching: `${SESSION_COLUMNS_SQL}, s.latency_buckets AS latency_buckets`,
};

/** A page of the selected sessions, from their snapshots. Equal values are ordered by session id, ascending. */
export async function listSessions(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  page: SessionPage,
  over: AggregateOver,
): Promise<{ sessions: AnsweredFacts[]; nextCursor: string | null }> {
  const key = SORT[page.field];
  const order = `session:${page.field}:${page.direction}:${over}`;
  const after = page.cursor === undefined ? undefined : afterCursor(page.cursor, order, key, page.direction);
  // Only the list's own order is the table's: any other reads all that is selected, on all threads.
  const bySortKey = page.field === 'created_at' && page.direction === 'desc' && over === 'session';
  const read = (source: SqlPart, behind: SqlPart | undefined, limit: number, offset: number) =>
    analytics.query<Row>({
      sql: `
SELECT ${COLUMNS_SQL[over]}, [${key.carried.map(({ sql }) => `toString(${sql})`).join(', ')}] AS carried
FROM ${source.sql}
  ${behind ? `AND ${behind.sql}` : ''}
ORDER BY ${key.sql} ${page.direction === 'asc' ? 'ASC' : 'DESC'}, s.session_id ASC
LIMIT {limit:UInt32} OFFSET {offset:UInt64}`,
      params: { ...source.params, ...behind?.params, limit, offset },
      settings: bySortKey ? PAGE : FINAL,
    });
  const requests = over === 'session' ? await findRequestTimes(analytics, selection) : undefined;
  if (requests?.sessions.length === 0) return { sessions: [], nextCursor: null };
  const readSelected = (edges: WindowEdges) =>
    read(
      sessionSource({ ...selection, edges, ...(requests && { requests }) }, over),
      after,
      page.limit + 1,
      after ? 0 : page.offset,
    );

  const inside = edgesInside(selection);
  const asksRequests = levelsOf(wholeFilter(selection)).request;
  let rows: Row[] | undefined;
  if (requests) {
    // By their keys, whenever they began: each of them has a request in the window.
    rows = await readSelected(UNKNOWN_EDGES);
  } else if (bySortKey && asksRequests && (after || page.offset === 0)) {
    rows = await findLikelySessions<Row>(analytics, selection, page.limit + 1, (source, behind, limit) =>
      read(source, behind ? behindRow(behind, key, page.direction) : after, limit, 0),
    );
  } else if (bySortKey && !asksRequests) {
    // Sessions that began before the window come last: a page that is full without them needs no look at them.
    rows = await readSelected(inside);
  }
  if (rows === undefined || (!requests && rows.length <= page.limit)) {
    const edges = await readWindowEdges(analytics, selection);
    if (rows === undefined || edges.fromMs < inside.fromMs) rows = await readSelected(edges);
  }
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > page.limit && last !== undefined;
  return {
    sessions: shown.map((row) => ('listed' in row ? toFacts(row) : toMatchingFacts(row))),
    nextCursor: hasMore ? encodeCursor(order, [...last.carried, last.session_id]) : null,
  };
}

function afterCursor(cursor: string, order: string, key: SortKey, direction: 'asc' | 'desc'): SqlPart {
  const parts = decodeCursor(cursor, order, [...key.carried.map(({ kind }) => kind), 'text']);
  return behindKey(parts, key, direction);
}

function behindRow(row: Row, key: SortKey, direction: 'asc' | 'desc'): SqlPart {
  return behindKey([...row.carried, row.session_id], key, direction);
}

/** The first condition alone is what the sort key can use. */
function behindKey(parts: readonly string[], key: SortKey, direction: 'asc' | 'desc'): SqlPart {
  const beyond = direction === 'asc' ? '>' : '<';
  const params: Record<string, QueryParam> = { afterId: parts.at(-1)! };
  for (let i = 0; i < key.carried.length; i++) params[`after${i}`] = parts[i]!;
  return {
    sql: `${key.sql} ${beyond}= ${key.after} AND (${key.sql} ${beyond} ${key.after} OR s.session_id > {afterId:String})`,
    params,
  };
}
