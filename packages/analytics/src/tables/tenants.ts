import { type Column, columnOf, ENUM_LIKE, TIME, writeStrings } from '../columns.ts';
import type { ApiKeyRow, HiddenPropertyRow, TenantRow } from '../table-rows.ts';

const tenant = columnOf<TenantRow>();

export const TENANT_COLUMNS: readonly Column<TenantRow>[] = [
  tenant('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  tenant('name', 'String', (to, row) => to.string(row.name)),
  tenant('created_at', TIME, (to, row) => to.int64(row.created_at)),
  tenant('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  tenant('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted)),
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
  apiKey('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  apiKey('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted)),
];

const hidden = columnOf<HiddenPropertyRow>();

export const HIDDEN_PROPERTY_COLUMNS: readonly Column<HiddenPropertyRow>[] = [
  hidden('tenant_id', 'String', (to, row) => to.string(row.tenant_id)),
  hidden('key', 'String', (to, row) => to.string(row.key)),
  hidden('hidden_at', TIME, (to, row) => to.int64(row.hidden_at)),
  hidden('version', 'UInt64', (to, row) => to.bigUint64(row.version)),
  hidden('is_deleted', 'UInt8', (to, row) => to.uint8(row.is_deleted)),
];
