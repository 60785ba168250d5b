import { isLive, sessionFigures } from '@throughline/session-totals/session-figures';
import type { AnsweredFacts } from '../queries/session-columns.ts';
import { timestamp } from './timestamp.ts';

/** A session as the API answers it: the fields that existing clients know, and the additive ones. */
export interface SessionAnswer {
  readonly created_at: string;
  readonly latest_request_created_at: string;
  readonly session_id: string;
  readonly session_name: string;
  readonly session_names: readonly string[];
  /** USD over the priced requests. */
  readonly total_cost: number;
  readonly cost_complete: boolean;
  readonly unpriced_requests: number;
  readonly total_requests: number;
  readonly error_count: number;
  readonly success_rate: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly reasoning_tokens: number;
  readonly prompt_cache_read_tokens: number;
  readonly prompt_cache_write_tokens: number;
  /** Milliseconds. */
  readonly avg_latency: number;
  readonly p95_latency: number;
  readonly duration_ms: number;
  readonly user_ids: readonly string[];
  readonly models: readonly string[];
  readonly providers: readonly string[];
  readonly tag: string | null;
  readonly feedback: boolean | null;
  readonly scores: Readonly<Record<string, number>>;
  readonly live: boolean;
  readonly truncated_fields: readonly string[];
  readonly deleted_bodies: boolean;
}

/** @param shiftMinutes `timezoneDifference` of the query. */
export function sessionAnswer(facts: AnsweredFacts, shiftMinutes: number, nowMs: number): SessionAnswer {
  const { duration_ms, avg_latency, p95_latency, success_rate, total_tokens, total_cost, cost_complete } =
    sessionFigures(facts);
  return {
    created_at: timestamp(facts.created_at, shiftMinutes),
    latest_request_created_at: timestamp(facts.latest_request_at, shiftMinutes),
    session_id: facts.session_id,
    session_name: facts.session_name,
    session_names: facts.session_names,
    total_cost,
    cost_complete,
    unpriced_requests: facts.unpriced_requests,
    total_requests: facts.total_requests,
    error_count: facts.error_count,
    success_rate,
    prompt_tokens: Number(facts.prompt_tokens),
    completion_tokens: Number(facts.completion_tokens),
    total_tokens,
    reasoning_tokens: Number(facts.reasoning_tokens),
    prompt_cache_read_tokens: Number(facts.prompt_cache_read_tokens),
    prompt_cache_write_tokens: Number(facts.prompt_cache_write_tokens),
    avg_latency,
    p95_latency,
    duration_ms,
    user_ids: facts.user_ids,
    models: facts.models,
    providers: facts.providers,
    tag: facts.tag,
    feedback: facts.feedback,
    scores: asObject(facts.scores),
    live: isLive(facts, nowMs),
    truncated_fields: facts.truncated_fields,
    deleted_bodies: facts.deleted_bodies,
  };
}

/** Pairs → a JSON object. Without a prototype: `__proto__` is a name like any other. */
export function asObject<T>(pairs: readonly (readonly [string, T])[]): Record<string, T> {
  const object = Object.create(null) as Record<string, T>;
  for (const [name, value] of pairs) object[name] = value;
  return object;
}
