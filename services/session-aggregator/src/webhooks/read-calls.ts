import type { AnalyticsStore, QueryParam } from '@throughline/analytics/analytics-store';
import { POINT } from '@throughline/analytics/read-settings';
import type { Pairs } from '@throughline/contracts/request-event';
import { type FlaggedCall, positionOf } from './flagged-call.ts';

/** What a webhook can be told of a call. */
export interface ToldCall {
  readonly userId: string;
  readonly sessionName: string;
  readonly sessionPath: string;
  readonly properties: Pairs;
  readonly provider: string;
  readonly model: string;
  readonly status: number;
  readonly requestAt: number;
  readonly latencyMs: number;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** USD; null: unknown. */
  readonly costUsd: number | null;
  readonly request: ToldBody;
  readonly response: ToldBody;
}

/** The beginning of a body. */
export interface ToldBody {
  /** `''` of one that is no text. */
  readonly text: string;
  readonly truncated: boolean;
}

/** Bytes of a body that are told; all of it is behind a link. */
export const BODY_BYTES_MAX = 10 * 1024;

/** Calls as they are stored now, by `positionOf`; those that were deleted are not among them. @param calls 100 at most. */
export async function readCalls(
  analytics: Pick<AnalyticsStore, 'query'>,
  calls: readonly FlaggedCall[],
): Promise<Map<string, ToldCall>> {
  if (calls.length === 0) return new Map();
  const asked = new Set(calls.map(positionOf));
  const times: Record<string, QueryParam> = {};
  for (const [at, { orderedAt }] of calls.entries()) times[`at${at}`] = orderedAt;
  const params = {
    ...times,
    tenants: [...new Set(calls.map(({ tenantId }) => tenantId))],
    sessions: [...new Set(calls.map(({ sessionId }) => sessionId))],
    requests: calls.map(({ requestId }) => requestId),
    bytes: BODY_BYTES_MAX,
  };
  // Each condition is one that an index knows, which a tuple of them is not, nor an array of times.
  const key = `tenant_id IN {tenants:Array(String)}
  AND ordered_at IN (${Object.keys(times)
    .map((name) => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`)
    .join(', ')})
  AND request_id IN {requests:Array(String)}`;
  const [rows, bodies] = await Promise.all([
    analytics.query<StoredCall>({
      sql: `
SELECT source_partition, source_offset, user_id, session_name, session_path, provider, model, status, latency_ms,
  request_truncated, response_truncated, arrayZip(mapKeys(properties), mapValues(properties)) AS properties_pairs,
  toUnixTimestamp64Milli(request_at) AS request_ms, prompt_tokens, completion_tokens,
  if(cost IS NULL, NULL, toString(cost)) AS cost_text
FROM requests FINAL
PREWHERE ${key}`,
      params: { ...params, sessions: [], bytes: 0 },
      settings: POINT,
    }),
    analytics.query<StoredBodies>({
      // Base64: a body may be any bytes, an answer of the engine is text.
      sql: `
SELECT source_partition, source_offset,
  if(request_encoding = 'utf8', base64Encode(substring(request_body, 1, {bytes:UInt32})), '') AS request,
  if(response_encoding = 'utf8', base64Encode(substring(response_body, 1, {bytes:UInt32})), '') AS response,
  length(request_body) > {bytes:UInt32} AS is_request_cut, length(response_body) > {bytes:UInt32} AS is_response_cut
FROM request_bodies FINAL
PREWHERE session_id IN {sessions:Array(String)} AND ${key}`,
      params,
      settings: POINT,
    }),
  ]);
  const bodiesAt = new Map(bodies.map((row) => [placeOf(row), row]));
  return new Map(
    rows
      .filter((row) => asked.has(placeOf(row)))
      .map((row) => [placeOf(row), toldCall(row, bodiesAt.get(placeOf(row)))]),
  );
}

function placeOf({ source_partition, source_offset }: StoredBodies | StoredCall): string {
  return positionOf({ partition: source_partition, offset: Number(source_offset) });
}

function toldCall(row: StoredCall, bodies: StoredBodies | undefined): ToldCall {
  const orNull = (value: string | null) => (value === null ? null : Number(value));
  return {
    userId: row.user_id,
    sessionName: row.session_name,
    sessionPath: row.session_path,
    properties: row.properties_pairs,
    provider: row.provider,
    model: row.model,
    status: row.status,
    requestAt: Number(row.request_ms),
    latencyMs: Number(row.latency_ms),
    promptTokens: orNull(row.prompt_tokens),
    completionTokens: orNull(row.completion_tokens),
    costUsd: orNull(row.cost_text),
    request: {
      text: beginning(bodies?.request),
      truncated: row.request_truncated || Boolean(bodies?.is_request_cut),
    },
    response: {
      text: beginning(bodies?.response),
      truncated: row.response_truncated || Boolean(bodies?.is_response_cut),
    },
  };
}

/** Bytes cut anywhere → text: what is left of a character at the end is left out. */
function beginning(base64: string | undefined): string {
  if (base64 === undefined || base64 === '') return '';
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(base64, 'base64'), { stream: true });
}

interface StoredCall {
  readonly source_partition: number;
  readonly source_offset: string;
  readonly user_id: string;
  readonly session_name: string;
  readonly session_path: string;
  readonly properties_pairs: Pairs;
  readonly provider: string;
  readonly model: string;
  readonly status: number;
  readonly request_ms: string;
  readonly latency_ms: string;
  readonly prompt_tokens: string | null;
  readonly completion_tokens: string | null;
  readonly cost_text: string | null;
  readonly request_truncated: boolean;
  readonly response_truncated: boolean;
}

interface StoredBodies {
  readonly source_partition: number;
  readonly source_offset: string;
  readonly request: string;
  readonly response: string;
  readonly is_request_cut: number;
  readonly is_response_cut: number;
}
