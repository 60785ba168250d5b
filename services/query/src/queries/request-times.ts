import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { indexedSql } from '@throughline/filter-tree/indexed-sql';
import {
  REQUEST_IN_WINDOW,
  type RequestsFound,
  type SessionSelection,
  wholeFilter,
  windowParams,
} from './select-sessions.ts';

/** More requests than this are no longer read one by one. */
const REQUESTS_MAX = 1_000;

/**
 * The requests that can make the filter of a selection true, where an index finds them and they are few: when they were,
 * and which sessions they belong to.
 *
 * Read without FINAL, which an index is of no use to: all versions of a request have the same time and session, so that
 * the current ones are among them. Whether they satisfy the filter is for the query to say that reads them.
 *
 * @returns undefined where no index helps, or where they are many. No session: none is selected.
 */
export async function findRequestTimes(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
): Promise<RequestsFound | undefined> {
  const options = { requestAlias: 'r', sessionAlias: 's', paramPrefix: 'indexed', nowMs: selection.nowMs };
  const indexed = indexedSql(wholeFilter(selection), options);
  if (indexed === undefined) return undefined;
  const rows = await analytics.query<{ at: string; session: string }>({
    sql: `
SELECT toUnixTimestamp64Milli(r.ordered_at) AS at, r.session_id AS session
FROM requests AS r
WHERE ${REQUEST_IN_WINDOW} AND ${indexed.sql}
LIMIT ${REQUESTS_MAX + 1}`,
    params: { ...windowParams(selection), ...indexed.params },
    settings: FEW,
  });
  if (rows.length > REQUESTS_MAX) return undefined;
  return {
    times: [...new Set(rows.map(({ at }) => Number(at)))],
    sessions: [...new Set(rows.map(({ session }) => session))],
  };
}

/** Small blocks, so that common values are seen to be common soon. */
const FEW = { max_threads: 1, max_block_size: 4_096 } as const;
