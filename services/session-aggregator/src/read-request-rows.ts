import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { decimalToPico } from '@throughline/contracts/money';
import type { CostSource, RequestRow, StepKind } from '@throughline/contracts/request-row';

/** Rows per query: some 10 MB of text at most. */
const PAGE_ROWS = 10_000;

/**
 * The stored rows of one partition with offsets in [from, through], newest version of each, ascending by offset, a page
 * at a time: what totals are rebuilt from.
 */
export async function* readRequestRows(
  analytics: AnalyticsStore,
  partition: number,
  from: number,
  through: number,
): AsyncGenerator<RequestRow[]> {
  for (let next = from; next <= through; ) {
    const rows = await analytics.query<StoredRow>({
      sql: SELECT_ROWS_SQL,
      params: { partition, from: next, through },
      settings: { max_execution_time: 600, max_threads: 1 },
    });
    if (rows.length === 0) return;
    yield rows.map(toRequestRow);
    if (rows.length < PAGE_ROWS) return;
    next = Number(rows.at(-1)!.source_offset) + 1;
  }
}

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
const PAIRS = ['properties', 'request_headers', 'response_headers'] as const satisfies (keyof RequestRow)[];

const SELECT_ROWS_SQL = `
SELECT ${[...TEXTS, ...FLAGS, ...NUMBERS, ...NULLABLES].join(', ')}, cost_source, step_kind, version,
  ${TIMES.map((name) => `toUnixTimestamp64Milli(${name}) AS ${name}_ms`).join(', ')},
  if(first_byte_at IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(first_byte_at))) AS first_byte_at_ms,
  if(cost IS NULL, NULL, toString(cost)) AS cost_text,
  ${[...PAIRS, 'scores'].map((name) => `arrayZip(mapKeys(${name}), mapValues(${name})) AS ${name}_pairs`).join(', ')}
FROM requests FINAL
WHERE source_partition = {partition:UInt16} AND source_offset BETWEEN {from:UInt64} AND {through:UInt64}
ORDER BY source_offset LIMIT ${PAGE_ROWS}`;

type StoredRow = Readonly<Record<string, unknown>>;

function toRequestRow(stored: StoredRow): RequestRow {
  const orNull = (value: unknown) => (value === null ? null : Number(value));
  return {
    ...pick(stored, TEXTS, (value) => value as string),
    ...pick(stored, FLAGS, (value) => value as boolean),
    ...pick(stored, NUMBERS, Number),
    ...pick(stored, NULLABLES, orNull),
    ...pick(stored, TIMES, Number, '_ms'),
    ...pick(stored, PAIRS, (value) => value as [string, string][], '_pairs'),
    scores: (stored.scores_pairs as [string, number][]).map(([name, score]) => [name, Number(score)] as const),
    first_byte_at: orNull(stored.first_byte_at_ms),
    cost_pico: stored.cost_text === null ? null : decimalToPico(stored.cost_text as string),
    cost_source: stored.cost_source as CostSource,
    step_kind: stored.step_kind as StepKind,
    version: BigInt(stored.version as string),
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
