import { listedText } from '@throughline/contracts/listed-session';
import type { SessionKeyRow, SessionRow } from '@throughline/contracts/session-row';
import { COST_SUM, type Column, columnOf, TIME, writeScores, writeStrings, writeValueSets } from '../columns.ts';
import type { SessionPropertyRow } from '../table-rows.ts';

const column = columnOf<SessionRow>();

const STEPS = 'Array(Tuple(path LowCardinality(String), requests UInt16, errors UInt16, cost_pico Int64))';
const PATHS =
  'Array(Tuple(path LowCardinality(String), requests UInt64, errors UInt64, cost Decimal(38, 12), latency_ms Int64))';

export const SESSION_COLUMNS: readonly Column<SessionRow>[] = [
  column('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  column('session_id', 'String', (to, row) => to.string(row.session_id)),
  column('created_at', TIME, (to, row) => to.int64(row.created_at)),
  column('latest_request_at', TIME, (to, row) => to.int64(row.latest_request_at)),
  column('latest_response_at', TIME, (to, row) => to.int64(row.latest_response_at)),
  column('updated_at', TIME, (to, row) => to.int64(row.updated_at)),
  column('session_name', 'String', (to, row) => to.string(row.session_name)),
  column('session_names', 'Array(String)', (to, row) => writeStrings(to, row.session_names)),
  column('user_ids', 'Array(String)', (to, row) => writeStrings(to, row.user_ids)),
  column('models', 'Array(LowCardinality(String))', (to, row) => writeStrings(to, row.models)),
  column('providers', 'Array(LowCardinality(String))', (to, row) => writeStrings(to, row.providers)),
  column('statuses', 'Array(Int16)', (to, row) => {
    to.count(row.statuses.length);
    for (const status of row.statuses) to.int16(status);
  }),
  column('properties', 'Map(String, Array(String))', (to, row) => writeValueSets(to, row.properties)),
  column('truncated_fields', 'Array(LowCardinality(String))', (to, row) => writeStrings(to, row.truncated_fields)),

  column('total_requests', 'UInt64', (to, row) => to.uint64(row.total_requests)),
  column('error_count', 'UInt64', (to, row) => to.uint64(row.error_count)),
  column('unpriced_requests', 'UInt64', (to, row) => to.uint64(row.unpriced_requests)),
  column('prompt_tokens', 'UInt64', (to, row) => to.bigUint64(row.prompt_tokens)),
  column('completion_tokens', 'UInt64', (to, row) => to.bigUint64(row.completion_tokens)),
  column('reasoning_tokens', 'UInt64', (to, row) => to.bigUint64(row.reasoning_tokens)),
  column('prompt_cache_read_tokens', 'UInt64', (to, row) => to.bigUint64(row.prompt_cache_read_tokens)),
  column('prompt_cache_write_tokens', 'UInt64', (to, row) => to.bigUint64(row.prompt_cache_write_tokens)),
  column('prompt_audio_tokens', 'UInt64', (to, row) => to.bigUint64(row.prompt_audio_tokens)),
  column('completion_audio_tokens', 'UInt64', (to, row) => to.bigUint64(row.completion_audio_tokens)),
  column('total_cost', COST_SUM, (to, row) => to.bigInt128(row.total_cost_pico)),
  column('latency_ms_sum', 'Int64', (to, row) => to.bigInt64(row.latency_ms_sum)),
  column('p95_latency_ms', 'Float64', (to, row) => to.float64(row.p95_latency_ms)),

  column('tag', 'Nullable(String)', (to, row) => {
    if (to.isPresent(row.tag)) to.string(row.tag);
  }),
  column('feedback', 'Nullable(Bool)', (to, row) => {
    if (to.isPresent(row.feedback)) to.bool(row.feedback);
  }),
  column('scores', 'Map(String, Float64)', (to, row) => writeScores(to, row.scores)),

  column('state', 'String', (to, row) => to.rawBytes(row.state)),
  column('source_partition', 'UInt16', (to, row) => to.uint16(row.source_partition)),
  // −1 before the first event.
  column('applied', 'Int64', (to, row) => to.int64(row.applied)),
  column('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  column('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted)),
  column('last_received_at', TIME, (to, row) => to.int64(row.last_received_at)),
  column('deleted_bodies', 'Bool', (to, row) => to.bool(row.deleted_bodies)),
  column('listed', 'String', (to, row) => to.string(listedText(row))),
  column('steps', STEPS, (to, row) => {
    to.count(row.steps.length);
    for (const run of row.steps) {
      to.string(run.path);
      to.uint16(run.requests);
      to.uint16(run.errors);
      to.bigInt64(run.cost_pico);
    }
  }),
  column('paths', PATHS, (to, row) => {
    to.count(row.paths.length);
    for (const sums of row.paths) {
      to.string(sums.path);
      to.uint64(sums.requests);
      to.uint64(sums.errors);
      to.bigInt128(sums.cost_pico);
      to.bigInt64(sums.latency_ms);
    }
  }),
];

const key = columnOf<SessionKeyRow>();

export const SESSION_KEY_COLUMNS: readonly Column<SessionKeyRow>[] = [
  key('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  key('session_id', 'String', (to, row) => to.string(row.session_id)),
  key('created_at', TIME, (to, row) => to.int64(row.created_at)),
  key('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
];

const property = columnOf<SessionPropertyRow>();

export const SESSION_PROPERTY_COLUMNS: readonly Column<SessionPropertyRow>[] = [
  property('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  property('key', 'String', (to, row) => to.string(row.key)),
  property('value', 'String', (to, row) => to.string(row.value)),
  property('created_at', TIME, (to, row) => to.int64(row.created_at)),
  property('session_id', 'String', (to, row) => to.string(row.session_id)),
  property('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  property('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted)),
];
