import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { encodeRows } from '@throughline/analytics/tables';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';

export interface Tenant {
  readonly id: string;
  readonly name: string;
  /** Null: `default`, which is always there. */
  readonly createdAtMs: number | null;
  /** Null: its keys are in force. */
  readonly disabledAtMs: number | null;
  /** How long its sessions and their bodies are kept, days. Null: as the installation is set. */
  readonly retentionDays: number | null;
  readonly bodyRetentionDays: number | null;
  /** Keys that are not deleted. */
  readonly keys: number;
}

/** Every tenant, by id: for operators. */
export async function listTenants(analytics: Pick<AnalyticsStore, 'query'>): Promise<Tenant[]> {
  const [tenants, counts] = await Promise.all([
    readTenants(analytics),
    analytics.query<{ tenant_id: string; keys: string }>({
      sql: 'SELECT tenant_id, count() AS keys FROM api_keys FINAL GROUP BY tenant_id',
      settings: FINAL,
    }),
  ]);
  const keys = new Map(counts.map((row) => [row.tenant_id, Number(row.keys)]));
  return tenants.map((tenant) => ({ ...toTenant(tenant), keys: keys.get(tenant.tenant_id) ?? 0 }));
}

/** @returns undefined when there is none of this id. */
export async function findTenant(
  analytics: Pick<AnalyticsStore, 'query'>,
  id: string,
): Promise<Omit<Tenant, 'keys'> | undefined> {
  const [stored] = await readTenants(analytics, id);
  return stored && toTenant(stored);
}

/** Store a tenant as it is from now on. */
export async function storeTenant(
  analytics: Pick<AnalyticsStore, 'query' | 'insert'>,
  tenant: Omit<Tenant, 'keys'>,
  nowMs: number,
): Promise<void> {
  const [stored] = await readTenants(analytics, tenant.id);
  const above = BigInt(stored?.version ?? 0) + 1n;
  const row = {
    tenant_id: tenant.id,
    name: tenant.name,
    created_at: tenant.createdAtMs ?? nowMs,
    disabled_at: tenant.disabledAtMs,
    retention_days: tenant.retentionDays,
    body_retention_days: tenant.bodyRetentionDays,
    // The newest version wins, whatever this machine's clock says.
    version: above > BigInt(nowMs) ? above : BigInt(nowMs),
    is_deleted: 0 as const,
  };
  await analytics.insert(encodeRows('tenants', [row]));
}

interface StoredTenant {
  readonly tenant_id: string;
  readonly name: string;
  readonly created_at_ms: string | null;
  readonly disabled_at_ms: string | null;
  readonly retention_days: number | null;
  readonly body_retention_days: number | null;
  readonly version: string;
}

async function readTenants(analytics: Pick<AnalyticsStore, 'query'>, id?: string): Promise<StoredTenant[]> {
  const rows = await analytics.query<StoredTenant>({
    sql: `
SELECT tenant_id, name, toUnixTimestamp64Milli(created_at) AS created_at_ms,
  toUnixTimestamp64Milli(disabled_at) AS disabled_at_ms, version, retention_days, body_retention_days
FROM tenants FINAL
${id === undefined ? '' : 'WHERE tenant_id = {tenant:String}'}
ORDER BY tenant_id`,
    params: id === undefined ? {} : { tenant: id },
    settings: FINAL,
  });
  const isAsked = id === undefined || id === DEFAULT_TENANT;
  if (!isAsked || rows.some((row) => row.tenant_id === DEFAULT_TENANT)) return rows;
  return [ALWAYS_THERE, ...rows];
}

/** Nobody makes it. */
const ALWAYS_THERE: StoredTenant = {
  tenant_id: DEFAULT_TENANT,
  name: DEFAULT_TENANT,
  created_at_ms: null,
  disabled_at_ms: null,
  retention_days: null,
  body_retention_days: null,
  version: '0',
};

function toTenant({ tenant_id, name, created_at_ms, disabled_at_ms, ...stored }: StoredTenant): Omit<Tenant, 'keys'> {
  return {
    id: tenant_id,
    name,
    createdAtMs: created_at_ms === null ? null : Number(created_at_ms),
    disabledAtMs: disabled_at_ms === null ? null : Number(disabled_at_ms),
    retentionDays: stored.retention_days,
    bodyRetentionDays: stored.body_retention_days,
  };
}
