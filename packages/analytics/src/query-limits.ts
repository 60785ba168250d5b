import { AnalyticsError } from './analytics-store.ts';
import { quote } from './literal.ts';

/** What one query may use at most. Beyond it fails with `timeout` or `too-large`; it never answers with a part. */
export interface QueryLimits {
  readonly executionSecondsMax: number;
  readonly memoryBytesMax: number;
  readonly rowsReadMax: number;
  readonly bytesReadMax: number;
  readonly resultRowsMax: number;
  readonly resultBytesMax: number;
}

export const DEFAULT_QUERY_LIMITS: QueryLimits = {
  // Also how long an abandoned query may go on; a page of a list takes 4 ms, grouping ten million rows 1.2 s.
  executionSecondsMax: 10,
  // A laptop keeps room for everything else; grouping ten million rows took a tenth of it.
  memoryBytesMax: 1024 ** 3,
  rowsReadMax: 1_000_000_000,
  bytesReadMax: 64 * 1024 ** 3,
  // Results are held whole, as bytes and as objects.
  resultRowsMax: 100_000,
  resultBytesMax: 256 * 1024 ** 2,
};

/**
 * The SETTINGS clause of a query: limits, what is left out of tables, how results are written, then the query's own.
 *
 * It stands in the query itself because settings passed beside it outlive the query in process.
 *
 * @throws AnalyticsError `rejected` for a name or value that is none.
 */
export function settingsClause(limits: QueryLimits, own: Readonly<Record<string, string | number>> = {}): string {
  const all = new Map<string, string | number>([...limitSettings(limits), ...TABLE_SETTINGS, ...RESULT_SETTINGS]);
  for (const name in own) all.set(name, own[name]!);
  return `SETTINGS ${[...all].map(([name, value]) => assignment(name, value)).join(', ')}`;
}

function limitSettings(limits: QueryLimits): [string, string | number][] {
  return [
    ['max_execution_time', limits.executionSecondsMax],
    ['timeout_overflow_mode', 'throw'],
    ['max_memory_usage', limits.memoryBytesMax],
    ['max_rows_to_read', limits.rowsReadMax],
    ['max_bytes_to_read', limits.bytesReadMax],
    ['read_overflow_mode', 'throw'],
    ['max_result_rows', limits.resultRowsMax],
    ['max_result_bytes', limits.resultBytesMax],
    ['result_overflow_mode', 'throw'],
  ];
}

/**
 * Tombstones of deleted rows, which every query leaves out, so that none can forget it. With FINAL the engine looks for
 * them among the newest versions, so that a row and its tombstone are both out; without, older versions of a deleted row
 * are found until they are purged.
 */
const TABLE_SETTINGS: readonly [string, string | number][] = [
  ['additional_table_filters', "{'requests': 'is_deleted = 0', 'annotations': 'is_deleted = 0'}"],
];

/** What is not a double in JavaScript comes as text: 64-bit integers, decimals, NaN and infinities. Times are UTC. */
const RESULT_SETTINGS: readonly [string, string | number][] = [
  ['output_format_json_quote_64bit_integers', 1],
  ['output_format_json_quote_decimals', 1],
  ['output_format_json_quote_denormals', 1],
  ['output_format_json_escape_forward_slashes', 0],
  ['date_time_output_format', 'simple'],
  ['session_timezone', 'UTC'],
];

export function assignment(name: string, value: string | number): string {
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
    throw new AnalyticsError('rejected', `${JSON.stringify(name.slice(0, 100))} is not the name of a setting`);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new AnalyticsError('rejected', `setting ${name} is not a finite number`);
  }
  return `${name} = ${typeof value === 'number' ? value : quote(value)}`;
}
