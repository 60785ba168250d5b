import type { RequestRow } from '@throughline/contracts/request-row';
import type { SessionRow } from '@throughline/contracts/session-row';

/** A request as a filter sees it: its row, and its bodies where they are text that is still stored. */
export type RequestFacts = Pick<
  RequestRow,
  | 'tenant_id'
  | 'request_id'
  | 'session_id'
  | 'session_name'
  | 'session_path'
  | 'user_id'
  | 'properties'
  | 'scores'
  | 'ordered_at'
  | 'response_at'
  | 'latency_ms'
  | 'time_to_first_token_ms'
  | 'provider'
  | 'target_url'
  | 'path'
  | 'status'
  | 'model'
  | 'prompt_tokens'
  | 'completion_tokens'
  | 'prompt_cache_read_tokens'
  | 'prompt_cache_write_tokens'
  | 'cost_pico'
  | 'request_headers'
  | 'cache_reference_id'
> & { readonly request_body?: string; readonly response_body?: string };

/**
 * A session as a filter sees it. Its sets are complete here: what its snapshot was bounded to is a matter of storage,
 * which the answer must not show.
 */
export type SessionFacts = Pick<
  SessionRow,
  | 'session_id'
  | 'created_at'
  | 'latest_request_at'
  | 'latest_response_at'
  | 'session_names'
  | 'user_ids'
  | 'models'
  | 'providers'
  | 'total_requests'
  | 'error_count'
  | 'unpriced_requests'
  | 'prompt_tokens'
  | 'completion_tokens'
  | 'total_cost_pico'
  | 'latency_ms_sum'
  | 'p95_latency_ms'
  | 'tag'
  | 'feedback'
  | 'scores'
>;

/**
 * A user as a filter sees them: what some of their requests add up to, which ones is for the endpoint to say. There is at
 * least one.
 */
export interface UserFacts {
  readonly user_id: string;
  /** Days on which there was a request. */
  readonly active_days: number;
  /** Epoch ms of the first and the last request. */
  readonly first_active: number;
  readonly last_active: number;
  readonly requests: number;
  readonly prompt_tokens: bigint;
  readonly completion_tokens: bigint;
  readonly cost_pico: bigint;
}

/**
 * What a condition about a column is asked of: a text; texts, of which some has to satisfy it; a number, money in
 * picodollars; true or false; scores by name. Null is unknown.
 */
export type Fact =
  | string
  | readonly string[]
  | number
  | bigint
  | boolean
  | null
  | ReadonlyMap<string, number>
  | PropertyLookup;

/** The property of one request that a key of a filter means; undefined: it has no such property. */
export type PropertyLookup = (key: string) => string | undefined;
