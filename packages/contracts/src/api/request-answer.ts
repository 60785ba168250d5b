import { z } from 'zod';
import { count, envelope, nextCursor, timestampText } from './answer-parts.ts';

const text = z.string().nullable();
const tokens = count.nullable();
const properties = z.record(z.string(), z.string());
const headers = properties.nullable().meta({
  description: 'Those that are stored, without credentials; null for keys that may not read bodies',
});
/** Nothing here has it: the field is there for clients that read it. */
const never = z.null();
const body = z.unknown().meta({
  description:
    'JSON as it was sent; a string where it is other text; {"encoding", "base64"} where it is no text; {"helicone_message"} where it is not in this answer; null where there is none',
});

const request = {
  request_id: z.string(),
  response_id: z.string(),
  request_created_at: timestampText,
  response_created_at: timestampText,
  updated_at: timestampText,
  request_body: body,
  response_body: body,
  signed_body_url: text.meta({ description: 'Leads to the bodies that this answer does not hold, for 15 minutes' }),
  storage_location: z.literal('clickhouse'),
  response_status: z.int().meta({ description: 'HTTP, or negative: -3 for a call that its client cancelled' }),
  request_user_id: text,
  helicone_user: never,
  request_properties: properties,
  properties,
  request_model: z.string(),
  response_model: z.string(),
  model_override: never,
  model: z.string(),
  provider: z.string(),
  target_url: z.string(),
  request_path: z.string(),
  country_code: z.string(),
  delay_ms: z.number(),
  time_to_first_token: z.number().nullable().meta({ description: 'ms' }),
  prompt_tokens: tokens,
  completion_tokens: tokens,
  reasoning_tokens: count,
  total_tokens: tokens,
  prompt_cache_read_tokens: count,
  prompt_cache_write_tokens: count,
  prompt_audio_tokens: count,
  completion_audio_tokens: count,
  cost: z.number().nullable().meta({ description: 'USD; null where the price is not known' }),
  costUSD: z.number().nullable(),
  scores: z.record(z.string(), z.number()),
  asset_ids: z.array(z.string()),
  asset_urls: z.record(z.string(), z.string()),
  assets: z.array(z.string()),
  cache_reference_id: z.string(),
  cache_enabled: z.boolean(),
  prompt_id: text,
  prompt_version: text,
  request_referrer: text,
  ai_gateway_body_mapping: never,
  llmSchema: never,
  feedback_created_at: timestampText.nullable(),
  feedback_id: text,
  feedback_rating: z.boolean().nullable(),
  size_bytes: z.number(),
  session_id: text,
  session_name: z.string(),
  session_path: z.string(),
  session_rule: text.meta({ description: 'Which header or field of the body named the session' }),
  step_kind: z.string().meta({ description: 'llm, tool, vector_db or data' }),
  cost_source: z.string().meta({ description: 'provider, table, estimated or none' }),
  price_version: z.string(),
  usage_complete: z.boolean(),
  request_truncated: z.boolean(),
  response_truncated: z.boolean(),
  finish_reason: text,
  error: z.strictObject({ type: z.string(), message: z.string() }).nullable(),
  attempts: z.array(z.strictObject({ target: z.string(), status: z.int(), latency_ms: z.number() })),
  trace_id: text,
  span_id: z.string(),
  parent_span_id: text,
};

/** One call to a provider, or one step that was logged as such. */
export const requestSchema = z.strictObject(request).meta({ id: 'Request' });

/** Answer of the endpoints that list requests. */
export const requestsAnswer = envelope(z.array(requestSchema));

/** Answer of `GET /v1/session/{sessionId}/requests`. */
export const requestPageAnswer = envelope(z.array(requestSchema), { next_cursor: nextCursor });

/** Answer of `GET /v1/request/{requestId}`, which names requests of other sessions with the same id. */
export const oneRequestAnswer = envelope(
  z
    .strictObject({
      ...request,
      request_headers: headers,
      response_headers: headers,
      same_id: z.array(z.strictObject({ session_id: text, request_created_at: timestampText })),
    })
    .meta({ id: 'RequestById' }),
);

/** Answer of `POST /v1/request/count/query`. */
export const requestCountAnswer = envelope(count);

/** Answer of `GET /v1/request/{requestId}/inputs`: inputs of stored prompts are not recorded. */
export const requestInputsAnswer = envelope(z.null());

/** What a link to bodies leads to, without the envelope. */
export const linkedBodiesAnswer = z.strictObject({ request: body, response: body }).meta({ id: 'Bodies' });
