import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { KeyRecord } from '@throughline/contracts/keys';
import type { Logger } from '@throughline/telemetry/logger';

export interface KeyUsesOptions {
  readonly analytics: Pick<AnalyticsStore, 'insert'>;
  readonly logger: Logger;
  readonly flushMs?: number;
}

/** When keys were last used: noted in memory, written in batches. */
export interface KeyUses {
  /** In the request path: remembers the time and nothing else. */
  note(key: KeyRecord): void;
  /** Writes what was noted; what cannot be written now waits for the next time. Never rejects. */
  flush(): Promise<void>;
  /** Writes the rest. */
  close(): Promise<void>;
}

/** "Last used" is read by people who ask whether a key can go: to the minute is enough, ms. */
const FLUSH_MS = 60_000;

export function openKeyUses({ analytics, logger, flushMs = FLUSH_MS }: KeyUsesOptions): KeyUses {
  /** By key id: no more entries than there are keys. */
  let noted = new Map<string, { readonly tenantId: string; atMs: number }>();
  let flushing = Promise.resolve();

  const write = async () => {
    if (noted.size === 0) return;
    const uses = noted;
    noted = new Map();
    try {
      // Loaded only now: neither start nor calls wait for it.
      const { encodeRows } = await import('@throughline/analytics/tables');
      const rows = [...uses].map(([id, { tenantId, atMs }]) => ({
        tenant_id: tenantId,
        key_id: id,
        last_used_at: atMs,
        version: BigInt(atMs),
      }));
      await analytics.insert(encodeRows('api_key_uses', rows));
    } catch (error) {
      logger.debug({ err: error, keys: uses.size }, 'the last use of keys cannot be written now');
      for (const [id, use] of uses) if (!noted.has(id)) noted.set(id, use);
    }
  };
  const flush = () => {
    flushing = flushing.then(write);
    return flushing;
  };
  const timer = setInterval(flush, flushMs).unref();

  return {
    note({ id, tenantId }) {
      const use = noted.get(id);
      if (use) use.atMs = Date.now();
      else noted.set(id, { tenantId, atMs: Date.now() });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
