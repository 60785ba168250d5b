import { ApiError } from '@throughline/contracts/errors';

export interface TenantTurns {
  /**
   * Runs a query of a tenant when fewer than its share of them run; the others wait in the order in which they came.
   *
   * @param signal the caller has gone: it need not wait any more.
   * @throws ApiError `too-many-queries` when as many wait already, or its turn does not come in time.
   */
  run<T>(tenantId: string, query: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export interface TenantTurnsOptions {
  /** Queries of one tenant that run at once: fewer than the store runs, so that others find it free. */
  readonly runningMax: number;
  readonly waitingMax: number;
  readonly waitMsMax: number;
}

interface Tenant {
  running: number;
  readonly waiting: Set<() => void>;
}

/** So that one tenant's heavy questions are its own: each has a bounded number of queries under way, and a short queue. */
export function createTenantTurns({ runningMax, waitingMax, waitMsMax }: TenantTurnsOptions): TenantTurns {
  const tenants = new Map<string, Tenant>();

  /** Resolves when it is this query's turn, which then counts as running. */
  function turn(tenant: Tenant, signal: AbortSignal | undefined): Promise<void> {
    if (tenant.running < runningMax) {
      tenant.running++;
      return Promise.resolve();
    }
    if (tenant.waiting.size >= waitingMax) return Promise.reject(new ApiError('too-many-queries'));
    return new Promise((resolve, reject) => {
      const start = () => {
        leave();
        resolve();
      };
      const giveUp = () => {
        leave();
        reject(new ApiError('too-many-queries'));
      };
      const timer = setTimeout(giveUp, waitMsMax);
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        tenant.waiting.delete(start);
      };
      tenant.waiting.add(start);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  return {
    async run(tenantId, query, signal) {
      const tenant = tenants.get(tenantId) ?? { running: 0, waiting: new Set() };
      tenants.set(tenantId, tenant);
      await turn(tenant, signal);
      try {
        return await query();
      } finally {
        const [next] = tenant.waiting;
        // The place goes to the next one without becoming free.
        if (next) next();
        else if (--tenant.running === 0) tenants.delete(tenantId);
      }
    },
  };
}
