import { filterSql, levelsOf } from '@throughline/filter-tree/filter-sql';
import { SESSION_BOUNDS } from '@throughline/session-totals/session-bounds';
import {
  overlapsWindow,
  patternsOf,
  REQUEST_IN_WINDOW,
  SESSIONS_IN_WINDOW,
  type SessionSelection,
  selectSessions,
  wholeFilter,
} from './select-sessions.ts';
import { allOf, type SqlPart } from './sql-part.ts';

/**
 * What the numbers of a session are about: the whole of it, or only those of its requests that lie in the window and
 * make the filter true. Which sessions are selected is the same.
 */
export type AggregateOver = 'session' | 'matching';

/** `FROM … WHERE …` of the selected sessions, as `s` with the columns of the table `sessions`. */
export function sessionSource(selection: SessionSelection, over: AggregateOver): SqlPart {
  if (over === 'matching') return matchingSource(selection);
  const { sql, params } = selectSessions(selection);
  return { sql: `sessions AS s FINAL\nWHERE ${sql}`, params };
}

/** Names, tag, feedback, scores and whether bodies were deleted remain the session's own. Sets hold one member more than a session keeps of them. */
function matchingSource(selection: SessionSelection): SqlPart {
  const filter = wholeFilter(selection);
  const condition = filterSql(filter, {
    requestAlias: 'r',
    sessionAlias: 'own',
    paramPrefix: 'f',
    nowMs: selection.nowMs,
  });
  const patterns = allOf([{ sql: '1', params: {} }, ...patternsOf(selection, 'own')]);
  const join = levelsOf(filter).session
    ? `INNER JOIN ${SESSIONS_IN_WINDOW} AS own ON own.session_id = r.session_id`
    : '';
  const sql = `(
  SELECT own.session_id AS session_id, own.session_name AS session_name, own.session_names AS session_names,
    own.truncated_fields AS truncated_fields, own.tag AS tag, own.feedback AS feedback, own.scores AS scores,
    own.deleted_bodies AS deleted_bodies,
    m.* EXCEPT session_id
  FROM (
    SELECT r.session_id AS session_id,
      ${someOf('user_id', SESSION_BOUNDS.userIds.countMax)} AS user_ids,
      ${someOf('model', SESSION_BOUNDS.models.countMax)} AS models,
      ${someOf('provider', SESSION_BOUNDS.providers.countMax)} AS providers,
      min(r.ordered_at) AS created_at, max(r.ordered_at) AS latest_request_at,
      max(addMilliseconds(r.ordered_at, r.latency_ms)) AS latest_response_at,
      count() AS total_requests, countIf(r.is_error) AS error_count, countIf(r.cost IS NULL) AS unpriced_requests,
      sum(ifNull(r.prompt_tokens, 0)) AS prompt_tokens, sum(ifNull(r.completion_tokens, 0)) AS completion_tokens,
      sum(r.reasoning_tokens) AS reasoning_tokens, sum(r.prompt_cache_read_tokens) AS prompt_cache_read_tokens,
      sum(r.prompt_cache_write_tokens) AS prompt_cache_write_tokens,
      sum(toDecimal128(ifNull(r.cost, 0), 12)) AS total_cost, sum(r.latency_ms) AS latency_ms_sum,
      sumMap([${LATENCY_BUCKET}], [toUInt64(1)]) AS latency_buckets, toFloat64(0) AS p95_latency_ms
    FROM requests AS r FINAL ${join}
    WHERE ${REQUEST_IN_WINDOW} AND ${condition.sql}
    GROUP BY r.session_id
  ) AS m INNER JOIN ${SESSIONS_IN_WINDOW} AS own ON own.session_id = m.session_id
  WHERE ${patterns.sql}
) AS s
WHERE 1`;
  return { sql, params: { ...overlapsWindow(selection).params, ...condition.params, ...patterns.params } };
}

function someOf(column: string, max: number): string {
  return `arraySort(groupUniqArrayIf(${max + 1})(toString(r.${column}), r.${column} != ''))`;
}

/** `latencyBucket` of the latency sketch. */
const LATENCY_BUCKET = 'if(r.latency_ms < 1, -1, toInt32(ceil(log(least(r.latency_ms, 2147483647)) / log(101 / 99))))';
