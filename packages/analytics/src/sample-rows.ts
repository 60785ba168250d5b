import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import type { SessionRow } from '@throughline/contracts/session-row';
import { packVersion } from '@throughline/contracts/version';

/**
 * A plausible row of `requests` for tests and benchmarks; every figure follows from `offset`.
 *
 * @param over fields to replace.
 */
export function sampleRequestRow(offset: number, over: Partial<RequestRow> = {}): RequestRow {
  const at = SAMPLE_AT + offset * 250;
  const id = `0198c0de-0000-7000-8000-${offset.toString(16).padStart(12, '0')}`;
  return {
    tenant_id: 'tenant-a',
    event_id: id,
    request_id: id,
    request_id_chosen: false,
    session_id: `session-${offset % 50}`,
    session_name: 'Course outline',
    session_path: '/outline/chapter/section',
    session_rule: 'helicone-session-id',
    user_id: `user-${offset % 7}`,
    properties: [
      ['environment', offset % 5 === 0 ? 'production' : 'staging'],
      ['build', `b${offset % 1000}`],
      ['Helicone-Session-Id', `session-${offset % 50}`],
    ],
    scores: [],
    former_properties: [],
    request_at: at,
    first_byte_at: at + 180,
    response_at: at + 900 + (offset % 300),
    received_at: at + 902 + (offset % 300),
    ordered_at: at,
    time_clamped: false,
    latency_ms: 900 + (offset % 300),
    time_to_first_token_ms: offset % 2 ? 180 : null,
    provider: 'OPENAI',
    target_url: 'https://api.openai.com/v1/chat/completions',
    method: 'POST',
    path: '/v1/chat/completions',
    status: offset % 20 === 0 ? 429 : 200,
    is_error: offset % 20 === 0,
    error_type: offset % 20 === 0 ? 'rate_limit_exceeded' : '',
    error_message: '',
    abort_reason: '',
    finish_reason: 'stop',
    streamed: offset % 2 === 1,
    step_kind: 'llm',
    model: 'gpt-4o-mini-2024-07-18',
    request_model: 'gpt-4o-mini',
    response_model: 'gpt-4o-mini-2024-07-18',
    usage_complete: true,
    prompt_tokens: 812 + (offset % 100),
    completion_tokens: 143,
    reasoning_tokens: 0,
    prompt_cache_read_tokens: 512,
    prompt_cache_write_tokens: 0,
    prompt_cache_write_1h_tokens: 0,
    prompt_audio_tokens: 0,
    completion_audio_tokens: 0,
    cost_pico: offset % 11 === 0 ? null : 246_000_000n + BigInt(offset),
    cost_source: offset % 11 === 0 ? 'none' : 'table',
    price_version: '2026-10-01',
    request_bytes: 1478,
    response_bytes: 1559,
    request_truncated: false,
    response_truncated: false,
    request_content_type: 'application/json',
    response_content_type: 'application/json',
    request_headers: [
      ['content-type', 'application/json'],
      ['user-agent', 'OpenAI/JS 6.9.1'],
    ],
    response_headers: [
      ['content-type', 'application/json'],
      ['x-request-id', `req_${id.slice(-12)}`],
      ['openai-processing-ms', '861'],
    ],
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    attempts: [],
    cache_reference_id: '',
    webhook: false,
    span_id: '00f067aa0ba902b7',
    parent_span_id: '',
    producer_id: '0198c0de-aaaa-7000-8000-000000000000',
    producer_seq: offset,
    source_partition: 0,
    source_offset: offset,
    version: packVersion(offset, 1),
    ...over,
  };
}

/** The bodies of `sampleRequestRow(offset)`. */
export function sampleBodyRow(offset: number, over: Partial<RequestBodyRow> = {}): RequestBodyRow {
  const request = sampleRequestRow(offset);
  return {
    tenant_id: request.tenant_id,
    session_id: request.session_id,
    ordered_at: request.ordered_at,
    request_id: request.request_id,
    source_partition: request.source_partition,
    source_offset: request.source_offset,
    received_at: request.received_at,
    version: request.version,
    request_body: Buffer.from(
      JSON.stringify({ model: request.request_model, messages: [{ role: 'user', content: words(offset, 200) }] }),
    ),
    request_encoding: 'utf8',
    response_body: Buffer.from(
      JSON.stringify({ choices: [{ message: { role: 'assistant', content: words(offset + 1, 200) } }] }),
    ),
    response_encoding: 'utf8',
    ...over,
  };
}

/** Snapshot of the `index`-th session, made one minute after the one before. */
export function sampleSessionRow(index: number, over: Partial<SessionRow> = {}): SessionRow {
  const at = SAMPLE_AT + index * 60_000;
  return {
    tenant_id: 'tenant-a',
    session_id: `session-${index}`,
    created_at: at,
    latest_request_at: at + 5000,
    latest_response_at: at + 6000,
    updated_at: at + 6100,
    session_name: 'Course outline',
    session_names: ['Course outline'],
    user_ids: [`user-${index % 7}`],
    models: ['gpt-4o-mini-2024-07-18'],
    providers: ['OPENAI'],
    statuses: [200],
    properties: [['environment', [index % 5 === 0 ? 'production' : 'staging']]],
    truncated_fields: [],
    total_requests: 1,
    error_count: 0,
    unpriced_requests: 0,
    prompt_tokens: 812n,
    completion_tokens: 143n,
    reasoning_tokens: 0n,
    prompt_cache_read_tokens: 512n,
    prompt_cache_write_tokens: 0n,
    prompt_audio_tokens: 0n,
    completion_audio_tokens: 0n,
    total_cost_pico: 246_000_000n,
    latency_ms_sum: 1000n,
    p95_latency_ms: 1000,
    tag: null,
    feedback: null,
    scores: [],
    steps: [{ path: '/outline', requests: 1, errors: 0, cost_pico: 246_000_000n }],
    paths: [{ path: '/outline', requests: 1, errors: 0, cost_pico: 246_000_000n, latency_ms: 1000n }],
    state: Uint8Array.of(1, 2, 3),
    source_partition: 0,
    applied: index,
    version: packVersion(index, 1),
    is_deleted: 0,
    last_received_at: at + 6000,
    deleted_bodies: false,
    ...over,
  };
}

const SAMPLE_AT = Date.UTC(2026, 8, 10, 12);

const VOCABULARY = 'chapter outline section draft lesson abstract learner example exercise summary table figure'.split(
  ' ',
);

/** Text that compresses about as real text does. */
function words(seed: number, count: number): string {
  let state = seed * 2654435761 + 1;
  const out: string[] = [];
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out.push(i % 3 ? VOCABULARY[state % VOCABULARY.length]! : state.toString(36));
  }
  return out.join(' ');
}
