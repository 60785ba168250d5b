/** Whether a condition is about one request, about the totals of its session, or about those of its user. */
export type Level = 'request' | 'session' | 'user';

/** What a column holds, and with that which operators it takes and how its values are read. */
export type ColumnKind = 'text' | 'number' | 'usd' | 'time' | 'boolean' | 'property' | 'property-key' | 'score';

export interface ColumnSpec {
  readonly level: Level;
  readonly kind: ColumnKind;
  /**
   * A text that can be missing in the eyes of callers: `equals "null"` asks for that. All others are the empty text
   * where nothing is known, and never null.
   */
  readonly nullable?: true;
}

/**
 * Every column that a condition can be about, under its name on the wire. Legacy tables (`wire-tables.ts`) are read as
 * these; `session_scores` is written `scores` in the session table.
 */
export const COLUMNS = {
  request_id: { level: 'request', kind: 'text' },
  organization_id: { level: 'request', kind: 'text' },
  cache_reference_id: { level: 'request', kind: 'text' },
  model: { level: 'request', kind: 'text' },
  provider: { level: 'request', kind: 'text' },
  user_id: { level: 'request', kind: 'text' },
  country_code: { level: 'request', kind: 'text', nullable: true },
  target_url: { level: 'request', kind: 'text', nullable: true },
  path: { level: 'request', kind: 'text' },
  prompt_id: { level: 'request', kind: 'text' },
  prompt_version: { level: 'request', kind: 'text' },
  request_referrer: { level: 'request', kind: 'text' },
  request_body: { level: 'request', kind: 'text' },
  response_body: { level: 'request', kind: 'text' },
  scores_column: { level: 'request', kind: 'text' },
  status: { level: 'request', kind: 'number' },
  latency: { level: 'request', kind: 'number' },
  time_to_first_token: { level: 'request', kind: 'number' },
  prompt_tokens: { level: 'request', kind: 'number' },
  completion_tokens: { level: 'request', kind: 'number' },
  total_tokens: { level: 'request', kind: 'number' },
  prompt_cache_read_tokens: { level: 'request', kind: 'number' },
  prompt_cache_write_tokens: { level: 'request', kind: 'number' },
  cost: { level: 'request', kind: 'usd' },
  request_created_at: { level: 'request', kind: 'time' },
  response_created_at: { level: 'request', kind: 'time' },
  threat: { level: 'request', kind: 'boolean' },
  cache_enabled: { level: 'request', kind: 'boolean' },
  cached: { level: 'request', kind: 'boolean' },
  is_passthrough_billing: { level: 'request', kind: 'boolean' },
  'helicone-score-feedback': { level: 'request', kind: 'boolean' },
  properties: { level: 'request', kind: 'property' },
  property_key: { level: 'request', kind: 'property-key' },
  scores: { level: 'request', kind: 'score' },

  session_session_id: { level: 'session', kind: 'text' },
  session_session_name: { level: 'session', kind: 'text' },
  session_model: { level: 'session', kind: 'text' },
  session_provider: { level: 'session', kind: 'text' },
  session_user_id: { level: 'session', kind: 'text' },
  session_tag: { level: 'session', kind: 'text', nullable: true },
  session_total_cost: { level: 'session', kind: 'usd' },
  session_total_tokens: { level: 'session', kind: 'number' },
  session_prompt_tokens: { level: 'session', kind: 'number' },
  session_completion_tokens: { level: 'session', kind: 'number' },
  session_total_requests: { level: 'session', kind: 'number' },
  session_duration_ms: { level: 'session', kind: 'number' },
  session_span_seconds: { level: 'session', kind: 'number' },
  session_avg_latency: { level: 'session', kind: 'number' },
  session_p95_latency: { level: 'session', kind: 'number' },
  session_error_count: { level: 'session', kind: 'number' },
  session_success_rate: { level: 'session', kind: 'number' },
  session_created_at: { level: 'session', kind: 'time' },
  session_latest_request_created_at: { level: 'session', kind: 'time' },
  session_feedback: { level: 'session', kind: 'boolean' },
  session_cost_complete: { level: 'session', kind: 'boolean' },
  session_live: { level: 'session', kind: 'boolean' },
  session_scores: { level: 'session', kind: 'score' },

  user_user_id: { level: 'user', kind: 'text' },
  user_active_for: { level: 'user', kind: 'number' },
  user_first_active: { level: 'user', kind: 'time' },
  user_last_active: { level: 'user', kind: 'time' },
  user_total_requests: { level: 'user', kind: 'number' },
  user_average_requests_per_day_active: { level: 'user', kind: 'number' },
  user_average_tokens_per_request: { level: 'user', kind: 'number' },
  user_total_completion_tokens: { level: 'user', kind: 'number' },
  user_total_prompt_tokens: { level: 'user', kind: 'number' },
  user_cost: { level: 'user', kind: 'usd' },
} as const satisfies Record<string, ColumnSpec>;

export type ColumnName = keyof typeof COLUMNS;

export function columnSpec(column: ColumnName): ColumnSpec {
  return COLUMNS[column];
}

/** The reference of a request that its provider answered. */
export const NO_CACHE_REFERENCE = '00000000-0000-0000-0000-000000000000';

/** The score that a thumb up (1) or down (0) sets on a request. */
export const FEEDBACK_SCORE = 'helicone-score-feedback';

/** A session is live while its latest request began less than this ago. */
export const LIVE_FOR_MS = 5 * 60_000;
