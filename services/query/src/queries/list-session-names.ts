import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { SqlWriter } from '@throughline/filter-tree/sql-fragment';
import { textSql } from '@throughline/filter-tree/text-sql';
import type { SessionSelection } from './select-sessions.ts';
import { type AggregateOver, sessionSource } from './session-source.ts';
import { readWindowEdges } from './window-edges.ts';

/** The selected sessions of one name. Times are epoch ms. */
export interface NamedSessions {
  /** `''`: sessions without any name. */
  readonly name: string;
  readonly firstRequestMs: number;
  readonly lastRequestMs: number;
  readonly sessions: number;
  readonly requests: number;
  readonly latencyMs: number;
}

export interface NamePage {
  /** Case-insensitive substring of the names shown; `''` for all. */
  readonly nameContains: string;
  readonly limit: number;
  readonly offset: number;
}

interface Row {
  readonly name: string;
  readonly first_ms: string;
  readonly last_ms: string;
  readonly sessions: string;
  readonly requests: string;
  readonly latency: string;
}

/** A page of the names of the selected sessions, last used first, then by name. A session counts under each of its names. */
export async function listSessionNames(
  analytics: Pick<AnalyticsStore, 'query'>,
  selection: SessionSelection,
  page: NamePage,
  over: AggregateOver,
): Promise<NamedSessions[]> {
  const edges = await readWindowEdges(analytics, selection);
  const source = sessionSource({ ...selection, edges }, over);
  const writer = new SqlWriter({ requestAlias: 'r', sessionAlias: 's', paramPrefix: 'name' });
  const shown = page.nameContains === '' ? '1' : textSql('name', 'contains', page.nameContains, writer);
  const rows = await analytics.query<Row>({
    sql: `
SELECT name, toUnixTimestamp64Milli(min(created)) AS first_ms, toUnixTimestamp64Milli(max(latest)) AS last_ms,
  count() AS sessions, sum(requests) AS requests, sum(latency) AS latency
FROM (
  SELECT created, latest, requests, latency,
    arrayJoin(multiIf(notEmpty(every.names), every.names, empty(some.names), [''], some.names)) AS name
  FROM (
    SELECT s.session_id AS session_id, s.created_at AS created, s.latest_request_at AS latest,
      s.total_requests AS requests, s.latency_ms_sum AS latency, s.session_names AS names
    FROM ${source.sql}
  ) AS some LEFT JOIN ${OVERFLOWED_NAMES} AS every ON every.session_id = some.session_id
)
WHERE ${shown}
GROUP BY name
ORDER BY max(latest) DESC, name ASC
LIMIT {limit:UInt32} OFFSET {offset:UInt64}`,
    params: { ...source.params, ...writer.params, limit: page.limit, offset: page.offset },
    settings: FINAL,
  });
  return rows.map((row) => ({
    name: row.name,
    firstRequestMs: Number(row.first_ms),
    lastRequestMs: Number(row.last_ms),
    sessions: Number(row.sessions),
    requests: Number(row.requests),
    latencyMs: Number(row.latency),
  }));
}

/** Sessions with more names than a snapshot holds, of which there are few: their names are those of their requests. */
const OVERFLOWED_NAMES = `(
    SELECT session_id, groupUniqArray(session_name) AS names FROM requests FINAL
    WHERE tenant_id = {tenant:String} AND session_name != '' AND session_id IN (
      SELECT session_id FROM sessions FINAL WHERE tenant_id = {tenant:String} AND has(truncated_fields, 'session_names')
    )
    GROUP BY session_id
  )`;
