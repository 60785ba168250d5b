import { type Column, columnOf, ENUM_LIKE, STRING_MAP, TIME, writeNullableTime, writePairs } from '../columns.ts';
import type { WebhookDeliveryRow, WebhookRow } from '../table-rows.ts';

const webhook = columnOf<WebhookRow>();

export const WEBHOOK_COLUMNS: readonly Column<WebhookRow>[] = [
  webhook('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  webhook('webhook_id', 'String', (to, row) => to.string(row.webhook_id)),
  webhook('name', 'String', (to, row) => to.string(row.name)),
  webhook('destination', 'String', (to, row) => to.string(row.destination)),
  webhook('secret', 'String', (to, row) => to.string(row.secret)),
  webhook('include_data', 'Bool', (to, row) => to.bool(row.include_data)),
  webhook('sample_rate', 'Float64', (to, row) => to.float64(row.sample_rate)),
  webhook('property_filters', STRING_MAP, (to, row) => writePairs(to, row.property_filters)),
  webhook('api_origin', 'String', (to, row) => to.string(row.api_origin)),
  webhook('created_at', TIME, (to, row) => to.int64(row.created_at)),
  webhook('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  webhook('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted)),
];

const delivery = columnOf<WebhookDeliveryRow>();

export const WEBHOOK_DELIVERY_COLUMNS: readonly Column<WebhookDeliveryRow>[] = [
  delivery('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  delivery('webhook_id', 'String', (to, row) => to.string(row.webhook_id)),
  delivery('received_at', TIME, (to, row) => to.int64(row.received_at)),
  delivery('source_partition', 'UInt16', (to, row) => to.uint16(row.source_partition)),
  delivery('source_offset', 'UInt64', (to, row) => to.uint64(row.source_offset)),
  delivery('event_id', 'String', (to, row) => to.string(row.event_id)),
  delivery('request_id', 'String', (to, row) => to.string(row.request_id)),
  delivery('state', ENUM_LIKE, (to, row) => to.string(row.state)),
  delivery('tries', 'UInt16', (to, row) => to.uint16(row.tries)),
  delivery('status', 'Int16', (to, row) => to.int16(row.status)),
  delivery('reason', ENUM_LIKE, (to, row) => to.string(row.reason)),
  delivery('next_try_at', `Nullable(${TIME})`, (to, row) => writeNullableTime(to, row.next_try_at)),
  delivery('updated_at', TIME, (to, row) => to.int64(row.updated_at)),
  delivery('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
];
