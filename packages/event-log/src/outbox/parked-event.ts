import type { NewEvent, NewRequestEvent } from '@throughline/contracts/request-event';

/** Tenant of what is nobody's yet. No tenant has this name, and counters under it are of no known tenant. */
const NOBODY = '';
const KEY_HASH = 'key_hash';

/**
 * The event as it waits until its key can be looked up: without a tenant, with the key's SHA-256 hash, never the key.
 *
 * @param keyHash as `KeyRecord.hash`.
 */
export function parkedEvent(event: NewRequestEvent, keyHash: string): NewRequestEvent {
  return { ...event, tenant_id: NOBODY, [KEY_HASH]: keyHash } as NewRequestEvent;
}

/**
 * The event as it goes into the log, now that keys are known.
 *
 * @param tenants tenant by the hash of each key that may write.
 * @returns undefined: its key is not one of them. An event that was not parked (a refusal) is returned as it is.
 */
export function unparkedEvent<T extends NewEvent>(event: T, tenants: ReadonlyMap<string, string>): T | undefined {
  const { [KEY_HASH]: keyHash, ...rest } = event as T & { [KEY_HASH]?: unknown };
  if (keyHash === undefined) return event;
  const tenantId = typeof keyHash === 'string' ? tenants.get(keyHash) : undefined;
  return tenantId === undefined ? undefined : ({ ...rest, tenant_id: tenantId } as T & { [KEY_HASH]?: unknown });
}
