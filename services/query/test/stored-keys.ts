import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { ApiKeyRow, TenantRow } from '@throughline/analytics/table-rows';
import { encodeRows } from '@throughline/analytics/tables';
import { hashKey, PERMISSIONS, type Permission } from '@throughline/contracts/keys';
import { createLogger } from '@throughline/telemetry/logger';
import { type KeyCache, openKeyCache } from '../../../packages/standalone/src/services/key-cache.ts';
import { NOW } from './query-server.ts';

/** Keys as they lie in the table, and whom they let in. */
export interface StoredKey {
  readonly tenant: string;
  readonly name: string;
  readonly key: string;
  readonly permissions: readonly Permission[];
}

/** Two tenants with requests, each with a key of every permission. */
export const TENANTS_WITH_KEYS = ['acme', 'rival'] as const;
const DISABLED_TENANT = 'closed';

const keyOf = (tenant: string, name: string) => `sk-helicone-${tenant}-${name}`;

export const VALID_KEYS: readonly StoredKey[] = TENANTS_WITH_KEYS.flatMap((tenant) =>
  PERMISSIONS.map((permission) => ({
    tenant,
    name: permission,
    key: keyOf(tenant, permission),
    permissions: [permission],
  })),
);

/** Keys with all rights that let nobody in. `unknown` is in no table. */
export const INVALID_KEYS: readonly StoredKey[] = (
  [
    ['acme', 'expired'],
    ['acme', 'expired-this-instant'],
    ['acme', 'deleted'],
    [DISABLED_TENANT, 'of-disabled-tenant'],
    ['acme', 'unknown'],
  ] as const
).map(([tenant, name]) => ({ tenant, name, key: keyOf(tenant, name), permissions: ['rw', 'operator'] }));

/** Put them where they belong, and read them as the services do. */
export async function storeKeys(analytics: AnalyticsStore): Promise<KeyCache> {
  const rows = [...VALID_KEYS, ...INVALID_KEYS]
    .filter(({ name }) => name !== 'unknown')
    .map(
      ({ tenant, name, key, permissions }): ApiKeyRow => ({
        hash: hashKey(key),
        key_id: `${tenant}-${name}`,
        tenant_id: tenant,
        name,
        hint: key.slice(-4),
        permissions,
        is_bootstrap: false,
        created_at: NOW - 1000,
        expires_at: name === 'expired' ? NOW - 1 : name === 'expired-this-instant' ? NOW : null,
        version: 1n,
        is_deleted: name === 'deleted' ? 1 : 0,
      }),
    );
  const tenant = (id: string, disabledAt: number | null): TenantRow => ({
    tenant_id: id,
    name: id,
    created_at: NOW - 1000,
    disabled_at: disabledAt,
    retention_days: null,
    body_retention_days: null,
    version: 1n,
    is_deleted: 0,
  });
  await analytics.insert(encodeRows('tenants', [tenant('acme', null), tenant(DISABLED_TENANT, NOW - 1)]));
  await analytics.insert(encodeRows('api_keys', rows));
  return await openKeyCache({ analytics, logger: createLogger('test', { level: 'silent' }), now: () => NOW });
}
