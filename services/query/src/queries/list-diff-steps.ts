import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico, picoToUsd } from '@throughline/contracts/money';
import { REPLAY_STEP } from '@throughline/contracts/replay-properties';

/** A step of a session as it is compared with that of another, without its bodies. */
export interface DiffedStep {
  readonly requestId: string;
  readonly path: string;
  readonly kind: string;
  /** Epoch ms. */
  readonly orderedAtMs: number;
  readonly latencyMs: number;
  readonly status: number;
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly model: string;
  readonly provider: string;
  /** `''` without one. */
  readonly finishReason: string;
  /** USD; null where it is not known. */
  readonly cost: number | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** As they were recorded, whether or not they are still there. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly requestTruncated: boolean;
  readonly responseTruncated: boolean;
  /** Request that this one says it repeats; `''` without. */
  readonly replays: string;
  readonly partition: number;
  readonly offset: string;
}

/** Whose steps, and when the first and the last of them were, epoch ms. */
export interface DiffedSession {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly between: readonly [firstMs: number, lastMs: number];
}

/** Of an error: what tells it from another. */
const MESSAGE_CHARS_MAX = 1_000;

/** Steps of a session, ascending by time, then request id, then log position; at most so many. */
export async function listDiffSteps(
  analytics: Pick<AnalyticsStore, 'query'>,
  { tenantId, sessionId, between }: DiffedSession,
  limit: number,
): Promise<DiffedStep[]> {
  const rows = await analytics.query<Row>({
    // PREWHERE, since with FINAL the engine would read every column of whatever lies beside the session; all versions of a
    // row are of the same session.
    sql: `
SELECT r.request_id AS id, r.session_path AS path, r.step_kind AS kind, toUnixTimestamp64Milli(r.ordered_at) AS at,
  r.latency_ms AS latency, r.status AS status, r.is_error AS is_error, r.error_type AS error_type,
  substringUTF8(r.error_message, 1, ${MESSAGE_CHARS_MAX}) AS error_message, r.model AS model, r.provider AS provider,
  r.finish_reason AS finish, toString(r.cost) AS cost, r.prompt_tokens AS prompt, r.completion_tokens AS completion,
  r.request_bytes AS request_bytes, r.response_bytes AS response_bytes, r.request_truncated AS request_truncated,
  r.response_truncated AS response_truncated, r.properties['${REPLAY_STEP}'] AS replays,
  r.source_partition AS partition, r.source_offset AS offset
FROM requests AS r FINAL
PREWHERE r.session_id = {session:String}
WHERE r.tenant_id = {tenant:String}
  AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')
ORDER BY r.ordered_at, r.request_id, r.source_offset
LIMIT {limit:UInt32}`,
    params: { tenant: tenantId, session: sessionId, first: between[0], last: between[1], limit },
    settings: FINAL,
  });
  return rows.map(stepOf);
}

interface Row {
  readonly id: string;
  readonly path: string;
  readonly kind: string;
  readonly at: string;
  readonly latency: string;
  readonly status: number;
  readonly is_error: boolean;
  readonly error_type: string;
  readonly error_message: string;
  readonly model: string;
  readonly provider: string;
  readonly finish: string;
  readonly cost: string | null;
  readonly prompt: string | null;
  readonly completion: string | null;
  readonly request_bytes: string;
  readonly response_bytes: string;
  readonly request_truncated: boolean;
  readonly response_truncated: boolean;
  readonly replays: string;
  readonly partition: number;
  readonly offset: string;
}

function stepOf(row: Row): DiffedStep {
  return {
    requestId: row.id,
    path: row.path,
    kind: row.kind,
    orderedAtMs: Number(row.at),
    latencyMs: Number(row.latency),
    status: row.status,
    error: row.is_error ? { type: row.error_type, message: row.error_message } : null,
    model: row.model,
    provider: row.provider,
    finishReason: row.finish,
    cost: row.cost === null ? null : picoToUsd(decimalToPico(row.cost)),
    promptTokens: row.prompt === null ? null : Number(row.prompt),
    completionTokens: row.completion === null ? null : Number(row.completion),
    requestBytes: Number(row.request_bytes),
    responseBytes: Number(row.response_bytes),
    requestTruncated: row.request_truncated,
    responseTruncated: row.response_truncated,
    replays: row.replays,
    partition: row.partition,
    offset: row.offset,
  };
}
