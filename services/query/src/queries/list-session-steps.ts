import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { STEP_MESSAGE_CHARS_MAX, STEPS_MAX, type StepColumn } from '@throughline/contracts/api/session-steps';
import { EPOCH_MAX, packVersion } from '@throughline/contracts/version';

/** Steps of a session, column by column. */
export interface SessionSteps {
  /** There are more than these. */
  readonly truncated: boolean;
  /** JSON arrays, a value per step. */
  readonly columns: Readonly<Record<StepColumn, string>>;
}

/**
 * Steps of one session, ascending by time, then request id, then log position; at most `STEPS_MAX`.
 *
 * The engine writes each column as JSON, which is only passed on here: ten thousand rows as objects would hold up whatever
 * else the thread does.
 *
 * @param between first and last request of the session, epoch ms. @param sinceOffset only what entries of the log behind
 *   this one have added or changed.
 */
export async function listSessionSteps(
  analytics: Pick<AnalyticsStore, 'query'>,
  session: { tenantId: string; sessionId: string; between: readonly [firstMs: number, lastMs: number] },
  sinceOffset: number | undefined,
): Promise<SessionSteps> {
  const [row] = await analytics.query<Record<StepColumn, string> & { steps: string }>({
    // PREWHERE, since with FINAL the engine would read every column of whatever lies beside the session; all versions of a
    // row are of the same session. Sorted once more in the array, whose order the engine otherwise leaves open.
    sql: `
SELECT length(found) AS steps,
  ${COLUMN_NAMES.map((name, index) => `${arraySql(name, index)} AS ${name}`).join(', ')}
FROM (
  SELECT arraySort(groupArray((${['at', 'id', 'offset', ...COLUMN_NAMES].map((name) => `step_${name}`).join(', ')}))) AS found
  FROM (
    SELECT r.ordered_at AS step_at, r.request_id AS step_id, r.source_offset AS step_offset,
      ${COLUMN_NAMES.map((name) => `${valueSql(name)} AS step_${name}`).join(', ')}
    FROM requests AS r FINAL
    PREWHERE r.session_id = {session:String}
    WHERE r.tenant_id = {tenant:String}
      AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')
      ${sinceOffset === undefined ? '' : 'AND r.version > {since:UInt64}'}
    ORDER BY step_at, step_id, step_offset
    LIMIT {limit:UInt32} + 1
  )
)`,
    params: {
      tenant: session.tenantId,
      session: session.sessionId,
      first: session.between[0],
      last: session.between[1],
      limit: STEPS_MAX,
      ...(sinceOffset !== undefined && { since: sinceOffset < 0 ? 0n : packVersion(sinceOffset, EPOCH_MAX) }),
    },
    settings: FINAL,
  });
  const { steps, ...columns } = row!;
  return { truncated: Number(steps) > STEPS_MAX, columns };
}

/** `text`: a String. `json`: what stands in JSON as it is, NULL for null. */
const VALUE_SQL: Readonly<Record<StepColumn, readonly ['text' | 'json', string]>> = {
  position: ['json', 'r.source_offset'],
  request_id: ['text', 'r.request_id'],
  path: ['text', 'r.session_path'],
  started_at: ['json', 'toUnixTimestamp64Milli(r.ordered_at)'],
  latency_ms: ['json', 'r.latency_ms'],
  time_to_first_token_ms: ['json', 'r.time_to_first_token_ms'],
  status: ['json', 'r.status'],
  is_error: ['json', 'r.is_error'],
  error_type: ['text', 'r.error_type'],
  error_message: ['text', `substringUTF8(r.error_message, 1, ${STEP_MESSAGE_CHARS_MAX})`],
  step_kind: ['text', 'r.step_kind'],
  model: ['text', 'r.model'],
  provider: ['text', 'r.provider'],
  streamed: ['json', 'r.streamed'],
  finish_reason: ['text', 'r.finish_reason'],
  prompt_tokens: ['json', 'r.prompt_tokens'],
  completion_tokens: ['json', 'r.completion_tokens'],
  reasoning_tokens: ['json', 'r.reasoning_tokens'],
  prompt_cache_read_tokens: ['json', 'r.prompt_cache_read_tokens'],
  prompt_cache_write_tokens: ['json', 'r.prompt_cache_write_tokens'],
  usage_complete: ['json', 'r.usage_complete'],
  // A decimal is a number of JSON as it is printed.
  cost: ['json', 'r.cost'],
  cost_source: ['text', 'r.cost_source'],
  user_id: ['text', 'r.user_id'],
  request_bytes: ['json', 'r.request_bytes'],
  response_bytes: ['json', 'r.response_bytes'],
  has_bodies: ['json', 'toBool(r.request_bytes + r.response_bytes > 0)'],
  scores: ['json', "if(empty(r.scores), 'null', toJSONString(r.scores))"],
};

const COLUMN_NAMES = Object.keys(VALUE_SQL) as StepColumn[];

export const NO_STEPS: SessionSteps = {
  truncated: false,
  columns: Object.fromEntries(COLUMN_NAMES.map((name) => [name, '[]'])) as Record<StepColumn, string>,
};

function valueSql(name: StepColumn): string {
  const [kind, value] = VALUE_SQL[name];
  return kind === 'text' ? `toString(${value})` : `ifNull(toString(${value}), 'null')`;
}

/** Behind the three by which steps are sorted. */
function arraySql(name: StepColumn, index: number): string {
  const values = `arraySlice(found.${index + 4}, 1, {limit:UInt32})`;
  return VALUE_SQL[name][0] === 'text'
    ? `toJSONString(${values})`
    : `concat('[', arrayStringConcat(${values}, ','), ']')`;
}
