import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import type { TokenCounts } from '@throughline/contracts/request-row';
import type { BodyKey } from '../queries/read-bodies.ts';

/** One step of a session as a replay needs it, without its bodies. Times are epoch ms. */
export interface RecordedStep extends TokenCounts {
  /** Where its bodies are found. */
  readonly place: BodyKey;
  readonly requestId: string;
  readonly sessionName: string;
  readonly sessionPath: string;
  readonly userId: string;
  readonly properties: readonly (readonly [string, string])[];
  readonly requestAt: number;
  readonly responseAt: number;
  readonly timeToFirstTokenMs: number | null;
  readonly kind: string;
  readonly provider: string;
  readonly targetUrl: string;
  readonly method: string;
  /** Of the URL, with its query. */
  readonly path: string;
  readonly status: number;
  readonly isError: boolean;
  /** `''` where it did not fail. */
  readonly errorType: string;
  readonly model: string;
  /** Picodollars; null where it is not known. */
  readonly costPico: bigint | null;
  /** A stored answer was given for it: its tokens and cost are 0, whatever a provider would ask for it. */
  readonly isFromCache: boolean;
  readonly requestContentType: string;
  readonly requestHeaders: readonly (readonly [string, string])[];
  readonly request: RecordedBody;
  readonly response: RecordedBody;
}

/** What is stored of a body. */
export interface RecordedBody {
  /** As it was recorded. */
  readonly bytes: number;
  readonly isTruncated: boolean;
  /** As its row says; undefined where there is no row. */
  readonly encoding: string | undefined;
}

interface Row {
  readonly request_id: string;
  readonly session_id: string;
  readonly ordered_at_ms: string;
  readonly source_partition: number;
  readonly source_offset: string;
  readonly session_name: string;
  readonly session_path: string;
  readonly user_id: string;
  readonly property_entries: readonly (readonly [string, string])[];
  readonly request_at_ms: string;
  readonly response_at_ms: string;
  readonly time_to_first_token_ms: string | null;
  readonly step_kind: string;
  readonly provider: string;
  readonly target_url: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly is_error: boolean;
  readonly error_type: string;
  readonly model: string;
  readonly cost_text: string | null;
  readonly cache_reference_id: string;
  readonly request_content_type: string;
  readonly header_pairs: readonly (readonly [string, string])[];
  readonly request_bytes: string;
  readonly response_bytes: string;
  readonly request_truncated: boolean;
  readonly response_truncated: boolean;
  readonly prompt_tokens: string | null;
  readonly completion_tokens: string | null;
  readonly reasoning_tokens: string;
  readonly prompt_cache_read_tokens: string;
  readonly prompt_cache_write_tokens: string;
  readonly prompt_cache_write_1h_tokens: string;
  readonly prompt_audio_tokens: string;
  readonly completion_audio_tokens: string;
}

/**
 * The steps of one session in the order in which they began, ties by request id.
 *
 * @param between first and last request of the session, epoch ms. @param limit of them; one more is answered where there are more.
 */
export async function recordedSteps(
  analytics: Pick<AnalyticsStore, 'query'>,
  session: { tenantId: string; sessionId: string; between: readonly [firstMs: number, lastMs: number] },
  limit: number,
): Promise<RecordedStep[]> {
  const params = {
    tenant: session.tenantId,
    session: session.sessionId,
    first: session.between[0],
    last: session.between[1],
    limit: limit + 1,
  };
  const [rows, encodings] = await Promise.all([
    analytics.query<Row>({ sql: STEPS_SQL, params, settings: FINAL }),
    analytics.query<BodyRow>({ sql: BODIES_SQL, params, settings: FINAL }),
  ]);
  const bodies = new Map(encodings.map((row) => [positionText(row), row]));
  return rows.map((row) => asStep(row, bodies.get(positionText(row))));
}

// PREWHERE, since with FINAL the engine would read every column of whatever lies beside the session.
const OF_SESSION = `PREWHERE session_id = {session:String}
WHERE tenant_id = {tenant:String}
  AND ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')`;

const STEPS_SQL = `
SELECT request_id, session_id, toUnixTimestamp64Milli(ordered_at) AS ordered_at_ms, source_partition, source_offset,
  session_name, session_path, user_id, arrayZip(mapKeys(properties), mapValues(properties)) AS property_entries,
  toUnixTimestamp64Milli(request_at) AS request_at_ms, toUnixTimestamp64Milli(response_at) AS response_at_ms,
  time_to_first_token_ms, step_kind, provider, target_url, method, path, status, is_error, error_type,
  model, toString(cost) AS cost_text,
  cache_reference_id, request_content_type, arrayZip(mapKeys(request_headers), mapValues(request_headers)) AS header_pairs,
  request_bytes, response_bytes, request_truncated, response_truncated,
  prompt_tokens, completion_tokens, reasoning_tokens, prompt_cache_read_tokens, prompt_cache_write_tokens,
  prompt_cache_write_1h_tokens, prompt_audio_tokens, completion_audio_tokens
FROM requests FINAL
${OF_SESSION}
ORDER BY request_at, request_id, source_offset
LIMIT {limit:UInt32}`;

interface BodyRow {
  readonly source_partition: number;
  readonly source_offset: string;
  readonly request_encoding: string;
  readonly response_encoding: string;
}

const BODIES_SQL = `
SELECT source_partition, source_offset, request_encoding, response_encoding
FROM request_bodies FINAL
${OF_SESSION}`;

function positionText(row: Pick<Row, 'source_partition' | 'source_offset'>): string {
  return `${row.source_partition}/${row.source_offset}`;
}

function asStep(row: Row, bodies: BodyRow | undefined): RecordedStep {
  return {
    place: {
      session_id: row.session_id,
      ordered_at_ms: row.ordered_at_ms,
      request_id: row.request_id,
      source_partition: row.source_partition,
      source_offset: row.source_offset,
    },
    requestId: row.request_id,
    sessionName: row.session_name,
    sessionPath: row.session_path,
    userId: row.user_id,
    properties: row.property_entries,
    requestAt: Number(row.request_at_ms),
    responseAt: Number(row.response_at_ms),
    timeToFirstTokenMs: row.time_to_first_token_ms === null ? null : Number(row.time_to_first_token_ms),
    kind: row.step_kind,
    provider: row.provider,
    targetUrl: row.target_url,
    method: row.method,
    path: row.path,
    status: row.status,
    isError: row.is_error,
    errorType: row.error_type,
    model: row.model,
    costPico: row.cost_text === null ? null : decimalToPico(row.cost_text),
    isFromCache: row.cache_reference_id !== '',
    requestContentType: row.request_content_type,
    requestHeaders: row.header_pairs,
    request: {
      bytes: Number(row.request_bytes),
      isTruncated: row.request_truncated,
      encoding: bodies?.request_encoding,
    },
    response: {
      bytes: Number(row.response_bytes),
      isTruncated: row.response_truncated,
      encoding: bodies?.response_encoding,
    },
    prompt_tokens: row.prompt_tokens === null ? null : Number(row.prompt_tokens),
    completion_tokens: row.completion_tokens === null ? null : Number(row.completion_tokens),
    reasoning_tokens: Number(row.reasoning_tokens),
    prompt_cache_read_tokens: Number(row.prompt_cache_read_tokens),
    prompt_cache_write_tokens: Number(row.prompt_cache_write_tokens),
    prompt_cache_write_1h_tokens: Number(row.prompt_cache_write_1h_tokens),
    prompt_audio_tokens: Number(row.prompt_audio_tokens),
    completion_audio_tokens: Number(row.completion_audio_tokens),
  };
}
