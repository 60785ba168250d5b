import type { CallAttempt, Pairs } from './request-event.ts';

export type StepKind = 'llm' | 'tool' | 'vector_db' | 'data';

/** Where a cost comes from: the provider's own figure, our price table, estimated tokens, or nowhere (cost null). */
export type CostSource = 'provider' | 'table' | 'estimated' | 'none';

/** Tokens of one call by kind. Null: the provider said nothing, and there was nothing to estimate from. Kinds do not overlap unless noted. */
export interface TokenCounts {
  /** Without cached reads, cache writes and audio; with image and tool-use prompt tokens. */
  readonly prompt_tokens: number | null;
  /** Without reasoning and audio. */
  readonly completion_tokens: number | null;
  readonly reasoning_tokens: number;
  readonly prompt_cache_read_tokens: number;
  /** All cache writes, those for one hour included. */
  readonly prompt_cache_write_tokens: number;
  /** The part of `prompt_cache_write_tokens` that was written for one hour. */
  readonly prompt_cache_write_1h_tokens: number;
  readonly prompt_audio_tokens: number;
  readonly completion_audio_tokens: number;
}

/**
 * One request as stored in the table `requests`, one per event, without its bodies. Everything that the totals of a
 * session are folded from is in here, so that totals can be rebuilt from rows.
 */
export interface RequestRow extends TokenCounts {
  readonly tenant_id: string;
  readonly event_id: string;
  readonly request_id: string;
  readonly request_id_chosen: boolean;
  /** `''` when the call belongs to no session. */
  readonly session_id: string;
  readonly session_name: string;
  readonly session_path: string;
  readonly session_rule: string;
  readonly user_id: string;
  /** As stored and returned: custom properties and the canonical `Helicone-*` ones. Later pairs win. */
  readonly properties: Pairs;
  readonly scores: readonly (readonly [name: string, value: number])[];
  /**
   * Values that properties had before an annotation changed them, bounded per key: the session's sets hold them still,
   * and are rebuilt from rows.
   */
  readonly former_properties: readonly (readonly [key: string, values: readonly string[]])[];

  /** Epoch ms, as the caller's clock or ours said. */
  readonly request_at: number;
  readonly first_byte_at: number | null;
  readonly response_at: number;
  /** The appender's clock. Table partitions are months of this. */
  readonly received_at: number;
  /** `request_at` clamped to received − 400 days … + 1 day: what rows are sorted and windows compared by. */
  readonly ordered_at: number;
  readonly time_clamped: boolean;
  readonly latency_ms: number;
  /** Only for streams. */
  readonly time_to_first_token_ms: number | null;

  readonly provider: string;
  readonly target_url: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly is_error: boolean;
  /** `''` when there is none. */
  readonly error_type: string;
  readonly error_message: string;
  readonly abort_reason: string;
  readonly finish_reason: string;
  readonly streamed: boolean;

  readonly step_kind: StepKind;
  /** override → response → request → path → `unknown`. */
  readonly model: string;
  readonly request_model: string;
  readonly response_model: string;
  /** False when the provider's usage is missing or only part of it was seen. */
  readonly usage_complete: boolean;
  /** Picodollars; null = unknown, never 0 for unknown. */
  readonly cost_pico: bigint | null;
  readonly cost_source: CostSource;
  readonly price_version: string;

  readonly request_bytes: number;
  readonly response_bytes: number;
  readonly request_truncated: boolean;
  readonly response_truncated: boolean;
  readonly request_content_type: string;
  readonly response_content_type: string;
  readonly request_headers: Pairs;
  readonly response_headers: Pairs;

  readonly trace_id: string;
  /** Every time that it was sent, the one it was answered by last; empty when it was sent once. */
  readonly attempts: readonly CallAttempt[];
  /** Request whose stored answer it got; `''` where the provider answered. */
  readonly cache_reference_id: string;
  /** Webhooks of the tenant are told of it. */
  readonly webhook: boolean;
  readonly span_id: string;
  readonly parent_span_id: string;

  readonly producer_id: string;
  readonly producer_seq: number;
  readonly source_partition: number;
  readonly source_offset: number;
  /** See `version.ts`. */
  readonly version: bigint;
  /** 1: a tombstone. The request was deleted, and nothing of its call is left in this version of its row. */
  readonly is_deleted?: 1;
}

/**
 * How the bytes of a stored body are to be read: `utf8` is text (decompressed when it came compressed); `bytes` is
 * what came over the wire and is no text; `missing` means that it was lost on its way, `deleted` that it was deleted and
 * its request was not, so that nothing of it is stored; `omitted` that its caller wished it not to be stored: `{"model": …}`
 * stands for it, or nothing where that goes for both;
 * any other value is the content encoding that could not be undone.
 */
export type BodyEncoding =
  | 'utf8'
  | 'bytes'
  | 'missing'
  | 'deleted'
  | 'omitted'
  | 'gzip'
  | 'br'
  | 'zstd'
  | 'deflate'
  | (string & {});

/** Bodies of one request, table `request_bodies`: same key as its row in `requests`. */
export interface RequestBodyRow {
  readonly tenant_id: string;
  readonly session_id: string;
  readonly ordered_at: number;
  readonly request_id: string;
  readonly source_partition: number;
  readonly source_offset: number;
  readonly received_at: number;
  readonly version: bigint;
  readonly request_body: Uint8Array;
  readonly request_encoding: BodyEncoding;
  readonly response_body: Uint8Array;
  readonly response_encoding: BodyEncoding;
}
