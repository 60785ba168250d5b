import {
  type Column,
  columnOf,
  ENUM_LIKE,
  STRING_MAP,
  TIME,
  writeNullableTime,
  writePairs,
  writeStrings,
} from '../columns.ts';
import type { ApiKeyRow, ApiKeyUseRow, AuditRow, HiddenPropertyRow, TenantRow, ViewRow } from '../table-rows.ts';

const tenant = columnOf<TenantRow>();

export const TENANT_COLUMNS: readonly Column<TenantRow>[] = [
  tenant('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  tenant('name', 'String', (to, row) => to.string(row.name)),
  tenant('created_at', TIME, (to, row) => to.int64(row.created_at)),
  tenant('disabled_at', `Nullable(${TIME})`, (to, row) => writeNullableTime(to, row.disabled_at)),
  tenant('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  tenant('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted)),
  tenant('retention_days', 'Nullable(UInt32)', (to, row) => {
    if (to.isPresent(row.retention_days)) to.uint32(row.retention_days);
  }),
  tenant('body_retention_days', 'Nullable(UInt32)', (to, row) => {
    if (to.isPresent(row.body_retention_days)) to.uint32(row.body_retention_days);
  }),
];

const apiKey = columnOf<ApiKeyRow>();

export const API_KEY_COLUMNS: readonly Column<ApiKeyRow>[] = [
  apiKey('hash', 'String', (to, row) => to.string(row.hash)),
  apiKey('key_id', 'String', (to, row) => to.string(row.key_id)),
  apiKey('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  apiKey('name', 'String', (to, row) => to.string(row.name)),
  apiKey('hint', 'String', (to, row) => to.string(row.hint)),
  apiKey('permissions', `Array(${ENUM_LIKE})`, (to, row) => writeStrings(to, row.permissions)),
  apiKey('is_bootstrap', 'Bool', (to, row) => to.bool(row.is_bootstrap)),
  apiKey('created_at', TIME, (to, row) => to.int64(row.created_at)),
  apiKey('expires_at', `Nullable(${TIME})`, (to, row) => writeNullableTime(to, row.expires_at)),
  apiKey('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  apiKey('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted)),
];

const use = columnOf<ApiKeyUseRow>();

export const API_KEY_USE_COLUMNS: readonly Column<ApiKeyUseRow>[] = [
  use('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  use('key_id', 'String', (to, row) => to.string(row.key_id)),
  use('last_used_at', TIME, (to, row) => to.int64(row.last_used_at)),
  use('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
];

const audit = columnOf<AuditRow>();

export const AUDIT_COLUMNS: readonly Column<AuditRow>[] = [
  audit('at', TIME, (to, row) => to.int64(row.at)),
  audit('audit_id', 'String', (to, row) => to.string(row.audit_id)),
  audit('actor_tenant_id', 'String', (to, row) => to.string(row.actor_tenant_id)),
  audit('actor_key_id', 'String', (to, row) => to.string(row.actor_key_id)),
  audit('action', ENUM_LIKE, (to, row) => to.string(row.action)),
  audit('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  audit('target', 'String', (to, row) => to.string(row.target)),
  audit('details', STRING_MAP, (to, row) => writePairs(to, row.details)),
  audit('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
];

const hidden = columnOf<HiddenPropertyRow>();

export const HIDDEN_PROPERTY_COLUMNS: readonly Column<HiddenPropertyRow>[] = [
  hidden('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  hidden('key', 'String', (to, row) => to.string(row.key)),
  hidden('hidden_at', TIME, (to, row) => to.int64(row.hidden_at)),
  hidden('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  hidden('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted)),
];

const view = columnOf<ViewRow>();

export const VIEW_COLUMNS: readonly Column<ViewRow>[] = [
  view('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  view('name', 'String', (to, row) => to.string(row.name)),
  view('view_id', 'String', (to, row) => to.string(row.view_id)),
  view('url', 'String', (to, row) => to.string(row.url)),
  view('created_at', TIME, (to, row) => to.int64(row.created_at)),
  view('updated_at', TIME, (to, row) => to.int64(row.updated_at)),
  view('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  view('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted)),
];
