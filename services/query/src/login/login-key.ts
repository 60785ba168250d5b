import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { Permission } from '@throughline/contracts/keys';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';
import { listApiKeys } from '../keys/api-keys.ts';
import { createKeyManager, type KeyManagerDeps } from '../keys/key-manager.ts';

/** A key for one day at the dashboard. */
export interface LoginKey {
  readonly key: string;
  readonly permissions: readonly Permission[];
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

/** A working day and the evening after it. */
const LOGIN_KEY_MS = 12 * 3_600_000;

const PERMISSIONS: readonly Permission[] = ['rw', 'operator'];

/** Whoever was given a link by the command has its rights. */
const ACTOR = { tenantId: '', keyId: 'login' };

/** Ids of these keys begin so: by it they are known when they have expired. */
const ID_PREFIX = 'login-';

/**
 * Makes the key of somebody who signed in by a link, of tenant `default`, and deletes those that have expired.
 *
 * @throws ApiError `too-many-keys`. AnalyticsError.
 */
export async function createLoginKey(
  deps: KeyManagerDeps & { readonly analytics: Pick<AnalyticsStore, 'query' | 'insert'> },
): Promise<LoginKey> {
  const { analytics, clock } = deps;
  const manager = createKeyManager(deps);
  const holder = { actor: ACTOR, tenantId: DEFAULT_TENANT, permissions: PERMISSIONS };
  const now = clock.now();
  for (const { id, expiresAtMs } of await listApiKeys(analytics, DEFAULT_TENANT)) {
    if (id.startsWith(ID_PREFIX) && expiresAtMs !== null && expiresAtMs <= now) await manager.delete(holder, id);
  }
  const expiresAtMs = now + LOGIN_KEY_MS;
  const { key } = await manager.create(holder, {
    name: `dashboard login ${new Date(now).toISOString().slice(0, 10)}`,
    permissions: PERMISSIONS,
    expiresAtMs,
    idPrefix: ID_PREFIX,
  });
  return { key, permissions: PERMISSIONS, expiresAtMs };
}
