import { AnalyticsError, type AnalyticsStore } from '@throughline/analytics/analytics-store';
import { BACKGROUND } from '@throughline/analytics/read-settings';
import { decimalToPico } from '@throughline/contracts/money';
import type { CallAttempt } from '@throughline/contracts/request-event';
import type { CostSource, RequestRow, StepKind } from '@throughline/contracts/request-row';
import type { TenantSessions } from './read-annotations.ts';
import type { FoldedRow } from './session/fold-session.ts';

/** Offsets per query: some 25 MB of text as a rule. */
const PAGE_OFFSETS = 20_000;

export interface RowPage {
  /** Newest version of each, ascending by offset. */
  readonly rows: readonly StoredRequestRow[];
  /** The offsets that the page speaks of end here; most of the time there is a row for each. */
  readonly through: number;
}

/**
 * The stored rows of one partition with offsets in [from, through], a page at a time: what totals are rebuilt from.
 *
 * A page is a range of offsets, so that the engine reads other columns only where that range lies. A `LIMIT` instead
 * would make each page read and sort all that is left.
 */
export async function* readPartitionRows(
  analytics: AnalyticsStore,
  partition: number,
  from: number,
  through: number,
): AsyncGenerator<RowPage> {
  let size = PAGE_OFFSETS;
  for (let next = from; next <= through; ) {
    const last = Math.min(next + size - 1, through);
    let rows: StoredRow[];
    try {
      rows = await analytics.query<StoredRow>({
        sql: SELECT_PARTITION_SQL,
        params: { partition, from: next, last },
        settings: READ_SETTINGS,
      });
    } catch (error) {
      if (!(error instanceof AnalyticsError && error.code === 'too-large') || size === 1) throw error;
      size = Math.ceil(size / 8);
      continue;
    }
    yield { rows: rows.map(toRequestRow), through: last };
    next = last + 1;
  }
}

/** A row, and whether its bodies are there still. */
export type StoredRequestRow = RequestRow & Pick<FoldedRow, 'bodies_deleted'>;

/** The stored rows of some sessions up to an offset, newest version of each, ascending by offset, some at a time. */
export async function* readSessionRows(
  analytics: AnalyticsStore,
  { tenantId, sessionIds }: TenantSessions,
  through: number,
): AsyncGenerator<readonly StoredRequestRow[]> {
  if (through < 0) return;
  for (let next = 0; ; ) {
    const rows = await analytics.query<StoredRow>({
      sql: SELECT_SESSIONS_SQL,
      params: { tenant: tenantId, sessions: sessionIds, from: next, through },
      settings: READ_SETTINGS,
    });
    if (rows.length === 0) return;
    const page = rows.map(toRequestRow);
    yield page;
    next = page.at(-1)!.source_offset + 1;
  }
}

/** What finds the row of an annotated request. */
export interface RowKey {
  readonly tenantId: string;
  readonly requestId: string;
  /** Epoch ms. */
  readonly orderedAt: number;
}

/**
 * The rows of one partition under some keys, newest version of each. A key may have several, of different events, and rows
 * of which each part is that of another key come as well.
 */
export async function readRowsByKey(
  analytics: Pick<AnalyticsStore, 'query'>,
  partition: number,
  keys: readonly RowKey[],
): Promise<RequestRow[]> {
  const rows: RequestRow[] = [];
  for (let at = 0; at < keys.length; at += KEYS_MAX) {
    const part = keys.slice(at, at + KEYS_MAX);
    const times = Object.fromEntries(part.map(({ orderedAt }, index) => [`at${index}`, orderedAt]));
    const stored = await analytics.query<StoredRow>({
      sql: selectKeysSql(Object.keys(times)),
      params: {
        partition,
        tenants: [...new Set(part.map(({ tenantId }) => tenantId))],
        requests: part.map(({ requestId }) => requestId),
        ...times,
      },
      settings: READ_SETTINGS,
    });
    rows.push(...stored.map(toRequestRow));
  }
  return rows;
}

/** Keys per query: a parameter each, and a granule of the table at least. */
const KEYS_MAX = 100;

/**
 * Rows of neighbouring offsets lie close together, so that the index on them is worth its use with FINAL: at a million rows
 * a page reads 11,000 of them.
 */
const READ_SETTINGS = { ...BACKGROUND, use_skip_indexes_if_final: 1 } as const;

const TEXTS = [
  'tenant_id',
  'event_id',
  'request_id',
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
  'model',
  'request_model',
  'response_model',
  'price_version',
  'request_content_type',
  'response_content_type',
  'cache_reference_id',
  'trace_id',
  'span_id',
  'parent_span_id',
  'producer_id',
] as const satisfies (keyof RequestRow)[];

const FLAGS = [
  'request_id_chosen',
  'time_clamped',
  'is_error',
  'streamed',
  'usage_complete',
  'request_truncated',
  'response_truncated',
  'webhook',
] as const satisfies (keyof RequestRow)[];

const NUMBERS = [
  'latency_ms',
  'status',
  'reasoning_tokens',
  'prompt_cache_read_tokens',
  'prompt_cache_write_tokens',
  'prompt_cache_write_1h_tokens',
  'prompt_audio_tokens',
  'completion_audio_tokens',
  'request_bytes',
  'response_bytes',
  'producer_seq',
  'source_partition',
  'source_offset',
] as const satisfies (keyof RequestRow)[];

const TIMES = ['request_at', 'response_at', 'received_at', 'ordered_at'] as const satisfies (keyof RequestRow)[];
const NULLABLES = [
  'time_to_first_token_ms',
  'prompt_tokens',
  'completion_tokens',
] as const satisfies (keyof RequestRow)[];
const SETS = ['former_properties'] as const satisfies (keyof RequestRow)[];
const PAIRS = ['properties', 'request_headers', 'response_headers'] as const satisfies (keyof RequestRow)[];

const select = (bodiesDeleted: string) => `
SELECT ${bodiesDeleted} AS bodies_deleted, ${[...TEXTS, ...FLAGS, ...NUMBERS, ...NULLABLES].join(', ')}, cost_source, step_kind, version, attempts,
  ${TIMES.map((name) => `toUnixTimestamp64Milli(${name}) AS ${name}_ms`).join(', ')},
  if(first_byte_at IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(first_byte_at))) AS first_byte_at_ms,
  if(cost IS NULL, NULL, toString(cost)) AS cost_text,
  ${[...PAIRS, ...SETS, 'scores'].map((name) => `arrayZip(mapKeys(${name}), mapValues(${name})) AS ${name}_pairs`).join(', ')}
FROM requests FINAL`;

// PREWHERE, because with FINAL the engine moves no condition there itself and would read every column of the table. Right
// since all versions of a row agree in what is asked.
const SELECT_PARTITION_SQL = `${select(`source_offset IN (
    SELECT source_offset FROM request_bodies
    PREWHERE request_encoding = 'deleted' AND source_partition = {partition:UInt16}
      AND source_offset BETWEEN {from:UInt64} AND {last:UInt64}
  )`)}
PREWHERE source_partition = {partition:UInt16} AND source_offset BETWEEN {from:UInt64} AND {last:UInt64}
ORDER BY source_offset`;

const SELECT_SESSIONS_SQL = `${select(`(source_partition, source_offset) IN (
    SELECT source_partition, source_offset FROM request_bodies
    PREWHERE request_encoding = 'deleted' AND tenant_id = {tenant:String} AND session_id IN {sessions:Array(String)}
      AND source_offset BETWEEN {from:UInt64} AND {through:UInt64}
  )`)}
PREWHERE tenant_id = {tenant:String} AND session_id IN {sessions:Array(String)}
  AND source_offset BETWEEN {from:UInt64} AND {through:UInt64}
ORDER BY source_offset LIMIT ${PAGE_OFFSETS}`;

// Each condition is one that an index knows, which a tuple of them is not, nor an array of times: tenant and times the sort
// key, the id its filter. Three keys among 300,000 rows read 3 granules of 300 so.
const selectKeysSql = (times: readonly string[]) => `${select('0')}
PREWHERE source_partition = {partition:UInt16} AND tenant_id IN {tenants:Array(String)}
  AND ordered_at IN (${times.map((name) => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`).join(', ')})
  AND request_id IN {requests:Array(String)}`;

type StoredAttempt = Readonly<Record<keyof CallAttempt, string>>;

type StoredRow = Readonly<Record<string, unknown>>;

function toRequestRow(stored: StoredRow): StoredRequestRow {
  const orNull = (value: unknown) => (value === null ? null : Number(value));
  return {
    ...pick(stored, TEXTS, (value) => value as string),
    ...pick(stored, FLAGS, (value) => value as boolean),
    ...pick(stored, NUMBERS, Number),
    ...pick(stored, NULLABLES, orNull),
    ...pick(stored, TIMES, Number, '_ms'),
    ...pick(stored, PAIRS, (value) => value as [string, string][], '_pairs'),
    ...pick(stored, SETS, (value) => value as [string, string[]][], '_pairs'),
    scores: (stored.scores_pairs as [string, number][]).map(([name, score]) => [name, Number(score)] as const),
    first_byte_at: orNull(stored.first_byte_at_ms),
    cost_pico: stored.cost_text === null ? null : decimalToPico(stored.cost_text as string),
    attempts: (stored.attempts as StoredAttempt[]).map(({ target, status, latency_ms }) => ({
      target,
      status: Number(status),
      latency_ms: Number(latency_ms),
    })),
    cost_source: stored.cost_source as CostSource,
    step_kind: stored.step_kind as StepKind,
    version: BigInt(stored.version as string),
    ...(stored.bodies_deleted === 1 && { bodies_deleted: true }),
  };
}

function pick<K extends string, T>(
  stored: StoredRow,
  names: readonly K[],
  convert: (value: unknown) => T,
  suffix = '',
): Record<K, T> {
  return Object.fromEntries(names.map((name) => [name, convert(stored[name + suffix])])) as Record<K, T>;
}
