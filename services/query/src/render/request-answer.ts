import { decimalToPico, picoToUsd } from '@throughline/contracts/money';
import type { StoredRequest } from '../queries/request-columns.ts';
import { asObject } from './session-answer.ts';
import { timestamp } from './timestamp.ts';

const NO_CACHE = '00000000-0000-0000-0000-000000000000';

/**
 * A request as the API answers it: every field of the wire contract's HeliconeRequest, those without a source here as
 * null, and the additive ones.
 *
 * @param bodies as they are answered, and where they can be read when they are not all there.
 */
export function requestAnswer(
  row: StoredRequest,
  bodies: { request: unknown; response: unknown; url: string | null } = { request: null, response: null, url: null },
): Record<string, unknown> {
  const prompt = numberOrNull(row.prompt_tokens);
  const completion = numberOrNull(row.completion_tokens);
  const properties = asObject(row.property_entries);
  const createdAt = timestamp(Number(row.request_at_ms));
  const cost = row.cost_text === null ? null : picoToUsd(decimalToPico(row.cost_text));
  return {
    request_id: row.request_id,
    response_id: row.event_id,
    request_created_at: createdAt,
    response_created_at: timestamp(Number(row.response_at_ms)),
    updated_at: timestamp(Number(row.received_at_ms)),
    request_body: bodies.request,
    response_body: bodies.response,
    signed_body_url: bodies.url,
    storage_location: 'clickhouse',
    response_status: row.status,
    request_user_id: row.user_id === '' ? null : row.user_id,
    helicone_user: null,
    request_properties: properties,
    properties,
    request_model: row.request_model,
    response_model: row.response_model,
    model_override: null,
    model: row.model,
    provider: row.provider,
    target_url: row.target_url,
    request_path: row.path,
    country_code: '',
    delay_ms: Number(row.latency_ms),
    time_to_first_token: numberOrNull(row.time_to_first_token_ms),
    prompt_tokens: prompt,
    completion_tokens: completion,
    reasoning_tokens: Number(row.reasoning_tokens),
    total_tokens: prompt === null && completion === null ? null : (prompt ?? 0) + (completion ?? 0),
    prompt_cache_read_tokens: Number(row.prompt_cache_read_tokens),
    prompt_cache_write_tokens: Number(row.prompt_cache_write_tokens),
    prompt_audio_tokens: Number(row.prompt_audio_tokens),
    completion_audio_tokens: Number(row.completion_audio_tokens),
    cost,
    costUSD: cost,
    scores: asObject(row.score_pairs),
    asset_ids: [],
    asset_urls: {},
    assets: [],
    cache_reference_id: row.cache_reference_id || NO_CACHE,
    cache_enabled: properties['Helicone-Cache-Enabled'] === 'true',
    prompt_id: properties['Helicone-Prompt-Id'] ?? null,
    prompt_version: properties['Helicone-Prompt-Version'] ?? null,
    request_referrer: row.referrer === '' ? null : row.referrer,
    ai_gateway_body_mapping: null,
    llmSchema: null,
    feedback_created_at: null,
    feedback_id: null,
    feedback_rating: null,
    size_bytes: Number(row.request_bytes) + Number(row.response_bytes),

    session_id: row.session_id === '' ? null : row.session_id,
    session_name: row.session_name,
    session_path: row.session_path,
    session_rule: row.session_rule === '' ? null : row.session_rule,
    step_kind: row.step_kind,
    cost_source: row.cost_source,
    price_version: row.price_version,
    usage_complete: row.usage_complete,
    request_truncated: row.request_truncated,
    response_truncated: row.response_truncated,
    finish_reason: row.finish_reason === '' ? null : row.finish_reason,
    error: row.is_error ? { type: row.error_type, message: row.error_message } : null,
    attempts:
      row.attempts.length === 0 && row.cache_reference_id === ''
        ? [{ target: row.target_url, status: row.status, latency_ms: Number(row.latency_ms) }]
        : row.attempts.map((attempt) => ({ ...attempt, latency_ms: Number(attempt.latency_ms) })),
    trace_id: row.trace_id === '' ? null : row.trace_id,
    span_id: row.span_id,
    parent_span_id: row.parent_span_id === '' ? null : row.parent_span_id,
  };
}

function numberOrNull(text: string | null): number | null {
  return text === null ? null : Number(text);
}
