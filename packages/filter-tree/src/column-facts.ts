import { type Pairs, STATUS_THREAT_BLOCKED } from '@throughline/contracts/request-event';
import { type ColumnName, FEEDBACK_SCORE, LIVE_FOR_MS, NO_CACHE_REFERENCE } from './columns.ts';
import type { Fact, PropertyLookup, RequestFacts, SessionFacts, UserFacts } from './facts.ts';
import {
  asciiLower,
  CACHE_ENABLED_KEY,
  isSystemKey,
  PROMPT_ID_KEY,
  PROMPT_VERSION_KEY,
  SESSION_ID_KEY,
  SESSION_NAME_KEY,
  SESSION_PATH_KEY,
} from './property-keys.ts';

/** What a column holds for a request, its session and its user, who are known to be there for columns about them. */
export function columnFact(
  column: ColumnName,
  request: RequestFacts,
  session: SessionFacts | undefined,
  nowMs: number,
  user?: UserFacts,
): Fact {
  return FACTS[column](request, session!, nowMs, user!);
}

type Reader = (request: RequestFacts, session: SessionFacts, nowMs: number, user: UserFacts) => Fact;

const FACTS: Readonly<Record<ColumnName, Reader>> = {
  request_id: (r) => r.request_id,
  organization_id: (r) => r.tenant_id,
  cache_reference_id: (r) => r.cache_reference_id || NO_CACHE_REFERENCE,
  model: (r) => r.model,
  provider: (r) => r.provider,
  user_id: (r) => r.user_id,
  country_code: () => '',
  target_url: (r) => r.target_url,
  path: (r) => r.path,
  prompt_id: (r) => propertiesOf(r)(PROMPT_ID_KEY) ?? '',
  prompt_version: (r) => propertiesOf(r)(PROMPT_VERSION_KEY) ?? '',
  request_referrer: (r) => new Map(r.request_headers).get('referer') ?? '',
  request_body: (r) => r.request_body ?? '',
  response_body: (r) => r.response_body ?? '',
  scores_column: (r) => (r.scores.length === 0 ? '{}' : ''),
  status: (r) => r.status,
  latency: (r) => r.latency_ms,
  time_to_first_token: (r) => r.time_to_first_token_ms,
  prompt_tokens: (r) => r.prompt_tokens,
  completion_tokens: (r) => r.completion_tokens,
  total_tokens: ({ prompt_tokens, completion_tokens }) =>
    prompt_tokens === null && completion_tokens === null ? null : (prompt_tokens ?? 0) + (completion_tokens ?? 0),
  prompt_cache_read_tokens: (r) => r.prompt_cache_read_tokens,
  prompt_cache_write_tokens: (r) => r.prompt_cache_write_tokens,
  cost: (r) => r.cost_pico,
  request_created_at: (r) => r.ordered_at,
  response_created_at: (r) => r.response_at,
  threat: (r) => r.status === STATUS_THREAT_BLOCKED,
  cache_enabled: (r) => propertiesOf(r)(CACHE_ENABLED_KEY) === 'true',
  cached: (r) => r.cache_reference_id !== '',
  is_passthrough_billing: () => false,
  'helicone-score-feedback': (r) => (new Map(r.scores).get(FEEDBACK_SCORE) ?? 0) !== 0,
  properties: propertiesOf,
  property_key: propertiesOf,
  scores: (r) => new Map(r.scores),

  session_session_id: (_, s) => s.session_id,
  session_session_name: (_, s) => s.session_names,
  session_model: (_, s) => s.models,
  session_provider: (_, s) => s.providers,
  session_user_id: (_, s) => s.user_ids,
  session_tag: (_, s) => s.tag ?? '',
  session_total_cost: (_, s) => s.total_cost_pico,
  session_total_tokens: (_, s) => s.prompt_tokens + s.completion_tokens,
  session_prompt_tokens: (_, s) => s.prompt_tokens,
  session_completion_tokens: (_, s) => s.completion_tokens,
  session_total_requests: (_, s) => s.total_requests,
  session_duration_ms: (_, s) => Math.max(0, s.latest_response_at - s.created_at),
  session_span_seconds: (_, s) => Math.floor(s.latest_request_at / 1_000) - Math.floor(s.created_at / 1_000),
  session_avg_latency: (_, s) => (s.total_requests === 0 ? 0 : Number(s.latency_ms_sum) / s.total_requests),
  session_p95_latency: (_, s) => s.p95_latency_ms,
  session_error_count: (_, s) => s.error_count,
  session_success_rate: (_, s) => (s.total_requests === 0 ? 1 : (s.total_requests - s.error_count) / s.total_requests),
  session_created_at: (_, s) => s.created_at,
  session_latest_request_created_at: (_, s) => s.latest_request_at,
  session_feedback: (_, s) => s.feedback,
  session_cost_complete: (_, s) => s.unpriced_requests === 0,
  session_live: (_, s, nowMs) => s.latest_request_at > nowMs - LIVE_FOR_MS,
  session_scores: (_, s) => new Map(s.scores),

  user_user_id: (_r, _s, _now, u) => u.user_id,
  user_active_for: (_r, _s, _now, u) => u.active_days,
  user_first_active: (_r, _s, _now, u) => u.first_active,
  user_last_active: (_r, _s, _now, u) => u.last_active,
  user_total_requests: (_r, _s, _now, u) => u.requests,
  user_average_requests_per_day_active: (_r, _s, _now, u) => u.requests / u.active_days,
  user_average_tokens_per_request: (_r, _s, _now, u) => Number(u.prompt_tokens + u.completion_tokens) / u.requests,
  user_total_completion_tokens: (_r, _s, _now, u) => u.completion_tokens,
  user_total_prompt_tokens: (_r, _s, _now, u) => u.prompt_tokens,
  user_cost: (_r, _s, _now, u) => u.cost_pico,
};

/** The session's own properties are the columns, whatever pairs were sent beside them. */
function propertiesOf(request: RequestFacts): PropertyLookup {
  const own = new Map([
    [SESSION_ID_KEY, request.session_id],
    [SESSION_NAME_KEY, request.session_name],
    [SESSION_PATH_KEY, request.session_path],
  ]);
  return (key) => {
    if (own.has(key)) return own.get(key) || undefined;
    const properties = laterWins(request.properties);
    const exact = properties.get(key);
    if (exact !== undefined || isSystemKey(key)) return exact;
    const wanted = asciiLower(key);
    for (const [name, value] of properties) if (asciiLower(name) === wanted) return value;
    return undefined;
  };
}

/** Of a key given twice the later pair is the property, in the place of the first. */
function laterWins(pairs: Pairs): ReadonlyMap<string, string> {
  return new Map(pairs);
}
