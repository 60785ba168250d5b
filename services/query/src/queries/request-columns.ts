/** Columns of a request in an answer, from `requests AS r`. Times are epoch ms. */
export const REQUEST_COLUMNS_SQL = `
  r.request_id AS request_id, r.event_id AS event_id, r.session_id AS session_id, r.session_name AS session_name,
  r.session_path AS session_path, r.session_rule AS session_rule, r.user_id AS user_id,
  arrayZip(mapKeys(r.properties), mapValues(r.properties)) AS property_entries,
  arrayZip(mapKeys(r.scores), mapValues(r.scores)) AS score_pairs,
  toUnixTimestamp64Milli(r.request_at) AS request_at_ms, toUnixTimestamp64Milli(r.response_at) AS response_at_ms,
  toUnixTimestamp64Milli(r.ordered_at) AS ordered_at_ms, toUnixTimestamp64Milli(r.received_at) AS received_at_ms,
  r.latency_ms AS latency_ms, r.time_to_first_token_ms AS time_to_first_token_ms, r.provider AS provider,
  r.target_url AS target_url, r.method AS method, r.path AS path, r.request_headers['referer'] AS referrer, r.status AS status, r.is_error AS is_error,
  r.error_type AS error_type, r.error_message AS error_message, r.finish_reason AS finish_reason,
  r.step_kind AS step_kind, r.model AS model, r.request_model AS request_model, r.response_model AS response_model,
  r.usage_complete AS usage_complete, r.prompt_tokens AS prompt_tokens, r.completion_tokens AS completion_tokens,
  r.reasoning_tokens AS reasoning_tokens, r.prompt_cache_read_tokens AS prompt_cache_read_tokens,
  r.prompt_cache_write_tokens AS prompt_cache_write_tokens, r.prompt_audio_tokens AS prompt_audio_tokens,
  r.completion_audio_tokens AS completion_audio_tokens, toString(r.cost) AS cost_text, r.cost_source AS cost_source,
  r.price_version AS price_version, r.request_bytes AS request_bytes, r.response_bytes AS response_bytes,
  r.request_truncated AS request_truncated, r.response_truncated AS response_truncated,
  r.attempts AS attempts, r.cache_reference_id AS cache_reference_id, r.trace_id AS trace_id, r.span_id AS span_id, r.parent_span_id AS parent_span_id,
  r.source_offset AS source_offset, r.source_partition AS source_partition`;

/** A row of them, as the engine prints it: 64-bit numbers are text. */
export interface StoredRequest {
  readonly request_id: string;
  readonly event_id: string;
  readonly session_id: string;
  readonly session_name: string;
  readonly session_path: string;
  readonly session_rule: string;
  readonly user_id: string;
  readonly property_entries: readonly (readonly [string, string])[];
  readonly score_pairs: readonly (readonly [string, number])[];
  readonly request_at_ms: string;
  readonly response_at_ms: string;
  readonly ordered_at_ms: string;
  readonly received_at_ms: string;
  readonly latency_ms: string;
  readonly time_to_first_token_ms: string | null;
  readonly provider: string;
  readonly target_url: string;
  readonly method: string;
  readonly path: string;
  readonly referrer: string;
  readonly status: number;
  readonly is_error: boolean;
  readonly error_type: string;
  readonly error_message: string;
  readonly finish_reason: string;
  readonly step_kind: string;
  readonly model: string;
  readonly request_model: string;
  readonly response_model: string;
  readonly usage_complete: boolean;
  readonly prompt_tokens: string | null;
  readonly completion_tokens: string | null;
  readonly reasoning_tokens: string;
  readonly prompt_cache_read_tokens: string;
  readonly prompt_cache_write_tokens: string;
  readonly prompt_audio_tokens: string;
  readonly completion_audio_tokens: string;
  readonly cost_text: string | null;
  readonly cost_source: string;
  readonly price_version: string;
  readonly request_bytes: string;
  readonly response_bytes: string;
  readonly request_truncated: boolean;
  readonly response_truncated: boolean;
  readonly attempts: readonly { readonly target: string; readonly status: number; readonly latency_ms: string }[];
  readonly cache_reference_id: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string;
  readonly source_offset: string;
  readonly source_partition: number;
}
