/**
 * A query: ClickHouse SQL with `{name:Type}` placeholders, and a value for each. No value ever becomes SQL by hand.
 * `placeholders.ts` says what the SQL may hold, `param-type.ts` which types, `param-text.ts` which values they take.
 */
export interface AnalyticsQuery {
  readonly sql: string;
  readonly params?: Readonly<Record<string, QueryParam>>;
  /**
   * Goes into the query's own SETTINGS clause, after the defaults (`max_execution_time` and row and memory limits), the
   * only such clause: the SQL holds none.
   */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The promise rejects at once; the engine ends the query soon after, by its time limit at the latest. */
  readonly signal?: AbortSignal;
}

export type QueryParam = string | number | bigint | boolean | null | readonly QueryParam[];

/** Tables that rows can be inserted into; `tables.ts` has the row type and column encoding of each. */
export type TableName =
  | 'requests'
  | 'request_bodies'
  | 'sessions'
  | 'session_keys'
  | 'session_properties'
  | 'annotations'
  | 'ledger_exceptions'
  | 'dead_letters'
  | 'ledger_seals'
  | 'tenants'
  | 'api_keys'
  | 'api_key_uses'
  | 'audit_log'
  | 'hidden_properties'
  | 'views'
  | 'webhooks'
  | 'webhook_deliveries';

/** Rows of one table, already encoded (`encodeRows`): the bytes go to the engine as they are. */
export interface EncodedRows {
  readonly table: TableName;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

export interface AnalyticsStore {
  /**
   * Insert encoded rows; resolves when they are stored (embedded: synced). One part per call where it fits one month.
   * Repeating a call is harmless: rows fold by their key and version. A call that fails may have stored some of its rows.
   */
  insert(rows: EncodedRows): Promise<void>;
  /**
   * Rows as objects, one per result row. 64-bit integers and wider, decimals, NaN and infinities arrive as strings, times
   * as `YYYY-MM-DD hh:mm:ss.mmm` in UTC. Text that is no UTF-8 would be changed: select `base64Encode(request_body)`.
   *
   * @throws AnalyticsError `timeout` or `too-large` beyond a limit (never a part of the answer), `cancelled` after an
   *   abort, `unavailable` (retryable) when too many queries wait, `rejected`, `closed`.
   */
  query<Row>(query: AnalyticsQuery): Promise<Row[]>;
  /** Changes whenever the engine has restarted: what it held unsynced may be gone. */
  instanceId(): Promise<string>;
  /** Ends what runs and resolves when the engine has let go; later calls reject with `closed`. */
  close(): Promise<void>;
}

/** A store whose rows can be removed for good, at the cost of writing the parts anew that hold them. */
export interface AnalyticsPurger {
  /**
   * Removes rows from the files of a table. Resolves when no active part holds one of them any more. What was running goes
   * on when the process dies; repeating a call is harmless.
   *
   * @param where a condition with placeholders.
   * @throws AnalyticsError
   */
  deleteRows(table: TableName, where: string, params: Readonly<Record<string, QueryParam>>): Promise<void>;
}

/** A store that can hand over the rows of a query unparsed, to be parsed in another thread. */
export interface AnalyticsByteStore extends AnalyticsStore {
  /** One JSON object per line, UTF-8: `parseRows` of `json-rows.ts` makes rows of it. */
  queryBytes(query: AnalyticsQuery): Promise<Uint8Array>;
}

export type AnalyticsErrorCode =
  | 'unavailable'
  | 'timeout'
  | 'too-large'
  | 'cancelled'
  /** The SQL or a value was refused by the engine: a bug, or a filter it cannot express. */
  | 'rejected'
  | 'closed';

export class AnalyticsError extends Error {
  readonly code: AnalyticsErrorCode;
  readonly retryable: boolean;
  /** ClickHouse's own number, where there is one. */
  readonly engineCode: number | undefined;

  constructor(
    code: AnalyticsErrorCode,
    message: string,
    options: { retryable?: boolean; engineCode?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AnalyticsError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.engineCode = options.engineCode;
  }
}
