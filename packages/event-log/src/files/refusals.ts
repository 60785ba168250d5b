import { newEventIdFor } from '@throughline/contracts/partition';
import {
  DEFAULT_TENANT,
  EVENT_SCHEMA_VERSION,
  type NewEvent,
  type NewRefusedEvent,
} from '@throughline/contracts/request-event';

/**
 * Tenant and reason pairs told apart while nothing can be written. What exceeds it is counted together: a full disk must
 * not make memory grow with the number of tenants that call.
 */
const GROUPS_MAX = 1000;

interface RefusalGroup {
  readonly tenantId: string;
  readonly reason: string;
  count: number;
  readonly firstAtMs: number;
  lastAtMs: number;
}

/** The refused events that the log does not yet say anything about, summed per tenant and reason. */
export class Refusals {
  readonly #groups = new Map<string, RefusalGroup>();
  readonly #partitions: number;
  #count = 0;

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  /** How many events wait for being named in the log. */
  get pending(): number {
    return this.#count;
  }

  add(event: NewEvent, reason: string, nowMs: number): void {
    const count = event.kind === 'refused' ? event.count : 1;
    this.#count += count;
    const group = this.#group(event.tenant_id, reason, nowMs);
    group.count += count;
    group.lastAtMs = nowMs;
  }

  /** One `refused` event per tenant and reason; call `settle` once it is in the log, not before. */
  take(): { event: NewRefusedEvent; settle: () => void }[] {
    return [...this.#groups].map(([key, group]) => {
      const { count } = group;
      const event: NewRefusedEvent = {
        kind: 'refused',
        schema_version: EVENT_SCHEMA_VERSION,
        event_id: newEventIdFor(group.tenantId, null, group.lastAtMs, this.#partitions),
        tenant_id: group.tenantId,
        reason: group.reason,
        count,
        first_at: group.firstAtMs,
        last_at: group.lastAtMs,
      };
      const settle = () => {
        this.#count -= count;
        group.count -= count;
        if (group.count === 0) this.#groups.delete(key);
      };
      return { event, settle };
    });
  }

  #group(tenantId: string, reason: string, nowMs: number): RefusalGroup {
    const key = `${reason}\0${tenantId}`;
    const existing = this.#groups.get(key);
    if (existing) return existing;
    const isOverflow = this.#groups.size >= GROUPS_MAX && tenantId !== DEFAULT_TENANT;
    if (isOverflow) return this.#group(DEFAULT_TENANT, `${reason}, several tenants`, nowMs);
    const group = { tenantId, reason, count: 0, firstAtMs: nowMs, lastAtMs: nowMs };
    this.#groups.set(key, group);
    return group;
  }
}
