import type { RequestBodyRow, RequestRow } from '@throughline/contracts/request-row';
import {
  COST,
  type Column,
  columnOf,
  ENUM_LIKE,
  STRING_MAP,
  TIME,
  writeNullableCost,
  writeNullableTime,
  writeNullableUint64,
  writePairs,
  writePairTexts,
  writeScores,
  writeValueSets,
} from '../columns.ts';

const column = columnOf<RequestRow>();

export const REQUEST_COLUMNS: readonly Column<RequestRow>[] = [
  column('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  column('event_id', 'String', (to, row) => to.string(row.event_id)),
  column('request_id', 'String', (to, row) => to.string(row.request_id)),
  column('request_id_chosen', 'Bool', (to, row) => to.bool(row.request_id_chosen)),
  column('session_id', 'String', (to, row) => to.string(row.session_id)),
  column('session_name', 'String', (to, row) => to.string(row.session_name)),
  column('session_path', 'String', (to, row) => to.string(row.session_path)),
  column('session_rule', ENUM_LIKE, (to, row) => to.string(row.session_rule)),
  column('user_id', 'String', (to, row) => to.string(row.user_id)),
  column('properties', STRING_MAP, (to, row) => writePairs(to, row.properties)),
  column('scores', 'Map(String, Float64)', (to, row) => writeScores(to, row.scores)),

  column('request_at', TIME, (to, row) => to.int64(row.request_at)),
  column('first_byte_at', `Nullable(${TIME})`, (to, row) => writeNullableTime(to, row.first_byte_at)),
  column('response_at', TIME, (to, row) => to.int64(row.response_at)),
  column('received_at', TIME, (to, row) => to.int64(row.received_at)),
  column('ordered_at', TIME, (to, row) => to.int64(row.ordered_at)),
  column('time_clamped', 'Bool', (to, row) => to.bool(row.time_clamped)),
  column('latency_ms', 'Int64', (to, row) => to.int64(row.latency_ms)),
  column('time_to_first_token_ms', 'Nullable(Int64)', (to, row) => writeNullableTime(to, row.time_to_first_token_ms)),

  column('provider', ENUM_LIKE, (to, row) => to.string(row.provider)),
  column('target_url', 'String', (to, row) => to.string(row.target_url)),
  column('method', ENUM_LIKE, (to, row) => to.string(row.method)),
  column('path', 'String', (to, row) => to.string(row.path)),
  column('status', 'Int16', (to, row) => to.int16(row.status)),
  column('is_error', 'Bool', (to, row) => to.bool(row.is_error)),
  column('error_type', ENUM_LIKE, (to, row) => to.string(row.error_type)),
  column('error_message', 'String', (to, row) => to.string(row.error_message)),
  column('abort_reason', ENUM_LIKE, (to, row) => to.string(row.abort_reason)),
  column('finish_reason', ENUM_LIKE, (to, row) => to.string(row.finish_reason)),
  column('streamed', 'Bool', (to, row) => to.bool(row.streamed)),

  column('step_kind', ENUM_LIKE, (to, row) => to.string(row.step_kind)),
  column('model', ENUM_LIKE, (to, row) => to.string(row.model)),
  column('request_model', ENUM_LIKE, (to, row) => to.string(row.request_model)),
  column('response_model', ENUM_LIKE, (to, row) => to.string(row.response_model)),
  column('usage_complete', 'Bool', (to, row) => to.bool(row.usage_complete)),
  column('prompt_tokens', 'Nullable(UInt64)', (to, row) => writeNullableUint64(to, row.prompt_tokens)),
  column('completion_tokens', 'Nullable(UInt64)', (to, row) => writeNullableUint64(to, row.completion_tokens)),
  column('reasoning_tokens', 'UInt64', (to, row) => to.uint64(row.reasoning_tokens)),
  column('prompt_cache_read_tokens', 'UInt64', (to, row) => to.uint64(row.prompt_cache_read_tokens)),
  column('prompt_cache_write_tokens', 'UInt64', (to, row) => to.uint64(row.prompt_cache_write_tokens)),
  column('prompt_cache_write_1h_tokens', 'UInt64', (to, row) => to.uint64(row.prompt_cache_write_1h_tokens)),
  column('prompt_audio_tokens', 'UInt64', (to, row) => to.uint64(row.prompt_audio_tokens)),
  column('completion_audio_tokens', 'UInt64', (to, row) => to.uint64(row.completion_audio_tokens)),
  column('cost', COST, (to, row) => writeNullableCost(to, row.cost_pico)),
  column('cost_source', ENUM_LIKE, (to, row) => to.string(row.cost_source)),
  column('price_version', ENUM_LIKE, (to, row) => to.string(row.price_version)),

  column('request_bytes', 'UInt64', (to, row) => to.uint64(row.request_bytes)),
  column('response_bytes', 'UInt64', (to, row) => to.uint64(row.response_bytes)),
  column('request_truncated', 'Bool', (to, row) => to.bool(row.request_truncated)),
  column('response_truncated', 'Bool', (to, row) => to.bool(row.response_truncated)),
  column('request_content_type', ENUM_LIKE, (to, row) => to.string(row.request_content_type)),
  column('response_content_type', ENUM_LIKE, (to, row) => to.string(row.response_content_type)),
  column('request_headers', STRING_MAP, (to, row) => writePairs(to, row.request_headers)),
  column('response_headers', STRING_MAP, (to, row) => writePairs(to, row.response_headers)),

  column('trace_id', 'String', (to, row) => to.string(row.trace_id)),
  column('span_id', 'String', (to, row) => to.string(row.span_id)),
  column('parent_span_id', 'String', (to, row) => to.string(row.parent_span_id)),

  column('producer_id', ENUM_LIKE, (to, row) => to.string(row.producer_id)),
  column('producer_seq', 'UInt64', (to, row) => to.uint64(row.producer_seq)),
  column('source_partition', 'UInt16', (to, row) => to.uint16(row.source_partition)),
  column('source_offset', 'UInt64', (to, row) => to.uint64(row.source_offset)),
  column('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  column('property_pairs', 'Array(String)', (to, row) => writePairTexts(to, row.properties)),
  column('former_properties', 'Map(String, Array(String))', (to, row) => writeValueSets(to, row.former_properties)),
  column('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted ?? 0)),
  column('attempts', 'Array(Tuple(target String, status Int16, latency_ms Int64))', (to, row) => {
    to.count(row.attempts.length);
    for (const { target, status, latency_ms } of row.attempts) {
      to.string(target);
      to.int16(status);
      to.int64(latency_ms);
    }
  }),
  column('cache_reference_id', 'String', (to, row) => to.string(row.cache_reference_id)),
  column('webhook', 'Bool', (to, row) => to.bool(row.webhook)),
];

const body = columnOf<RequestBodyRow>();

export const REQUEST_BODY_COLUMNS: readonly Column<RequestBodyRow>[] = [
  body('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  body('session_id', 'String', (to, row) => to.string(row.session_id)),
  body('ordered_at', TIME, (to, row) => to.int64(row.ordered_at)),
  body('request_id', 'String', (to, row) => to.string(row.request_id)),
  body('source_partition', 'UInt16', (to, row) => to.uint16(row.source_partition)),
  body('source_offset', 'UInt64', (to, row) => to.uint64(row.source_offset)),
  body('received_at', TIME, (to, row) => to.int64(row.received_at)),
  body('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  body('request_body', 'String', (to, row) => to.rawBytes(row.request_body)),
  body('request_encoding', ENUM_LIKE, (to, row) => to.string(row.request_encoding)),
  body('response_body', 'String', (to, row) => to.rawBytes(row.response_body)),
  body('response_encoding', ENUM_LIKE, (to, row) => to.string(row.response_encoding)),
];
