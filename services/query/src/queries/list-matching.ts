import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { filterSql, levelsOf } from '@throughline/filter-tree/filter-sql';
import type { SessionPage } from './list-sessions.ts';
import { REQUEST_IN_WINDOW, SESSIONS_OF_TENANT, type SessionSelection, selectSessions } from './select-sessions.ts';
import type { AnsweredFacts, SessionListRow } from './session-columns.ts';
import { toFacts } from './session-columns.ts';
import type { SqlPart } from './sql-part.ts';

/** Most sessions in one answer of partial totals: they are computed for all selected sessions, then sorted. */
const MATCHING_MAX = 100_000;

/**
 * `"aggregateOver": "matching"`: the same sessions, with totals over only those of their requests that lie in the window
 * and make the filter true. Names and tags remain the session's own.
 */
export async function listMatching(
  analytics: AnalyticsStore,
  selection: SessionSelection,
  page: Pick<SessionPage, 'field' | 'direction' | 'limit' | 'offset'>,
): Promise<AnsweredFacts[]> {
  const matching = matchingRows(selection);
  const rows = await analytics.query<SessionListRow>({
    sql: `
SELECT * FROM (${matching.sql})
ORDER BY ${SORT[page.field]} ${page.direction === 'asc' ? 'ASC' : 'DESC'}, session_id ASC
LIMIT {limit:UInt32} OFFSET {offset:UInt64}`,
    params: { ...matching.params, limit: Math.min(page.limit, MATCHING_MAX), offset: page.offset },
    settings: FINAL,
  });
  return rows.map(toFacts);
}

/** One row per selected session, in the columns of `SessionListRow`. */
export function matchingRows(selection: SessionSelection): SqlPart {
  const selected = selectSessions(selection);
  const asksSession = levelsOf(selection.filter).session;
  const filter = filterSql(selection.filter, { requestAlias: 'r', sessionAlias: 'own', paramPrefix: 'f' });
  const join = asksSession ? `INNER JOIN ${SESSIONS_OF_TENANT} AS own ON own.session_id = r.session_id` : '';
  return {
    params: { ...selected.params, ...filter.params },
    sql: `
SELECT m.session_id AS session_id, s.session_name AS session_name, s.session_names AS session_names,
  m.user_ids AS user_ids, m.models AS models, m.providers AS providers, s.truncated_fields AS truncated_fields,
  m.created_at_ms AS created_at_ms, m.latest_request_at_ms AS latest_request_at_ms,
  m.latest_response_at_ms AS latest_response_at_ms, m.total_requests AS total_requests, m.error_count AS error_count,
  m.unpriced_requests AS unpriced_requests, m.prompt_tokens AS prompt_tokens,
  m.completion_tokens AS completion_tokens, m.reasoning_tokens AS reasoning_tokens,
  m.prompt_cache_read_tokens AS prompt_cache_read_tokens, m.prompt_cache_write_tokens AS prompt_cache_write_tokens,
  toString(m.total_cost) AS total_cost_text, m.total_cost AS total_cost, m.latency_ms_sum AS latency_ms_sum,
  m.p95_latency_ms AS p95_latency_ms, s.tag AS tag, s.feedback AS feedback,
  arrayZip(mapKeys(s.scores), mapValues(s.scores)) AS score_pairs
FROM (
  SELECT r.session_id AS session_id,
    arraySort(groupUniqArrayIf(r.user_id, r.user_id != '')) AS user_ids,
    arraySort(groupUniqArrayIf(r.model, r.model != '')) AS models,
    arraySort(groupUniqArrayIf(r.provider, r.provider != '')) AS providers,
    toUnixTimestamp64Milli(min(r.ordered_at)) AS created_at_ms,
    toUnixTimestamp64Milli(max(r.ordered_at)) AS latest_request_at_ms,
    max(toUnixTimestamp64Milli(r.ordered_at) + r.latency_ms) AS latest_response_at_ms,
    count() AS total_requests, countIf(r.is_error) AS error_count, countIf(r.cost IS NULL) AS unpriced_requests,
    sum(ifNull(r.prompt_tokens, 0)) AS prompt_tokens, sum(ifNull(r.completion_tokens, 0)) AS completion_tokens,
    sum(r.reasoning_tokens) AS reasoning_tokens, sum(r.prompt_cache_read_tokens) AS prompt_cache_read_tokens,
    sum(r.prompt_cache_write_tokens) AS prompt_cache_write_tokens,
    sum(toDecimal128(ifNull(r.cost, 0), 12)) AS total_cost, sum(r.latency_ms) AS latency_ms_sum,
    toFloat64(arraySort(groupArray(r.latency_ms))[toUInt32(ceil(count() * 0.95))]) AS p95_latency_ms
  FROM requests AS r FINAL ${join}
  WHERE ${REQUEST_IN_WINDOW} AND (${filter.sql})
  GROUP BY r.session_id
) AS m
INNER JOIN (SELECT * EXCEPT state FROM sessions AS s FINAL WHERE ${selected.sql}) AS s ON s.session_id = m.session_id`,
  };
}

const SORT: Readonly<Record<SessionPage['field'], string>> = {
  created_at: 'created_at_ms',
  latest_request_created_at: 'latest_request_at_ms',
  total_cost: 'total_cost',
  total_requests: 'total_requests',
  total_tokens: '(prompt_tokens + completion_tokens)',
  duration_ms: '(latest_response_at_ms - created_at_ms)',
  avg_latency: '(latency_ms_sum / total_requests)',
  error_count: 'error_count',
};
