import { picoToUsd } from '@throughline/contracts/money';
import type { SessionRow } from '@throughline/contracts/session-row';

/** The columns of a snapshot that figures are computed from. The live totals have them too: `describeSession`. */
export type FigureFacts = Pick<
  SessionRow,
  | 'created_at'
  | 'latest_request_at'
  | 'latest_response_at'
  | 'total_requests'
  | 'error_count'
  | 'unpriced_requests'
  | 'prompt_tokens'
  | 'completion_tokens'
  | 'total_cost_pico'
  | 'latency_ms_sum'
  | 'p95_latency_ms'
>;

/** Figures of a session as the API answers them, from its exact totals. Milliseconds, USD, shares of 0–1. */
export interface SessionFigures {
  /** Start of the first request to the end of the last response. */
  readonly duration_ms: number;
  /** Mean over all requests, failed ones included; 0 without any. */
  readonly avg_latency: number;
  readonly p95_latency: number;
  /** Share of requests without an error; 1 without any. */
  readonly success_rate: number;
  /** Prompt and completion; the other kinds of tokens have fields of their own. */
  readonly total_tokens: number;
  /** Over the priced requests. */
  readonly total_cost: number;
  /** False when the cost of some request is unknown. */
  readonly cost_complete: boolean;
}

/** One definition for one session read live and for lists read from snapshots: the same totals give the same figures. */
export function sessionFigures(facts: FigureFacts): SessionFigures {
  const requests = facts.total_requests;
  return {
    duration_ms: Math.max(0, facts.latest_response_at - facts.created_at),
    avg_latency: requests === 0 ? 0 : Number(facts.latency_ms_sum) / requests,
    p95_latency: facts.p95_latency_ms,
    success_rate: requests === 0 ? 1 : (requests - facts.error_count) / requests,
    total_tokens: Number(facts.prompt_tokens + facts.completion_tokens),
    total_cost: picoToUsd(facts.total_cost_pico),
    cost_complete: facts.unpriced_requests === 0,
  };
}

/** A session is live while its latest request began less than this ago. */
export const LIVE_FOR_MS = 5 * 60_000;

/** @param nowMs epoch ms. */
export function isLive(facts: Pick<SessionRow, 'latest_request_at'>, nowMs: number): boolean {
  return facts.latest_request_at > nowMs - LIVE_FOR_MS;
}
