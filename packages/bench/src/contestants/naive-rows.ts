import { picoToDecimal } from '@throughline/contracts/money';
import type { RequestEvent } from '@throughline/contracts/request-event';
import { costOf, type PricedModel } from '../traffic/prices.ts';

/** One call, parsed and priced as one does who knows what calls there are. */
export interface NaiveCall {
  readonly sessionId: string;
  readonly costPico: bigint;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** A row of `requests` and one of `request_bodies`, as lines of `JSONEachRow`. */
  readonly lines: { readonly requests: string; readonly request_bodies: string };
}

/**
 * What the event and both of its bodies say, in the product's columns. Columns that nothing of it fills are left to their
 * defaults; nothing is looked for that these calls do not have, such as streams, other providers, or text that is not UTF-8.
 */
export function naiveCall(event: RequestEvent, offset: number): NaiveCall {
  const requestText = Buffer.from(event.request_body.bytes).toString();
  const responseText = Buffer.from(event.response_body.bytes).toString();
  const request = JSON.parse(requestText) as { model: PricedModel };
  const response = JSON.parse(responseText) as ChatAnswer;
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = response.usage;
  const costPico = costOf(request.model, promptTokens, completionTokens);
  const key = {
    tenant_id: event.tenant_id,
    session_id: event.session?.id ?? '',
    ordered_at: timeText(event.request_at),
    request_id: event.request_id,
    source_partition: 0,
    source_offset: offset,
    received_at: timeText(event.received_at),
    version: offset + 1,
  };
  const row = {
    ...key,
    event_id: event.event_id,
    session_name: event.session?.name ?? '',
    session_path: event.session?.path ?? '',
    user_id: event.user_id,
    properties: Object.fromEntries(event.properties),
    property_pairs: event.properties.map(([name, value]) => `${name}=${value}`),
    request_at: timeText(event.request_at),
    first_byte_at: event.first_byte_at === null ? null : timeText(event.first_byte_at),
    response_at: timeText(event.response_at),
    latency_ms: event.response_at - event.request_at,
    provider: event.provider,
    target_url: event.target_url,
    method: event.method,
    path: event.path,
    status: event.status,
    is_error: event.status >= 400,
    finish_reason: response.choices[0]!.finish_reason,
    step_kind: 'llm',
    model: response.model,
    request_model: request.model,
    response_model: response.model,
    usage_complete: true,
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    cost: picoToDecimal(costPico),
    cost_source: 'table',
    request_bytes: event.request_body.size,
    response_bytes: event.response_body.size,
    request_content_type: event.request_body.content_type,
    response_content_type: event.response_body.content_type,
    request_headers: Object.fromEntries(event.request_headers),
    response_headers: Object.fromEntries(event.response_headers),
    producer_id: event.producer.id,
    producer_seq: event.producer.seq,
  };
  const bodies = {
    ...key,
    request_body: requestText,
    request_encoding: 'utf8',
    response_body: responseText,
    response_encoding: 'utf8',
  };
  return {
    sessionId: key.session_id,
    costPico,
    promptTokens,
    completionTokens,
    lines: { requests: JSON.stringify(row), request_bodies: JSON.stringify(bodies) },
  };
}

interface ChatAnswer {
  readonly model: string;
  readonly choices: readonly { readonly finish_reason: string }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

/** As the engine reads times: `2026-11-22 18:00:00.000`. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, -1);
}
