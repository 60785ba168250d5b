import { z } from 'zod';
import { sessionSelection } from './session-query.ts';

export const EXPORT_FORMATS = ['csv', 'jsonl', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** By format. */
export const EXPORT_CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  jsonl: 'application/jsonl',
  parquet: 'application/vnd.apache.parquet',
};

/**
 * Columns of an export of sessions, fields of a session of the list. `json`: an array or an object, in CSV and Parquet as text.
 */
export const SESSION_EXPORT_COLUMNS = {
  session_id: 'text',
  session_name: 'text',
  session_names: 'json',
  created_at: 'time',
  latest_request_created_at: 'time',
  duration_ms: 'int',
  total_requests: 'int',
  error_count: 'int',
  success_rate: 'number',
  total_cost: 'number',
  cost_complete: 'boolean',
  unpriced_requests: 'int',
  prompt_tokens: 'int',
  completion_tokens: 'int',
  total_tokens: 'int',
  reasoning_tokens: 'int',
  prompt_cache_read_tokens: 'int',
  prompt_cache_write_tokens: 'int',
  avg_latency: 'number',
  p95_latency: 'number',
  user_ids: 'json',
  models: 'json',
  providers: 'json',
  tag: 'text',
  feedback: 'boolean',
  scores: 'json',
  live: 'boolean',
  truncated_fields: 'json',
  deleted_bodies: 'boolean',
} as const satisfies Readonly<Record<string, ExportKind>>;

/** Columns of an export of requests, fields of a request but for the two of its error. */
export const REQUEST_EXPORT_COLUMNS = {
  request_id: 'text',
  session_id: 'text',
  session_name: 'text',
  session_path: 'text',
  request_created_at: 'time',
  response_created_at: 'time',
  request_user_id: 'text',
  step_kind: 'text',
  provider: 'text',
  model: 'text',
  request_model: 'text',
  response_model: 'text',
  target_url: 'text',
  request_path: 'text',
  response_status: 'int',
  error_type: 'text',
  error_message: 'text',
  finish_reason: 'text',
  delay_ms: 'int',
  time_to_first_token: 'int',
  prompt_tokens: 'int',
  completion_tokens: 'int',
  total_tokens: 'int',
  reasoning_tokens: 'int',
  prompt_cache_read_tokens: 'int',
  prompt_cache_write_tokens: 'int',
  prompt_audio_tokens: 'int',
  completion_audio_tokens: 'int',
  cost: 'number',
  cost_source: 'text',
  price_version: 'text',
  usage_complete: 'boolean',
  size_bytes: 'int',
  properties: 'json',
  scores: 'json',
  trace_id: 'text',
  span_id: 'text',
  parent_span_id: 'text',
} as const satisfies Readonly<Record<string, ExportKind>>;

/** What the values of a column are. Any of them may be missing. */
export type ExportKind = 'text' | 'int' | 'number' | 'boolean' | 'time' | 'json';

const namesOf = <Name extends string>(columns: Readonly<Record<Name, ExportKind>>) => Object.keys(columns) as Name[];
const columns = [...new Set([...namesOf(SESSION_EXPORT_COLUMNS), ...namesOf(REQUEST_EXPORT_COLUMNS)])];

/** Body of `POST /v1/session/export`. */
export const sessionExportBody = z
  .strictObject({
    ...sessionSelection,
    format: z.enum(EXPORT_FORMATS),
    /** `sessions` when left out; `requests`: those of the selected sessions, all of them. */
    what: z.enum(['sessions', 'requests']).optional(),
    /** In this order; all when left out. */
    columns: z.array(z.enum(columns)).min(1).max(columns.length).optional(),
  })
  .refine(
    ({ what, columns = [] }) => {
      const known = what === 'requests' ? REQUEST_EXPORT_COLUMNS : SESSION_EXPORT_COLUMNS;
      return columns.every((name) => Object.hasOwn(known, name)) && new Set(columns).size === columns.length;
    },
    { path: ['columns'], error: 'columns of what is exported, each once' },
  );

export type SessionExportBody = z.output<typeof sessionExportBody>;

/** Answer of `POST /v1/session/export`: a file. */
export const exportAnswer = z.string().meta({ override: { type: 'string', format: 'binary' } });
