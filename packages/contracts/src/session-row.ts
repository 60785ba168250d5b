/**
 * The snapshot of a session, table `sessions`: figures and bounded sets that filters and lists read, and the complete
 * packed state (`state`) from which the totals can be hydrated. Newest version wins.
 */
export interface SessionRow {
  readonly tenant_id: string;
  readonly session_id: string;
  /** Earliest `ordered_at` of its requests, epoch ms. Part of the sort key. */
  readonly created_at: number;
  readonly latest_request_at: number;
  /** Latest end of a response: `duration_ms` = this − `created_at`. */
  readonly latest_response_at: number;
  readonly updated_at: number;
  /** Name on the latest request that carries one, `''` if none does. */
  readonly session_name: string;
  readonly session_names: readonly string[];
  readonly user_ids: readonly string[];
  readonly models: readonly string[];
  readonly providers: readonly string[];
  readonly statuses: readonly number[];
  /** Every property key → its distinct values (bounded). */
  readonly properties: readonly (readonly [key: string, values: readonly string[]])[];
  /** Names of sets that overflowed their bound; those are answered from `requests`. */
  readonly truncated_fields: readonly string[];

  readonly total_requests: number;
  readonly error_count: number;
  readonly unpriced_requests: number;
  readonly prompt_tokens: bigint;
  readonly completion_tokens: bigint;
  readonly reasoning_tokens: bigint;
  readonly prompt_cache_read_tokens: bigint;
  readonly prompt_cache_write_tokens: bigint;
  readonly prompt_audio_tokens: bigint;
  readonly completion_audio_tokens: bigint;
  /** Picodollars over the priced requests. */
  readonly total_cost_pico: bigint;
  readonly latency_ms_sum: bigint;
  /** From fixed log buckets, relative error ≤ 1%. */
  readonly p95_latency_ms: number;

  readonly tag: string | null;
  readonly feedback: boolean | null;
  readonly scores: readonly (readonly [name: string, value: number])[];

  /** Latest `received_at` of what was said or called, epoch ms: the session's last activity by our own clocks. */
  readonly last_received_at: number;
  /** Bodies of some of its requests were deleted. */
  readonly deleted_bodies: boolean;

  /** What it did first, at most 128 requests, in order. Empty beside requests: not known. */
  readonly steps: readonly SessionRun[];
  readonly paths: readonly SessionPathSums[];

  /** Packed state of `@throughline/session-totals`. */
  readonly state: Uint8Array;
  readonly source_partition: number;
  /** Log offset up to which this snapshot reflects the partition. */
  readonly applied: number;
  readonly version: bigint;
  /** 1: this key is no longer the session's; see `session_keys`. */
  readonly is_deleted: 0 | 1;
}

/** Steps of a session on one path in a row. */
export interface SessionRun {
  /** As shown: `/plan`, `/` for none, `…` for those that the session does not tell apart. */
  readonly path: string;
  readonly requests: number;
  readonly errors: number;
  /** Picodollars over the priced requests, below 2^63. */
  readonly cost_pico: bigint;
}

/** What the requests of one path of a session come to. */
export interface SessionPathSums {
  /** As shown, like that of a run. */
  readonly path: string;
  readonly requests: number;
  readonly errors: number;
  readonly cost_pico: bigint;
  readonly latency_ms: bigint;
}

/** One row per (session, created_at) ever published, table `session_keys`. */
export interface SessionKeyRow {
  readonly tenant_id: string;
  readonly session_id: string;
  readonly created_at: number;
  readonly version: bigint;
}

/** Why an offset has no row in `requests` or `annotations`: table `ledger_exceptions`. `orphan`: its request is not there. `deleted`: it had. */
export interface LedgerExceptionRow {
  readonly source_partition: number;
  /** First and last offset it speaks of; the same unless `lost`. */
  readonly source_offset: number;
  readonly through_offset: number;
  readonly kind: 'resent' | 'duplicate' | 'refused' | 'dead' | 'control' | 'deleted' | 'lost' | 'orphan';
  readonly reason: string;
  /** `''` where the event could not be read. */
  readonly tenant_id: string;
  readonly event_id: string;
  readonly request_id: string;
  /**
   * Who appended it first, and its number there; `''` and −1 where the event could not be read or has none. Of a
   * `control` that closes its producer: the last number given.
   */
  readonly producer_id: string;
  readonly producer_seq: number;
  /** How many events a `refused` stands for; else 1, for `lost` the number of offsets, or 0 where it is not known. */
  readonly count: number;
  readonly received_at: number;
  readonly version: bigint;
}

/** Bytes that no version of ours can process, kept raw: table `dead_letters`. */
export interface DeadLetterRow {
  readonly source_partition: number;
  readonly source_offset: number;
  readonly step: string;
  readonly reason: string;
  readonly bytes: Uint8Array;
  readonly seen_at: number;
  readonly version: bigint;
}
