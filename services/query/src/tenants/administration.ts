import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { ApiError } from '@throughline/contracts/errors';
import { type KeyDirectory, PERMISSIONS, type Permission } from '@throughline/contracts/keys';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';
import { type Action, COMMAND, recordAction } from '../audit/audit-log.ts';
import { type ApiKey, listApiKeys, tenantOfKey } from '../keys/api-keys.ts';
import { type CreatedKey, createKeyManager, type KeyHolder } from '../keys/key-manager.ts';
import { findTenant, listTenants, storeTenant, type Tenant } from './tenants.ts';

/** What was asked of tenants or keys cannot be done; the message is for whoever asked. */
export class AdministrationRefused extends Error {
  override readonly name = 'AdministrationRefused';
}

/**
 * What `throughline tenant` and `throughline key` can ask, wherever the stores are. Every argument and answer is JSON.
 * Each change is in the audit log; it is in force here when it resolves, elsewhere within the refresh of the caches.
 *
 * Rejects with AdministrationRefused, or the ApiError of `KeyManager`.
 */
export interface Administration {
  listTenants(): Promise<Tenant[]>;
  createTenant(tenant: { readonly id: string; readonly name?: string } & TenantRetention): Promise<void>;
  /** How long its sessions and their bodies are kept. */
  updateTenant(tenant: { readonly id: string } & TenantRetention): Promise<void>;
  /** Its keys are refused; what was recorded stays. */
  disableTenant(tenant: { readonly id: string }): Promise<void>;
  enableTenant(tenant: { readonly id: string }): Promise<void>;
  listKeys(tenant: { readonly id: string }): Promise<Omit<ApiKey, 'version'>[]>;
  createKey(key: {
    readonly tenantId: string;
    readonly name: string;
    readonly permissions?: readonly Permission[];
  }): Promise<CreatedKey>;
  revokeKey(key: { readonly id: string }): Promise<void>;
}

/** Days; null: as the installation is set. Left out: as it was. */
export interface TenantRetention {
  readonly retentionDays?: number | null;
  readonly bodyRetentionDays?: number | null;
}

/** As many as the installation's own settings take. */
const RETENTION_DAYS_MAX = 36_500;

/** A tenant's id is in every row of its requests, and in URLs and file names of exports. */
const TENANT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function createAdministration(deps: {
  readonly analytics: Pick<AnalyticsStore, 'query' | 'insert'>;
  readonly keys: Pick<KeyDirectory, 'refresh'>;
  readonly clock: { now(): number };
}): Administration {
  const { analytics, keys, clock } = deps;
  const manager = createKeyManager(deps);
  const holder = (tenantId: string): KeyHolder => ({ actor: COMMAND, tenantId, permissions: PERMISSIONS });

  const known = async (id: string) => {
    const tenant = await findTenant(analytics, id);
    if (tenant) return tenant;
    throw new AdministrationRefused(`there is no tenant ${JSON.stringify(id)}; \`tenant list\` names them.`);
  };
  const store = async (action: Action, tenant: Omit<Tenant, 'keys'>) => {
    const now = clock.now();
    const details = {
      name: tenant.name,
      ...(tenant.retentionDays !== null && { retention_days: String(tenant.retentionDays) }),
      ...(tenant.bodyRetentionDays !== null && { body_retention_days: String(tenant.bodyRetentionDays) }),
    };
    await recordAction(analytics, {
      actor: COMMAND,
      atMs: now,
      action,
      tenantId: tenant.id,
      target: tenant.id,
      details,
    });
    await storeTenant(analytics, tenant, now);
    // What is stored holds: a cache that cannot be refreshed now is refreshed by its own timer.
    await keys.refresh?.().catch(() => {});
  };

  return {
    listTenants: () => listTenants(analytics),

    async createTenant({ id, name = id, retentionDays = null, bodyRetentionDays = null }) {
      requireDays(retentionDays, bodyRetentionDays);
      if (!TENANT_ID.test(id)) {
        throw new AdministrationRefused(
          `${JSON.stringify(id)} cannot be a tenant's id: up to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit.`,
        );
      }
      if (await findTenant(analytics, id)) throw new AdministrationRefused(`there is a tenant ${id} already.`);
      await store('tenant.create', {
        id,
        name: name.toWellFormed(),
        createdAtMs: clock.now(),
        disabledAtMs: null,
        retentionDays,
        bodyRetentionDays,
      });
    },

    async updateTenant({ id, retentionDays, bodyRetentionDays }) {
      requireDays(retentionDays, bodyRetentionDays);
      const tenant = await known(id);
      await store('tenant.retention', {
        ...tenant,
        ...(retentionDays !== undefined && { retentionDays }),
        ...(bodyRetentionDays !== undefined && { bodyRetentionDays }),
      });
    },

    async disableTenant({ id }) {
      // The bootstrap key is its key, and calls without a key are recorded for it on loopback.
      if (id === DEFAULT_TENANT) throw new AdministrationRefused(`tenant ${DEFAULT_TENANT} cannot be disabled.`);
      const tenant = await known(id);
      if (tenant.disabledAtMs === null) await store('tenant.disable', { ...tenant, disabledAtMs: clock.now() });
    },

    async enableTenant({ id }) {
      const tenant = await known(id);
      if (tenant.disabledAtMs !== null) await store('tenant.enable', { ...tenant, disabledAtMs: null });
    },

    async listKeys({ id }) {
      await known(id);
      return (await listApiKeys(analytics, id)).map(({ version, ...key }) => key);
    },

    async createKey({ tenantId, name, permissions }) {
      const tenant = await known(tenantId);
      if (tenant.disabledAtMs !== null) {
        throw new AdministrationRefused(`tenant ${tenantId} is disabled; \`tenant enable ${tenantId}\` first.`);
      }
      return await manager.create(holder(tenantId), { name, permissions });
    },

    async revokeKey({ id }) {
      const tenantId = await tenantOfKey(analytics, id);
      if (tenantId === undefined) throw new ApiError('unknown-api-key');
      await manager.delete(holder(tenantId), id);
    },
  };
}

function requireDays(...given: readonly (number | null | undefined)[]): void {
  for (const days of given) {
    if (days === undefined || days === null) continue;
    if (!Number.isInteger(days) || days < 1 || days > RETENTION_DAYS_MAX) {
      throw new AdministrationRefused(`retention is a whole number of days from 1 to ${RETENTION_DAYS_MAX}.`);
    }
  }
}
