import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { groupNeighbours } from '../group-neighbours.ts';
import { REQUEST_COLUMNS_SQL, type StoredRequest } from '../queries/request-columns.ts';
import type { SessionSelection } from '../queries/select-sessions.ts';
import type { AnsweredFacts } from '../queries/session-columns.ts';
import { sessionPages } from './session-pages.ts';

/** Requests of a page, and about so many of the sessions that are asked for together: each holds up whatever else the thread does by 10 ms. */
const REQUESTS_PER_PAGE = 500;
const SESSIONS_PER_QUERY = 200;

/**
 * All requests of the selected sessions, page by page as they are taken: sessions newest first, the requests of each by their
 * start.
 */
export async function* requestPages(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
): AsyncGenerator<readonly StoredRequest[], void, undefined> {
  for await (const sessions of sessionPages(analytics, selection, SESSIONS_PER_QUERY)) {
    // About a page of requests together, so that a page is one query and a query is about a page.
    const groups = groupNeighbours(sessions, ({ total_requests }) => total_requests, { weightMax: REQUESTS_PER_PAGE });
    for (const group of groups) yield* pagesOfGroup(analytics, selection.tenantId, group);
  }
}

type PlacedRequest = StoredRequest & { readonly place: string };

async function* pagesOfGroup(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  sessions: readonly AnsweredFacts[],
): AsyncGenerator<readonly StoredRequest[], void, undefined> {
  let after: PlacedRequest | undefined;
  do {
    const rows: PlacedRequest[] = await analytics.query<PlacedRequest>({
      // PREWHERE, since with FINAL the engine would read every column of whatever lies beside the sessions; all versions of a
      // row are of the same session.
      sql: `
SELECT ${REQUEST_COLUMNS_SQL}, indexOf({sessions:Array(String)}, r.session_id) AS place
FROM requests AS r FINAL
PREWHERE r.session_id IN {sessions:Array(String)}
WHERE r.tenant_id = {tenant:String}
  AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  ${
    after
      ? `AND (indexOf({sessions:Array(String)}, r.session_id), toUnixTimestamp64Milli(r.ordered_at), r.request_id, r.source_offset)
    > ({afterPlace:UInt64}, {afterMs:Int64}, {afterId:String}, {afterOffset:UInt64})`
      : ''
  }
ORDER BY place, r.ordered_at, r.request_id, r.source_offset
LIMIT {limit:UInt32}`,
      params: {
        tenant: tenantId,
        sessions: sessions.map(({ session_id }) => session_id),
        first: Math.min(...sessions.map(({ created_at }) => created_at)),
        last: Math.max(...sessions.map(({ latest_request_at }) => latest_request_at)),
        limit: REQUESTS_PER_PAGE,
        ...(after && {
          afterPlace: after.place,
          afterMs: after.ordered_at_ms,
          afterId: after.request_id,
          afterOffset: after.source_offset,
        }),
      },
      settings: FINAL,
    });
    yield rows;
    after = rows.length < REQUESTS_PER_PAGE ? undefined : rows.at(-1);
  } while (after);
}
