import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { ApiKeyRow } from '@throughline/analytics/table-rows';
import { encodeRows } from '@throughline/analytics/tables';
import type { Permission } from '@throughline/contracts/keys';

/** A key as its owner sees it. */
export interface ApiKey {
  readonly hash: string;
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  /** The last characters of the key; `''` where they are not known any more. */
  readonly hint: string;
  readonly permissions: readonly Permission[];
  readonly isBootstrap: boolean;
  readonly createdAtMs: number;
  /** Null: until it is deleted. */
  readonly expiresAtMs: number | null;
  /** To the minute. Null: never, so far. */
  readonly lastUsedAtMs: number | null;
  readonly version: bigint;
}

/** A tenant's keys, expired ones too, newest first; deleted ones are gone. @param id only this one. */
export async function listApiKeys(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  id?: string,
): Promise<ApiKey[]> {
  const one = id === undefined ? '' : 'AND key_id = {id:String}';
  const rows = await analytics.query<StoredKey>({
    sql: `
SELECT hash, key_id, name, hint, permissions, is_bootstrap, version,
  toUnixTimestamp64Milli(created_at) AS created_at_ms,
  toUnixTimestamp64Milli(expires_at) AS expires_at_ms,
  toUnixTimestamp64Milli(last_used_at) AS last_used_at_ms
FROM (SELECT * FROM api_keys FINAL WHERE tenant_id = {tenant:String} ${one}) AS key
LEFT JOIN
  (SELECT key_id, last_used_at FROM api_key_uses FINAL WHERE tenant_id = {tenant:String} ${one}) AS used
  USING key_id
ORDER BY created_at DESC, key_id`,
    params: { tenant: tenantId, ...(id !== undefined && { id: id.toWellFormed() }) },
    settings: FINAL,
  });
  return rows.map((row) => ({
    hash: row.hash,
    id: row.key_id,
    tenantId,
    name: row.name,
    hint: row.hint,
    permissions: row.permissions,
    isBootstrap: row.is_bootstrap,
    createdAtMs: Number(row.created_at_ms),
    expiresAtMs: row.expires_at_ms === null ? null : Number(row.expires_at_ms),
    // What a join does not find has the type's first instant.
    lastUsedAtMs: Number(row.last_used_at_ms) === 0 ? null : Number(row.last_used_at_ms),
    version: BigInt(row.version),
  }));
}

/** Whose key it is, for commands on the machine itself, which act across tenants. */
export async function tenantOfKey(analytics: Pick<AnalyticsStore, 'query'>, id: string): Promise<string | undefined> {
  const [row] = await analytics.query<{ tenant_id: string }>({
    sql: 'SELECT tenant_id FROM api_keys FINAL WHERE key_id = {id:String}',
    params: { id },
    settings: FINAL,
  });
  return row?.tenant_id;
}

/** Store keys as they are from now on, in one insert: all of them or none. */
export async function storeApiKeys(
  analytics: Pick<AnalyticsStore, 'insert'>,
  keys: readonly ApiKey[],
  nowMs: number,
): Promise<void> {
  await analytics.insert(
    encodeRows(
      'api_keys',
      keys.map((key) => keyRow(key, above(key.version, nowMs), 0)),
    ),
  );
}

/** Delete a key for good: whatever is changed at the same time elsewhere does not bring it back. */
export async function deleteApiKey(
  analytics: Pick<AnalyticsStore, 'insert'>,
  key: ApiKey,
  nowMs: number,
): Promise<void> {
  await analytics.insert(encodeRows('api_keys', [keyRow(key, above(key.version, nowMs) + FINAL_VERSION, 1)]));
}

/** Above every version that a change of a key has. */
const FINAL_VERSION = 1n << 62n;

/** The newest version wins, so it is above the last one whatever this machine's clock says. */
function above(version: bigint, nowMs: number): bigint {
  const now = BigInt(nowMs);
  return now > version ? now : version + 1n;
}

function keyRow(key: ApiKey, version: bigint, isDeleted: 0 | 1): ApiKeyRow {
  return {
    hash: key.hash,
    key_id: key.id,
    tenant_id: key.tenantId,
    name: key.name,
    hint: key.hint,
    permissions: key.permissions,
    is_bootstrap: key.isBootstrap,
    created_at: key.createdAtMs,
    expires_at: key.expiresAtMs,
    version,
    is_deleted: isDeleted,
  };
}

interface StoredKey {
  readonly hash: string;
  readonly key_id: string;
  readonly name: string;
  readonly hint: string;
  readonly permissions: readonly Permission[];
  readonly is_bootstrap: boolean;
  readonly version: string;
  readonly created_at_ms: string;
  readonly expires_at_ms: string | null;
  readonly last_used_at_ms: string;
}
