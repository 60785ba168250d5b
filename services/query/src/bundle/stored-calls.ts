import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import type { BundleBody, BundleRequest } from '@throughline/contracts/session-bundle';
import {
  SESSION_ID_PROPERTY,
  SESSION_NAME_PROPERTY,
  SESSION_PATH_PROPERTY,
} from '@throughline/session-totals/describe-session';
import { positionOf, readBodies, type StoredBodies, type StoredBody } from '../queries/read-bodies.ts';
import { bundleBody } from './bundle-body.ts';

/** Rows of a page: each has headers and properties of some kilobytes. */
const PAGE_ROWS = 100;
/** Bodies up to here are read with their page, longer ones in groups of about so many bytes. */
const SMALL_BODY_BYTES = 32 * 1024;
const GROUP_BYTES = 8 * 1024 * 1024;
const ANY_BYTES = Number.MAX_SAFE_INTEGER;

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

/**
 * Everything that is stored of the requests of a session, by their start, as it is taken: a page of rows and a few megabytes of
 * bodies are held, or one call where it has more.
 */
export async function* storedCalls(
  analytics: Pick<AnalyticsStore, 'query'>,
  session: StoredSession,
): AsyncGenerator<StoredCall> {
  let after: StoredRow | undefined;
  do {
    const rows: StoredRow[] = await analytics.query<StoredRow>({
      sql: SELECT_SQL(after !== undefined),
      params: {
        tenant: session.tenantId,
        session: session.sessionId,
        first: after ? Number(after.ordered_at_ms) : session.between[0],
        last: session.between[1],
        through: session.through,
        limit: PAGE_ROWS,
        ...(after && { afterMs: after.ordered_at_ms, afterId: after.event_id, afterOffset: after.source_offset }),
      },
      settings: FINAL,
    });
    yield* withBodies(analytics, session.tenantId, rows);
    after = rows.length < PAGE_ROWS ? undefined : rows.at(-1);
  } while (after);
}

async function* withBodies(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  rows: readonly StoredRow[],
): AsyncGenerator<StoredCall> {
  const small = await readBodies(analytics, tenantId, rows, SMALL_BODY_BYTES);
  let long = new Map<string, StoredBodies>();
  for (const [at, row] of rows.entries()) {
    const position = positionOf(row);
    if (isWhole(small.get(position))) {
      yield toCall(row, small.get(position));
      continue;
    }
    if (!long.has(position)) {
      const group = longGroup(rows.slice(at), small);
      long = await readBodies(analytics, tenantId, group, ANY_BYTES);
    }
    yield toCall(row, long.get(position));
  }
}

function isWhole(bodies: StoredBodies | undefined): boolean {
  return bodies === undefined || (bodies.request.bytes !== undefined && bodies.response.bytes !== undefined);
}

/** The first of them and those behind it whose bodies were too long for the page, as many as may be held together. */
function longGroup(rows: readonly StoredRow[], small: ReadonlyMap<string, StoredBodies>): StoredRow[] {
  const group: StoredRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const bodies = small.get(positionOf(row));
    if (bodies === undefined || isWhole(bodies)) continue;
    bytes += bodies.request.size + bodies.response.size;
    if (group.length > 0 && bytes > GROUP_BYTES) break;
    group.push(row);
  }
  return group;
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
  'source_offset',
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
  readonly source_partition: number;
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
  ...[...TEXTS, ...FLAGS, ...COUNTS, ...COUNTS_OR_NULL, 'source_partition', 'status', 'attempts'].map(
    (column) => `r.${column} AS ${column}`,
  ),
  ...TIMES.map((column) => `toUnixTimestamp64Milli(r.${column}) AS ${column}_ms`),
  'if(r.first_byte_at IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(r.first_byte_at))) AS first_byte_at_ms',
  'if(r.cost IS NULL, NULL, toString(r.cost)) AS cost_text',
  ...PAIRS.map((column) => `arrayZip(mapKeys(r.${column}), mapValues(r.${column})) AS ${column}_pairs`),
].join(', ');

const SELECT_SQL = (isLater: boolean) => `
SELECT ${COLUMNS_SQL}
FROM requests AS r FINAL
WHERE r.tenant_id = {tenant:String} AND r.session_id = {session:String}
  AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  AND r.source_offset <= {through:UInt64}
  ${
    isLater
      ? `AND (toUnixTimestamp64Milli(r.ordered_at), r.event_id, r.source_offset) > ({afterMs:Int64}, {afterId:String}, {afterOffset:UInt64})`
      : ''
  }
ORDER BY r.ordered_at, r.event_id, r.source_offset
LIMIT {limit:UInt32}`;

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
    request: toBody(row, 'request', bodies?.request),
    response: toBody(row, 'response', bodies?.response),
  };
}

function toBody(row: StoredRow, side: 'request' | 'response', stored: StoredBody | undefined): BundleBody {
  return bundleBody(
    {
      content_type: row[`${side}_content_type`],
      size: Number(row[`${side}_bytes`]),
      truncated: row[`${side}_truncated`],
      encoding: stored?.encoding ?? 'missing',
    },
    stored?.bytes ?? NOTHING,
  );
}

const NOTHING = Buffer.alloc(0);

/** Whoever records the call puts those of its session behind the others, so of equal names the last is the session's. */
function customProperties(pairs: readonly Pair<string>[]): [string, string][] {
  const own = new Set(OF_SESSION.map((key) => pairs.findLastIndex(([name]) => name === key)));
  return pairs.filter((_, at) => !own.has(at)).map(([name, value]) => [name, value]);
}

const OF_SESSION = [SESSION_ID_PROPERTY, SESSION_NAME_PROPERTY, SESSION_PATH_PROPERTY];
