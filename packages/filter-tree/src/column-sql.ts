import { STATUS_THREAT_BLOCKED } from '@throughline/contracts/request-event';
import { type ColumnName, FEEDBACK_SCORE, LIVE_FOR_MS, NO_CACHE_REFERENCE } from './columns.ts';
import { CACHE_ENABLED_KEY, PROMPT_ID_KEY, PROMPT_VERSION_KEY } from './property-keys.ts';
import type { SqlWriter } from './sql-fragment.ts';

/** How a column is read from the tables. Expressions are never NULL unless they say so. */
export type ColumnSql =
  | { readonly is: 'text'; readonly sql: (w: SqlWriter) => string }
  /** The same for every request. */
  | { readonly is: 'constant'; readonly value: string | boolean }
  /** A set of texts in `sessions`, true when some member is; `rows` is the column of `requests` it was made of. */
  | { readonly is: 'some-of'; readonly set: string; readonly rows: string }
  | { readonly is: 'body'; readonly body: 'request' | 'response' }
  | { readonly is: 'number'; readonly sql: (w: SqlWriter) => string; readonly nullable?: true }
  | { readonly is: 'usd'; readonly sql: (w: SqlWriter) => string; readonly nullable?: true }
  /** `DateTime64(3)`, by which rows are sorted. */
  | { readonly is: 'time'; readonly sql: (w: SqlWriter) => string }
  /** Epoch ms: any integer, also those that no calendar has. */
  | { readonly is: 'millis'; readonly sql: (w: SqlWriter) => string }
  | { readonly is: 'boolean'; readonly sql: (w: SqlWriter) => string; readonly nullable?: true }
  | { readonly is: 'property' }
  | { readonly is: 'property-key' }
  | { readonly is: 'score'; readonly sql: (w: SqlWriter) => string };

const text = (name: string): ColumnSql => ({ is: 'text', sql: ({ r }) => `${r}.${name}` });
const requestNumber = (name: string): ColumnSql => ({ is: 'number', sql: ({ r }) => `${r}.${name}` });
const requestCount = (name: string): ColumnSql => ({ is: 'number', nullable: true, sql: ({ r }) => `${r}.${name}` });
const sessionNumber = (name: string): ColumnSql => ({ is: 'number', sql: ({ s }) => `${s}.${name}` });
const sessionTime = (name: string): ColumnSql => ({ is: 'time', sql: ({ s }) => `${s}.${name}` });
const userNumber = (name: string): ColumnSql => ({ is: 'number', sql: ({ u }) => `${u}.${name}` });
const userTime = (name: string): ColumnSql => ({ is: 'time', sql: ({ u }) => `${u}.${name}` });
const constant = (value: string | boolean): ColumnSql => ({ is: 'constant', value });

export const COLUMN_SQL: Readonly<Record<ColumnName, ColumnSql>> = {
  request_id: text('request_id'),
  organization_id: text('tenant_id'),
  cache_reference_id: {
    is: 'text',
    sql: ({ r }) => `if(empty(${r}.cache_reference_id), '${NO_CACHE_REFERENCE}', ${r}.cache_reference_id)`,
  },
  model: text('model'),
  provider: text('provider'),
  user_id: text('user_id'),
  country_code: constant(''),
  target_url: text('target_url'),
  path: text('path'),
  prompt_id: text(`properties['${PROMPT_ID_KEY}']`),
  prompt_version: text(`properties['${PROMPT_VERSION_KEY}']`),
  request_referrer: text("request_headers['referer']"),
  request_body: { is: 'body', body: 'request' },
  response_body: { is: 'body', body: 'response' },
  // Only whether there are any can be asked; a map that holds some is any text but this one.
  scores_column: { is: 'text', sql: ({ r }) => `if(empty(${r}.scores), '{}', '')` },
  status: requestNumber('status'),
  latency: requestNumber('latency_ms'),
  time_to_first_token: requestCount('time_to_first_token_ms'),
  prompt_tokens: requestCount('prompt_tokens'),
  completion_tokens: requestCount('completion_tokens'),
  total_tokens: {
    is: 'number',
    nullable: true,
    sql: ({ r }) =>
      `if(${r}.prompt_tokens IS NULL AND ${r}.completion_tokens IS NULL, NULL, ifNull(${r}.prompt_tokens, 0) + ifNull(${r}.completion_tokens, 0))`,
  },
  prompt_cache_read_tokens: requestNumber('prompt_cache_read_tokens'),
  prompt_cache_write_tokens: requestNumber('prompt_cache_write_tokens'),
  cost: { is: 'usd', nullable: true, sql: ({ r }) => `${r}.cost` },
  request_created_at: { is: 'time', sql: ({ r }) => `${r}.ordered_at` },
  response_created_at: { is: 'millis', sql: ({ r }) => `toUnixTimestamp64Milli(${r}.response_at)` },
  threat: { is: 'boolean', sql: ({ r }) => `${r}.status = ${STATUS_THREAT_BLOCKED}` },
  cache_enabled: { is: 'boolean', sql: ({ r }) => `${r}.properties['${CACHE_ENABLED_KEY}'] = 'true'` },
  cached: { is: 'boolean', sql: ({ r }) => `notEmpty(${r}.cache_reference_id)` },
  is_passthrough_billing: constant(false),
  'helicone-score-feedback': { is: 'boolean', sql: ({ r }) => `${r}.scores['${FEEDBACK_SCORE}'] != 0` },
  properties: { is: 'property' },
  property_key: { is: 'property-key' },
  scores: { is: 'score', sql: ({ r }) => `${r}.scores` },

  session_session_id: { is: 'text', sql: ({ s }) => `${s}.session_id` },
  session_session_name: { is: 'some-of', set: 'session_names', rows: 'session_name' },
  session_model: { is: 'some-of', set: 'models', rows: 'model' },
  session_provider: { is: 'some-of', set: 'providers', rows: 'provider' },
  session_user_id: { is: 'some-of', set: 'user_ids', rows: 'user_id' },
  session_tag: { is: 'text', sql: ({ s }) => `ifNull(${s}.tag, '')` },
  session_total_cost: { is: 'usd', sql: ({ s }) => `${s}.total_cost` },
  session_total_tokens: { is: 'number', sql: ({ s }) => `(${s}.prompt_tokens + ${s}.completion_tokens)` },
  session_prompt_tokens: sessionNumber('prompt_tokens'),
  session_completion_tokens: sessionNumber('completion_tokens'),
  session_total_requests: sessionNumber('total_requests'),
  session_duration_ms: {
    is: 'number',
    sql: ({ s }) =>
      `greatest(toUnixTimestamp64Milli(${s}.latest_response_at) - toUnixTimestamp64Milli(${s}.created_at), 0)`,
  },
  // As `POST /v1/session/metrics/query` counts it.
  session_span_seconds: {
    is: 'number',
    sql: ({ s }) => `dateDiff('second', ${s}.created_at, ${s}.latest_request_at)`,
  },
  session_avg_latency: {
    is: 'number',
    sql: ({ s }) => `if(${s}.total_requests = 0, 0, ${s}.latency_ms_sum / ${s}.total_requests)`,
  },
  session_p95_latency: sessionNumber('p95_latency_ms'),
  session_error_count: sessionNumber('error_count'),
  session_success_rate: {
    is: 'number',
    sql: ({ s }) => `if(${s}.total_requests = 0, 1, (${s}.total_requests - ${s}.error_count) / ${s}.total_requests)`,
  },
  session_created_at: sessionTime('created_at'),
  session_latest_request_created_at: sessionTime('latest_request_at'),
  session_feedback: { is: 'boolean', nullable: true, sql: ({ s }) => `${s}.feedback` },
  session_cost_complete: { is: 'boolean', sql: ({ s }) => `${s}.unpriced_requests = 0` },
  session_live: {
    is: 'boolean',
    sql: (w) => `toUnixTimestamp64Milli(${w.s}.latest_request_at) > ${w.param('Int64', w.nowMs - LIVE_FOR_MS)}`,
  },
  session_scores: { is: 'score', sql: ({ s }) => `${s}.scores` },

  user_user_id: { is: 'text', sql: ({ u }) => `${u}.user_id` },
  user_active_for: userNumber('active_days'),
  user_first_active: userTime('first_active'),
  user_last_active: userTime('last_active'),
  user_total_requests: userNumber('requests'),
  user_average_requests_per_day_active: { is: 'number', sql: ({ u }) => `(${u}.requests / ${u}.active_days)` },
  user_average_tokens_per_request: {
    is: 'number',
    sql: ({ u }) => `((${u}.prompt_tokens + ${u}.completion_tokens) / ${u}.requests)`,
  },
  user_total_completion_tokens: userNumber('completion_tokens'),
  user_total_prompt_tokens: userNumber('prompt_tokens'),
  user_cost: { is: 'usd', sql: ({ u }) => `${u}.cost` },
};
