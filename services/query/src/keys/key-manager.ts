import { randomUUID } from 'node:crypto';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { ApiError } from '@throughline/contracts/errors';
import { generateKey, hashKey, KEY_HINT_LENGTH, type KeyDirectory, type Permission } from '@throughline/contracts/keys';
import { type Action, type Actor, recordAction } from '../audit/audit-log.ts';
import { TIME_MAX_MS } from '../cursor.ts';
import { createTenantTurns } from '../tenant-turns.ts';
import { type ApiKey, deleteApiKey, listApiKeys, storeApiKeys } from './api-keys.ts';
import { grantable } from './grantable.ts';

/** Who manages keys, whose, and with which rights. */
export interface KeyHolder {
  readonly actor: Actor;
  /** Whose keys: a holder sees and changes no others. */
  readonly tenantId: string;
  readonly permissions: readonly Permission[];
}

export interface NewKey {
  /** Required unless it rotates another key. */
  readonly name?: string;
  /** `rw` unless given, or those of the key it rotates. */
  readonly permissions?: readonly Permission[];
  /** Epoch ms; null: until it is deleted. */
  readonly expiresAtMs?: number | null;
  /** What its id begins with. Left out: nothing. */
  readonly idPrefix?: string;
  /** Id of the key that it follows. */
  readonly rotates?: string;
  /** How long that one stays valid, ms. */
  readonly overlapMs?: number;
}

/** The key itself is shown this once. */
export interface CreatedKey {
  readonly id: string;
  readonly key: string;
  readonly hash: string;
}

/**
 * Making, changing and deleting keys, for one tenant one after the other (ApiError `too-many-queries` when too many wait).
 * Each resolves when it is stored and known to this process; others know it within
 * the refresh of their caches.
 */
export interface KeyManager {
  /** @throws ApiError `too-many-keys`, `unknown-api-key`, `bootstrap-key`, `invalid-expiry`, `missing-permission`. */
  create(holder: KeyHolder, key: NewKey): Promise<CreatedKey>;
  /** @throws ApiError `unknown-api-key`, `bootstrap-key`, `invalid-expiry`, `missing-permission`. */
  change(
    holder: KeyHolder,
    id: string,
    change: { readonly name?: string; readonly expiresAtMs?: number | null },
  ): Promise<ApiKey>;
  /** @throws ApiError `unknown-api-key`, `bootstrap-key`, `missing-permission`. */
  delete(holder: KeyHolder, id: string): Promise<void>;
}

export interface KeyManagerDeps {
  readonly analytics: Pick<AnalyticsStore, 'query' | 'insert'>;
  readonly keys: Pick<KeyDirectory, 'refresh'>;
  readonly clock: { now(): number };
}

/** Every process keeps all keys in memory, and the list is one answer. */
export const KEYS_PER_TENANT_MAX = 1000;

/** How long a rotated key stays valid unless the caller says otherwise, ms: time for one deployment. */
const OVERLAP_MS = 86_400_000;

/** One change of a tenant's keys after the other: each reads what the one before it has stored. */
const TURNS = { runningMax: 1, waitingMax: 32, waitMsMax: 10_000 };

export function createKeyManager({ analytics, keys, clock }: KeyManagerDeps): KeyManager {
  const turns = createTenantTurns(TURNS);

  const find = async (holder: KeyHolder, id: string): Promise<ApiKey> => {
    const [key] = await listApiKeys(analytics, holder.tenantId, id);
    if (!key) throw new ApiError('unknown-api-key');
    if (key.isBootstrap) throw new ApiError('bootstrap-key');
    // Prolonging a key is granting it once more, and ending it is for those who could have made it.
    requireGrantable(holder, key.permissions);
    return key;
  };
  const record = (holder: KeyHolder, action: Action, target: string, details: Record<string, string>) =>
    recordAction(analytics, {
      actor: holder.actor,
      atMs: clock.now(),
      action,
      tenantId: holder.tenantId,
      target,
      details,
    });
  /** What is stored holds: a cache that cannot be refreshed now is refreshed by its own timer. */
  const refresh = async () => void (await keys.refresh?.().catch(() => {}));

  return {
    create: (holder, wanted) =>
      turns.run(holder.tenantId, async () => {
        const now = clock.now();
        const old = wanted.rotates === undefined ? undefined : await find(holder, wanted.rotates);
        const permissions = wanted.permissions ?? old?.permissions ?? ['rw'];
        requireGrantable(holder, permissions);
        const expiresAtMs = wanted.expiresAtMs ?? null;
        requireFuture(expiresAtMs, now);
        if ((await listApiKeys(analytics, holder.tenantId)).length >= KEYS_PER_TENANT_MAX) {
          throw new ApiError('too-many-keys', { max: KEYS_PER_TENANT_MAX });
        }
        const key = generateKey();
        const made: ApiKey = {
          hash: hashKey(key),
          id: `${wanted.idPrefix ?? ''}${randomUUID()}`,
          tenantId: holder.tenantId,
          name: (wanted.name ?? old?.name ?? '').toWellFormed(),
          hint: key.slice(-KEY_HINT_LENGTH),
          permissions,
          isBootstrap: false,
          createdAtMs: now,
          expiresAtMs,
          lastUsedAtMs: null,
          version: 0n,
        };
        const ends =
          old && Math.min(old.expiresAtMs ?? Number.POSITIVE_INFINITY, now + (wanted.overlapMs ?? OVERLAP_MS));
        await record(holder, old ? 'key.rotate' : 'key.create', made.id, {
          name: made.name,
          permissions: permissions.join(','),
          ...(expiresAtMs !== null && { expires_at: iso(expiresAtMs) }),
          ...(old && { rotates: old.id, old_expires_at: iso(ends!) }),
        });
        await storeApiKeys(analytics, old ? [made, { ...old, expiresAtMs: ends! }] : [made], now);
        await refresh();
        return { id: made.id, key, hash: made.hash };
      }),

    change: (holder, id, { name, expiresAtMs }) =>
      turns.run(holder.tenantId, async () => {
        const now = clock.now();
        const key = await find(holder, id);
        if (expiresAtMs !== undefined) requireFuture(expiresAtMs, now);
        const changed = {
          ...key,
          ...(name !== undefined && { name: name.toWellFormed() }),
          ...(expiresAtMs !== undefined && { expiresAtMs }),
        };
        await record(holder, 'key.change', id, {
          ...(name !== undefined && { name: changed.name }),
          ...(expiresAtMs !== undefined && { expires_at: expiresAtMs === null ? 'never' : iso(expiresAtMs) }),
        });
        await storeApiKeys(analytics, [changed], now);
        await refresh();
        return changed;
      }),

    delete: (holder, id) =>
      turns.run(holder.tenantId, async () => {
        const key = await find(holder, id);
        await record(holder, 'key.delete', id, { name: key.name });
        await deleteApiKey(analytics, key, clock.now());
        await refresh();
      }),
  };
}

function requireGrantable(holder: KeyHolder, permissions: readonly Permission[]): void {
  const may = grantable(holder.permissions);
  const missing = permissions.find((permission) => !may.includes(permission));
  if (missing) throw new ApiError('missing-permission', { permission: `\`${missing}\`` });
}

function requireFuture(expiresAtMs: number | null, now: number): void {
  if (expiresAtMs === null) return;
  if (expiresAtMs <= now || expiresAtMs > Number(TIME_MAX_MS)) throw new ApiError('invalid-expiry');
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
