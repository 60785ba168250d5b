/** What a column holds, which says what can be asked of it and how its values are typed. */
export type ColumnKind = 'text' | 'number' | 'usd' | 'time' | 'boolean' | 'property' | 'property-key' | 'score';

export type FilterTable = 'request_response_rmt' | 'sessions_request_response_rmt';

export interface FilterColumn {
  readonly table: FilterTable;
  /** As the API names it. */
  readonly column: string;
  readonly kind: ColumnKind;
  readonly label: string;
}

/** What sessions can be filtered by: of the session as a whole first, then of one of its requests. */
export const FILTER_COLUMNS: readonly FilterColumn[] = [
  ...of('sessions_request_response_rmt', [
    ['session_session_id', 'text', 'Session id'],
    ['session_session_name', 'text', 'Session name'],
    ['session_model', 'text', 'Model, of some request'],
    ['session_provider', 'text', 'Provider, of some request'],
    ['session_user_id', 'text', 'User, of some request'],
    ['session_tag', 'text', 'Tag'],
    ['session_total_cost', 'usd', 'Cost, USD'],
    ['session_total_requests', 'number', 'Requests'],
    ['session_total_tokens', 'number', 'Tokens'],
    ['session_prompt_tokens', 'number', 'Tokens in'],
    ['session_completion_tokens', 'number', 'Tokens out'],
    ['session_duration_ms', 'number', 'Duration, ms'],
    ['session_span_seconds', 'number', 'From the first to the last request, s'],
    ['session_avg_latency', 'number', 'Average latency, ms'],
    ['session_p95_latency', 'number', 'p95 latency, ms'],
    ['session_error_count', 'number', 'Errors'],
    ['session_success_rate', 'number', 'Success rate, 0 to 1'],
    ['session_created_at', 'time', 'Started'],
    ['session_latest_request_created_at', 'time', 'Last activity'],
    ['session_feedback', 'boolean', 'Rated well'],
    ['session_cost_complete', 'boolean', 'Cost wholly known'],
    ['session_live', 'boolean', 'Running now'],
    ['scores', 'score', 'Score of the session'],
  ]),
  ...of('request_response_rmt', [
    ['properties', 'property', 'Property'],
    ['property_key', 'property-key', 'Has the property'],
    ['status', 'number', 'Status'],
    ['model', 'text', 'Model'],
    ['provider', 'text', 'Provider'],
    ['user_id', 'text', 'User'],
    ['request_id', 'text', 'Request id'],
    ['latency', 'number', 'Latency, ms'],
    ['time_to_first_token', 'number', 'Time to first token, ms'],
    ['cost', 'usd', 'Cost, USD'],
    ['prompt_tokens', 'number', 'Tokens in'],
    ['completion_tokens', 'number', 'Tokens out'],
    ['total_tokens', 'number', 'Tokens'],
    ['prompt_cache_read_tokens', 'number', 'Tokens read from cache'],
    ['prompt_cache_write_tokens', 'number', 'Tokens written to cache'],
    ['request_body', 'text', 'Body of the request (slow)'],
    ['response_body', 'text', 'Body of the response (slow)'],
    ['request_created_at', 'time', 'Sent'],
    ['response_created_at', 'time', 'Answered'],
    ['target_url', 'text', 'URL of the provider'],
    ['prompt_id', 'text', 'Prompt id'],
    ['prompt_version', 'text', 'Prompt version'],
    ['request_referrer', 'text', 'Referrer'],
    ['country_code', 'text', 'Country'],
    ['organization_id', 'text', 'Tenant'],
    ['cache_reference_id', 'text', 'Cache reference'],
    ['cached', 'boolean', 'Answered from a cache'],
    ['cache_enabled', 'boolean', 'Cache enabled'],
    ['threat', 'boolean', 'Threat'],
    ['is_passthrough_billing', 'boolean', 'Billed through'],
    ['helicone-score-feedback', 'boolean', 'Request rated well'],
    ['scores', 'score', 'Score of the request'],
    ['scores_column', 'text', 'Scores, as a whole'],
  ]),
];

/** Whether a name stands between the column and its operator. */
export function isKeyed(kind: ColumnKind): boolean {
  return kind === 'property' || kind === 'score';
}

const TEXT = ['equals', 'not-equals', 'contains', 'not-contains', 'like', 'ilike'] as const;
const NUMBER = ['gte', 'lte', 'gt', 'lt', 'equals', 'not-equals'] as const;

/** What can be asked of a column, the most usual first. */
export const OPERATORS: Readonly<Record<ColumnKind, readonly string[]>> = {
  text: TEXT,
  number: NUMBER,
  usd: NUMBER,
  time: ['gte', 'lte', 'gt', 'lt', 'equals'],
  boolean: ['equals'],
  property: TEXT,
  'property-key': ['equals'],
  score: NUMBER,
};

export const OPERATOR_NAMES: ReadonlyMap<string, string> = new Map([
  ['equals', 'is'],
  ['not-equals', 'is not'],
  ['contains', 'contains'],
  ['not-contains', 'does not contain'],
  ['like', 'is like (%, _)'],
  ['ilike', 'is like, in any case'],
  ['gte', '≥'],
  ['lte', '≤'],
  ['gt', '>'],
  ['lt', '<'],
]);

/** The column of that name; undefined: none that a person can choose. */
export function columnNamed(table: string, column: string): FilterColumn | undefined {
  return BY_NAME.get(`${table}.${column}`);
}

const BY_NAME = new Map(FILTER_COLUMNS.map((spec) => [`${spec.table}.${spec.column}`, spec]));

function of(table: FilterTable, columns: readonly (readonly [string, ColumnKind, string])[]): FilterColumn[] {
  return columns.map(([column, kind, label]) => ({ table, column, kind, label }));
}
