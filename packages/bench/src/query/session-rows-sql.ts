import { SESSION_BOUNDS } from '@throughline/session-totals/session-bounds';

/**
 * Queries of rows of `sessions` and `session_keys`: what the aggregator publishes, folded by the engine from the rows of
 * `requests`. Sets stay below their bounds here, so that none of them overflowed.
 */

/** @param where a condition on `requests` that takes sessions whole. */
export function sessionRowsSql(where: string): string {
  return `
SELECT ${Object.entries(COLUMNS)
    .map(([name, sql]) => `${sql} AS ${name}`)
    .join(',\n  ')}
FROM (
  SELECT tenant_id AS of_tenant, session_id AS of_session,
    min(ordered_at) AS first_at, max(ordered_at) AS last_at, max(addMilliseconds(ordered_at, latency_ms)) AS last_end,
    max(received_at) AS last_received, argMaxIf(session_name, (ordered_at, event_id), session_name != '') AS last_name,
    arraySort(groupUniqArrayIf(session_name, session_name != '')) AS names,
    arraySort(groupUniqArrayIf(user_id, user_id != '')) AS users,
    arraySort(groupUniqArrayIf(toString(model), model != '')) AS all_models,
    arraySort(groupUniqArrayIf(toString(provider), provider != '')) AS all_providers,
    arraySort(groupUniqArray(status)) AS all_statuses,
    arraySort(groupUniqArrayArray(property_pairs)) AS pairs,
    arraySort(arrayDistinct(arrayMap(pair -> splitByChar('=', pair)[1], pairs))) AS keys,
    count() AS calls, countIf(is_error) AS errors, countIf(cost IS NULL) AS unpriced,
    sum(ifNull(requests.prompt_tokens, 0)) AS prompts, sum(ifNull(requests.completion_tokens, 0)) AS completions,
    sum(requests.prompt_cache_read_tokens) AS cache_reads, sum(toDecimal128(ifNull(cost, 0), 12)) AS costs,
    sum(latency_ms) AS latencies, arraySort(groupArray(latency_ms))[intDiv(calls * 95 + 99, 100)] AS p95,
    if(p95 < 1, -1, toInt32(ceil(log(p95) / log(101 / 99)))) AS bucket,
    floor(pow(101 / 99, bucket - 1)) + 1 AS lowest, floor(pow(101 / 99, bucket)) AS highest,
    max(source_offset) AS last_offset,
    arraySlice(arraySort(groupArray((ordered_at, session_path, is_error, toInt64(toDecimal128(ifNull(cost, 0), 12) * toDecimal128(1000000000000, 0))))), 1, ${SESSION_BOUNDS.stepsMax}) AS first_steps,
    sumMap([session_path], [toUInt64(1)], [toUInt64(is_error)], [toDecimal128(ifNull(cost, 0), 12)], [latency_ms]) AS by_path
  FROM requests
  WHERE session_id != '' AND ${where}
  GROUP BY tenant_id, session_id
)`;
}

/** Of a hundred sessions one as it was published earlier: nothing of these may be seen. */
export const STALE_SNAPSHOTS_SQL = `SELECT * EXCEPT listed REPLACE (version - 1 AS version, total_cost + 1000 AS total_cost, error_count + 7 AS error_count)
FROM sessions WHERE cityHash64(session_id) % 100 = 0`;

export function sessionKeyRowsSql(where: string): string {
  return `
SELECT tenant_id, session_id, min(ordered_at) AS created_at, bitShiftLeft(toUInt64(max(source_offset)), 20) + 1 AS version
FROM requests
WHERE session_id != '' AND ${where}
GROUP BY tenant_id, session_id`;
}

export const SESSION_KEY_COLUMN_NAMES = 'tenant_id, session_id, created_at, version';

/** Bytes of a packed state, which lists do not read: as many as 12 calls on 4 paths have. */
const STATE_BYTES = 406;

/** Every column of `sessions` but `listed`, which the engine makes of the others. */
const COLUMNS: Readonly<Record<string, string>> = {
  tenant_id: 'of_tenant',
  session_id: 'of_session',
  created_at: 'first_at',
  latest_request_at: 'last_at',
  latest_response_at: 'last_end',
  updated_at: 'last_received',
  session_name: 'last_name',
  session_names: 'names',
  user_ids: 'users',
  models: 'all_models',
  providers: 'all_providers',
  statuses: 'all_statuses',
  properties: `mapFromArrays(keys, arrayMap(
    name -> arrayMap(pair -> substring(pair, length(name) + 2), arrayFilter(pair -> startsWith(pair, concat(name, '=')), pairs)),
    keys))`,
  truncated_fields: '[]',
  total_requests: 'calls',
  error_count: 'errors',
  unpriced_requests: 'unpriced',
  prompt_tokens: 'prompts',
  completion_tokens: 'completions',
  reasoning_tokens: '0',
  prompt_cache_read_tokens: 'cache_reads',
  prompt_cache_write_tokens: '0',
  prompt_audio_tokens: '0',
  completion_audio_tokens: '0',
  total_cost: 'costs',
  latency_ms_sum: 'latencies',
  p95_latency_ms: `multiIf(bucket = -1, 0, bucket = 0 OR highest <= lowest, greatest(highest, 1), round(500 * (1.01 * lowest + 0.99 * highest)) / 1000)`,
  tag: 'NULL',
  feedback: 'NULL',
  scores: "CAST(map(), 'Map(String, Float64)')",
  state: `randomString(${STATE_BYTES})`,
  source_partition: '0',
  applied: 'last_offset',
  version: 'bitShiftLeft(toUInt64(last_offset), 20) + 1',
  is_deleted: '0',
  last_received_at: 'last_received',
  deleted_bodies: 'false',
  steps: `arrayMap(run -> (run[1].2, length(run), arrayCount(x -> x.3, run), arraySum(x -> x.4, run)),
    arraySplit((x, before) -> x.2 != before, first_steps, arrayPushFront(arrayPopBack(arrayMap(x -> x.2, first_steps)), '')))`,
  paths: 'arrayZip(by_path.1, by_path.2, by_path.3, by_path.4, by_path.5)',
};

export const SESSION_COLUMN_NAMES = Object.keys(COLUMNS).join(', ');
