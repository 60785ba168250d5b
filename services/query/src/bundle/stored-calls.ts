import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import type { BundleBody, BundleRequest } from '@throughline/contracts/session-bundle';
import {
  SESSION_ID_PROPERTY,
  SESSION_NAME_PROPERTY,
  SESSION_PATH_PROPERTY,
} from '@throughline/session-totals/describe-session';
import { groupNeighbours } from '../group-neighbours.ts';
import { inHalves } from '../queries/in-halves.ts';
import { bundleBody } from './bundle-body.ts';

/** Rows that are read together, each with headers and properties of some kilobytes: parsing them holds up others by some ms. */
const PAGE_ROWS = 100;
/** Bodies that are read together: about so many bytes as they came over the wire, for the same reason. */
const GROUP_BYTES = 1024 * 1024;

export interface StoredSession {
  readonly tenantId: string;
  readonly sessionId: string;
  /** `ordered_at` of its first and last request, epoch ms. */
  readonly between: readonly [firstMs: number, lastMs: number];
  /** Offset in the partition of its log up to which its requests are wanted. */
  readonly through: number;
}

/** A call as its rows are, its bodies opened. */
export type StoredCall = Omit<BundleRequest, 'kind'>;

/** Where the rows of a call are. */
export interface CallPlace {
  readonly ordered_at_ms: string;
  readonly source_offset: string;
}

type Store = Pick<AnalyticsStore, 'query'>;

/** The calls of a session by their start, among equals by the ids of their events. */
export async function callPlaces(analytics: Store, session: StoredSession): Promise<CallPlace[]> {
  return await analytics.query<CallPlace>({
    sql: `
SELECT toUnixTimestamp64Milli(r.ordered_at) AS ordered_at_ms, r.source_offset AS source_offset
FROM requests AS r FINAL
PREWHERE r.session_id = {session:String}
WHERE r.tenant_id = {tenant:String}
  AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  AND r.source_offset <= {through:UInt64}
ORDER BY r.ordered_at, r.event_id, r.source_offset`,
    params: {
      tenant: session.tenantId,
      session: session.sessionId,
      first: session.between[0],
      last: session.between[1],
      through: session.through,
    },
    settings: FINAL,
  });
}

/**
 * Everything that is stored of the calls at these places, in their order, as it is taken: a page of rows and a few megabytes of
 * bodies are held, or one call where it has more. Calls that were deleted meanwhile are left out.
 */
export async function* storedCalls(
  analytics: Store,
  session: StoredSession,
  places: readonly CallPlace[],
): AsyncGenerator<StoredCall> {
  for (let from = 0; from < places.length; from += PAGE_ROWS) {
    const page = places.slice(from, from + PAGE_ROWS);
    const rows = await readRows(analytics, session, page);
    const stored = page.flatMap(({ source_offset }) => rows.get(source_offset) ?? []);
    for (const group of groupNeighbours(stored, bytesOf, { weightMax: GROUP_BYTES })) {
      // Bytes on the wire may have been compressed, to a thousandth of what they are.
      for await (const { items, found } of inHalves(group, (some) => readBodies(analytics, session, some))) {
        for (const row of items) yield toCall(row, found.get(row.source_offset));
      }
    }
  }
}

/** Rows by their offsets, in the window of time that they are of: with it the sort key finds them. */
async function readRows(
  analytics: Store,
  session: StoredSession,
  places: readonly CallPlace[],
): Promise<Map<string, StoredRow>> {
  const rows = await analytics.query<StoredRow>({
    sql: `
SELECT ${COLUMNS_SQL}
FROM requests AS r FINAL
PREWHERE r.session_id = {session:String} AND r.source_offset IN {offsets:Array(UInt64)}
WHERE r.tenant_id = {tenant:String} AND ${WITHIN_SQL}`,
    params: placeParams(session, places),
    settings: FINAL,
  });
  return new Map(rows.map((row) => [row.source_offset, row]));
}

function bytesOf({ request_bytes, response_bytes }: StoredRow): number {
  return Number(request_bytes) + Number(response_bytes);
}

interface StoredBodies {
  readonly source_offset: string;
  readonly request_encoding: string;
  readonly request: string;
  readonly response_encoding: string;
  readonly response: string;
}

/** Both bodies of calls by their offsets, in Base64. */
async function readBodies(
  analytics: Store,
  session: StoredSession,
  places: readonly CallPlace[],
): Promise<Map<string, StoredBodies>> {
  const rows = await analytics.query<StoredBodies>({
    sql: `
SELECT r.source_offset AS source_offset,
  r.request_encoding AS request_encoding, base64Encode(r.request_body) AS request,
  r.response_encoding AS response_encoding, base64Encode(r.response_body) AS response
FROM request_bodies AS r FINAL
PREWHERE r.source_offset IN {offsets:Array(UInt64)}
WHERE r.tenant_id = {tenant:String} AND r.session_id = {session:String} AND ${WITHIN_SQL}`,
    params: placeParams(session, places),
    settings: FINAL,
  });
  return new Map(rows.map((row) => [row.source_offset, row]));
}

const WITHIN_SQL = `r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')`;

function placeParams({ tenantId, sessionId }: StoredSession, places: readonly CallPlace[]) {
  return {
    tenant: tenantId,
    session: sessionId,
    first: places[0]!.ordered_at_ms,
    last: places.at(-1)!.ordered_at_ms,
    offsets: places.map(({ source_offset }) => source_offset),
  };
}

const TEXTS = [
  'request_id',
  'event_id',
  'session_id',
  'session_name',
  'session_path',
  'session_rule',
  'user_id',
  'provider',
  'target_url',
  'method',
  'path',
  'error_type',
  'error_message',
  'abort_reason',
  'finish_reason',
  'step_kind',
  'model',
  'request_model',
  'response_model',
  'cost_source',
  'price_version',
  'request_content_type',
  'response_content_type',
  'cache_reference_id',
  'trace_id',
  'span_id',
  'parent_span_id',
] as const;
const FLAGS = ['is_error', 'streamed', 'usage_complete', 'request_truncated', 'response_truncated'] as const;
const COUNTS = [
  'reasoning_tokens',
  'prompt_cache_read_tokens',
  'prompt_cache_write_tokens',
  'prompt_cache_write_1h_tokens',
  'prompt_audio_tokens',
  'completion_audio_tokens',
  'request_bytes',
  'response_bytes',
] as const;
const COUNTS_OR_NULL = ['time_to_first_token_ms', 'prompt_tokens', 'completion_tokens'] as const;
const TIMES = ['request_at', 'response_at', 'ordered_at'] as const;
const PAIRS = ['properties', 'former_properties', 'scores', 'request_headers', 'response_headers'] as const;

type Pair<T> = readonly [name: string, value: T];

/** As the engine prints it: 64-bit numbers are text. */
type StoredRow = Readonly<
  Record<(typeof TEXTS)[number], string> &
    Record<(typeof FLAGS)[number], boolean> &
    Record<(typeof COUNTS)[number], string> &
    Record<(typeof COUNTS_OR_NULL)[number], string | null> &
    Record<`${(typeof TIMES)[number]}_ms`, string>
> & {
  readonly source_offset: string;
  readonly status: number;
  readonly first_byte_at_ms: string | null;
  readonly cost_text: string | null;
  readonly properties_pairs: readonly Pair<string>[];
  readonly former_properties_pairs: readonly Pair<readonly string[]>[];
  readonly scores_pairs: readonly Pair<number>[];
  readonly request_headers_pairs: readonly Pair<string>[];
  readonly response_headers_pairs: readonly Pair<string>[];
  readonly attempts: readonly { readonly target: string; readonly status: number; readonly latency_ms: string }[];
};

const COLUMNS_SQL = [
  ...[...TEXTS, ...FLAGS, ...COUNTS, ...COUNTS_OR_NULL, 'source_offset', 'status', 'attempts'].map(
    (column) => `r.${column} AS ${column}`,
  ),
  ...TIMES.map((column) => `toUnixTimestamp64Milli(r.${column}) AS ${column}_ms`),
  'if(r.first_byte_at IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(r.first_byte_at))) AS first_byte_at_ms',
  'if(r.cost IS NULL, NULL, toString(r.cost)) AS cost_text',
  ...PAIRS.map((column) => `arrayZip(mapKeys(r.${column}), mapValues(r.${column})) AS ${column}_pairs`),
].join(', ');

function toCall(row: StoredRow, bodies: StoredBodies | undefined): StoredCall {
  const orNull = (value: string | null) => (value === null ? null : Number(value));
  return {
    request_id: row.request_id,
    event_id: row.event_id,
    session_name: row.session_name,
    session_path: row.session_path,
    session_rule: row.session_rule as StoredCall['session_rule'],
    user_id: row.user_id,
    properties: customProperties(row.properties_pairs),
    former_properties: row.former_properties_pairs.map(([key, values]) => [key, [...values]]),
    scores: row.scores_pairs.map(([name, value]) => [name, Number(value)]),
    request_at: Number(row.request_at_ms),
    first_byte_at: orNull(row.first_byte_at_ms),
    response_at: Number(row.response_at_ms),
    time_to_first_token_ms: orNull(row.time_to_first_token_ms),
    provider: row.provider,
    target_url: row.target_url,
    method: row.method,
    path: row.path,
    status: row.status,
    abort_reason: row.abort_reason as StoredCall['abort_reason'],
    error: row.is_error ? { type: row.error_type, message: row.error_message } : null,
    finish_reason: row.finish_reason,
    streamed: row.streamed,
    step_kind: row.step_kind as StoredCall['step_kind'],
    model: row.model,
    request_model: row.request_model,
    response_model: row.response_model,
    tokens: {
      prompt_tokens: orNull(row.prompt_tokens),
      completion_tokens: orNull(row.completion_tokens),
      reasoning_tokens: Number(row.reasoning_tokens),
      prompt_cache_read_tokens: Number(row.prompt_cache_read_tokens),
      prompt_cache_write_tokens: Number(row.prompt_cache_write_tokens),
      prompt_cache_write_1h_tokens: Number(row.prompt_cache_write_1h_tokens),
      prompt_audio_tokens: Number(row.prompt_audio_tokens),
      completion_audio_tokens: Number(row.completion_audio_tokens),
    },
    usage_complete: row.usage_complete,
    cost_pico: row.cost_text === null ? null : String(decimalToPico(row.cost_text)),
    cost_source: row.cost_source as StoredCall['cost_source'],
    price_version: row.price_version,
    request_headers: row.request_headers_pairs.map(([header, value]) => [header, value]),
    response_headers: row.response_headers_pairs.map(([header, value]) => [header, value]),
    attempts: row.attempts.map(({ target, status, latency_ms }) => ({
      target,
      status,
      latency_ms: Number(latency_ms),
    })),
    cache_reference_id: row.cache_reference_id,
    trace_id: row.trace_id,
    span_id: row.span_id,
    parent_span_id: row.parent_span_id,
    request: toBody(row, 'request', bodies?.request_encoding, bodies?.request),
    response: toBody(row, 'response', bodies?.response_encoding, bodies?.response),
  };
}

function toBody(row: StoredRow, side: 'request' | 'response', encoding = 'missing', base64 = ''): BundleBody {
  const facts = {
    content_type: row[`${side}_content_type`],
    size: Number(row[`${side}_bytes`]),
    truncated: row[`${side}_truncated`],
    encoding,
  };
  return bundleBody(facts, Buffer.from(base64, 'base64'));
}

/** Whoever records the call puts those of its session behind the others, so of equal names the last is the session's. */
function customProperties(pairs: readonly Pair<string>[]): [string, string][] {
  const own = new Set(OF_SESSION.map((key) => pairs.findLastIndex(([name]) => name === key)));
  return pairs.filter((_, at) => !own.has(at)).map(([name, value]) => [name, value]);
}

const OF_SESSION = [SESSION_ID_PROPERTY, SESSION_NAME_PROPERTY, SESSION_PATH_PROPERTY];
