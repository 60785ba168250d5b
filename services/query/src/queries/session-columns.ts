import { readListed } from '@throughline/contracts/listed-session';
import { decimalToPico } from '@throughline/contracts/money';
import type { SessionFacts } from '@throughline/session-totals/describe-session';
import { latencyQuantile } from '@throughline/session-totals/latency-sketch';
import { SESSION_BOUNDS } from '@throughline/session-totals/session-bounds';

/** What a list shows of a session, from the table `sessions AS s`. Times are epoch ms. */
export const LISTED_COLUMNS_SQL = `
  s.session_id AS session_id, toUnixTimestamp64Milli(s.created_at) AS created_at_ms,
  toUnixTimestamp64Milli(s.latest_request_at) AS latest_request_at_ms, s.total_requests AS total_requests,
  s.listed AS listed`;

/** A row of them, as the engine prints it. */
export interface ListedRow {
  readonly session_id: string;
  readonly created_at_ms: string;
  readonly latest_request_at_ms: string;
  readonly total_requests: string;
  readonly listed: string;
}

/** The same of a source that is no table, column by column. */
export const SESSION_COLUMNS_SQL = `
  s.session_id AS session_id, s.session_name AS session_name, s.session_names AS session_names,
  s.user_ids AS user_ids, s.models AS models, s.providers AS providers,
  s.truncated_fields AS truncated_fields,
  toUnixTimestamp64Milli(s.created_at) AS created_at_ms,
  toUnixTimestamp64Milli(s.latest_request_at) AS latest_request_at_ms,
  toUnixTimestamp64Milli(s.latest_response_at) AS latest_response_at_ms,
  s.total_requests AS total_requests, s.error_count AS error_count, s.unpriced_requests AS unpriced_requests,
  s.prompt_tokens AS prompt_tokens, s.completion_tokens AS completion_tokens, s.reasoning_tokens AS reasoning_tokens,
  s.prompt_cache_read_tokens AS prompt_cache_read_tokens, s.prompt_cache_write_tokens AS prompt_cache_write_tokens,
  toString(s.total_cost) AS total_cost_text, s.latency_ms_sum AS latency_ms_sum, s.p95_latency_ms AS p95_latency_ms,
  s.tag AS tag, s.feedback AS feedback, arrayZip(mapKeys(s.scores), mapValues(s.scores)) AS score_pairs,
  s.deleted_bodies AS deleted_bodies`;

/** A row of them, as the engine prints it. */
export interface SessionListRow {
  readonly session_id: string;
  readonly session_name: string;
  readonly session_names: readonly string[];
  readonly user_ids: readonly string[];
  readonly models: readonly string[];
  readonly providers: readonly string[];
  readonly truncated_fields: readonly string[];
  readonly created_at_ms: string;
  readonly latest_request_at_ms: string;
  readonly latest_response_at_ms: string;
  readonly total_requests: string;
  readonly error_count: string;
  readonly unpriced_requests: string;
  readonly prompt_tokens: string;
  readonly completion_tokens: string;
  readonly reasoning_tokens: string;
  readonly prompt_cache_read_tokens: string;
  readonly prompt_cache_write_tokens: string;
  readonly total_cost_text: string;
  readonly latency_ms_sum: string;
  readonly p95_latency_ms: number;
  readonly tag: string | null;
  readonly feedback: boolean | null;
  readonly score_pairs: readonly (readonly [string, number])[];
  readonly deleted_bodies: boolean;
}

/** What an answer about a session is made of, read live or from a snapshot. */
export type AnsweredFacts = Omit<
  SessionFacts,
  | 'tenant_id'
  | 'statuses'
  | 'properties'
  | 'prompt_audio_tokens'
  | 'completion_audio_tokens'
  | 'source_partition'
  | 'applied'
  | 'last_received_at'
  | 'steps'
  | 'paths'
>;

export function toFacts(row: ListedRow): AnsweredFacts {
  return {
    ...readListed(row.listed),
    session_id: row.session_id,
    created_at: Number(row.created_at_ms),
    latest_request_at: Number(row.latest_request_at_ms),
    total_requests: Number(row.total_requests),
  };
}

function columnFacts(row: SessionListRow): AnsweredFacts {
  return {
    session_id: row.session_id,
    session_name: row.session_name,
    session_names: row.session_names,
    user_ids: row.user_ids,
    models: row.models,
    providers: row.providers,
    truncated_fields: row.truncated_fields,
    created_at: Number(row.created_at_ms),
    latest_request_at: Number(row.latest_request_at_ms),
    latest_response_at: Number(row.latest_response_at_ms),
    total_requests: Number(row.total_requests),
    error_count: Number(row.error_count),
    unpriced_requests: Number(row.unpriced_requests),
    prompt_tokens: BigInt(row.prompt_tokens),
    completion_tokens: BigInt(row.completion_tokens),
    reasoning_tokens: BigInt(row.reasoning_tokens),
    prompt_cache_read_tokens: BigInt(row.prompt_cache_read_tokens),
    prompt_cache_write_tokens: BigInt(row.prompt_cache_write_tokens),
    total_cost_pico: decimalToPico(row.total_cost_text),
    latency_ms_sum: BigInt(row.latency_ms_sum),
    p95_latency_ms: row.p95_latency_ms,
    tag: row.tag,
    feedback: row.feedback,
    scores: row.score_pairs,
    deleted_bodies: row.deleted_bodies,
  };
}

/** A row of the source `matching`, which was counted from requests and not folded from them. */
export function toMatchingFacts(row: SessionListRow & { latency_buckets: LatencyBuckets }): AnsweredFacts {
  const facts = columnFacts(row);
  const [buckets, counts] = row.latency_buckets;
  const sets = { user_ids: SESSION_BOUNDS.userIds, models: SESSION_BOUNDS.models, providers: SESSION_BOUNDS.providers };
  const truncated: string[] = facts.truncated_fields.filter(
    (field) => field === 'session_name' || field === 'session_names',
  );
  const bounded: Partial<Record<keyof typeof sets, readonly string[]>> = {};
  for (const set of Object.keys(sets) as (keyof typeof sets)[]) {
    if (facts[set].length > sets[set].countMax) truncated.push(set);
    bounded[set] = facts[set].slice(0, sets[set].countMax);
  }
  return {
    ...facts,
    ...bounded,
    truncated_fields: truncated,
    p95_latency_ms: latencyQuantile(new Map(buckets.map((bucket, index) => [bucket, Number(counts[index])])), 95),
  };
}

/** Buckets of the latency sketch and how many requests lie in each. */
export type LatencyBuckets = readonly [buckets: readonly number[], counts: readonly string[]];
