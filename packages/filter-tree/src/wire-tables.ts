import { COLUMNS, type ColumnName, type Level } from './columns.ts';

/** What a column of a wire table stands for. */
export type WireColumn =
  | { readonly is: 'column'; readonly column: ColumnName }
  /** Valid on the wire, never true: no request has one. */
  | { readonly is: 'never' }
  /** Valid on the wire, and nothing here could answer it. */
  | { readonly is: 'unsupported'; readonly reason: string };

/** A column that conditions can be about. */
export type AnswerableColumn = Exclude<WireColumn, { is: 'unsupported' }>;

export type WireTable =
  | { readonly is: 'columns'; readonly columns: ReadonlyMap<string, WireColumn> }
  /** A map of properties without a column in between: `{"properties": {key: {operator: value}}}`. */
  | { readonly is: 'property-map' }
  | { readonly is: 'unsupported'; readonly reason: string };

/** Which tables an endpoint takes beside those that all take. */
export interface FilterScope {
  /** `users_view`: the endpoints about users alone know what a user's requests come to. */
  readonly users?: boolean;
}

/** The table named so in a filter; undefined: there is none. */
export function wireTable(name: string, scope: FilterScope): WireTable | undefined {
  return name === 'users_view' && scope.users ? USERS_VIEW : TABLES.get(name);
}

/** Every table that an endpoint takes, by name; none of those that it refuses. */
export function answerableTables(scope: FilterScope): [string, Exclude<WireTable, { is: 'unsupported' }>][] {
  const found: [string, Exclude<WireTable, { is: 'unsupported' }>][] = [];
  for (const name of TABLES.keys()) {
    const table = wireTable(name, scope)!;
    if (table.is !== 'unsupported') found.push([name, table]);
  }
  return found;
}

const never: WireColumn = { is: 'never' };
const SESSION_SCORES: ColumnName = 'session_scores';

function column(name: ColumnName): WireColumn {
  return { is: 'column', column: name };
}

function unsupported(reason: string): { readonly is: 'unsupported'; readonly reason: string } {
  return { is: 'unsupported', reason };
}

function columns(entries: readonly (readonly [string, WireColumn])[]): WireTable {
  return { is: 'columns', columns: new Map(entries) };
}

const names = Object.keys(COLUMNS) as ColumnName[];
/** Reached through a legacy table only. */
const LEGACY_ONLY: ReadonlySet<ColumnName> = new Set<ColumnName>(['path']);
const ofLevel = (level: Level) =>
  names
    .filter((name) => COLUMNS[name].level === level && !LEGACY_ONLY.has(name) && name !== SESSION_SCORES)
    .map((name) => [name, column(name)] as const);

const ELSEWHERE = 'it belongs to an endpoint of its own; use request_response_rmt here';

const USERS_VIEW = columns(ofLevel('user'));

const TABLES: ReadonlyMap<string, WireTable> = new Map<string, WireTable>([
  [
    'request_response_rmt',
    columns([
      ...ofLevel('request'),
      // Assets, nodes and jobs are not recorded, so that no request has any.
      ['assets', never],
      ['node_id', never],
      ['job_id', never],
      ['search_properties', unsupported('it has a meaning in the search for properties only; use properties')],
    ]),
  ],
  ['sessions_request_response_rmt', columns([...ofLevel('session'), ['scores', column(SESSION_SCORES)]])],

  // Tables of older clients, read as the same store.
  [
    'request',
    columns([
      ['id', column('request_id')],
      ['created_at', column('request_created_at')],
      ['user_id', column('user_id')],
      ['org_id', column('organization_id')],
      ['model', column('model')],
      ['path', column('path')],
      ['prompt', column('request_body')],
      ['prompt_id', column('prompt_id')],
      ['country_code', column('country_code')],
      ['node_id', never],
      ['modelOverride', unsupported('an override is stored as the model; use request_response_rmt.model')],
      ['auth_hash', unsupported('keys are not stored with requests')],
    ]),
  ],
  [
    'response',
    columns([
      ['status', column('status')],
      ['body_tokens', column('total_tokens')],
      ['body_model', column('model')],
      ['model', column('model')],
      ['body_completion', column('response_body')],
    ]),
  ],
  [
    'feedback',
    columns([
      ['rating', column('helicone-score-feedback')],
      ['id', unsupported('feedback is stored as a score, without an id')],
      ['created_at', unsupported('feedback is stored as a score, without a time')],
      ['response_id', unsupported('feedback is stored with its request; use request_response_rmt.request_id')],
    ]),
  ],
  ['properties', { is: 'property-map' }],
  ['values', unsupported('prompt values are not recorded; use properties')],
  ...(
    [
      'users_view',
      'cache_metrics',
      'rate_limit_log',
      'properties_v3',
      'property_with_response_v1',
      'organization_properties',
      'user_api_keys',
      'prompt_v2',
      'prompts_versions',
      'experiment',
      'score_value',
      'job',
      'job_node',
    ] as const
  ).map((name): [string, WireTable] => [name, unsupported(ELSEWHERE)]),
]);
