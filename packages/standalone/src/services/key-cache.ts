import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { AnalyticsError, type AnalyticsStore } from '@throughline/analytics/analytics-store';
import { NOT_MIGRATED_CODES } from '@throughline/analytics/engine-codes';
import {
  bootstrapKeyId,
  type KeyDirectory,
  type KeyRecord,
  mayWrite,
  PERMISSIONS,
  type Permission,
} from '@throughline/contracts/keys';
import type { Logger } from '@throughline/telemetry/logger';

export interface KeyCacheOptions {
  readonly analytics: Pick<AnalyticsStore, 'query'>;
  readonly logger: Logger;
  /** Where the keys are kept for a start while ClickHouse is down; hashes only. Undefined: nowhere. */
  readonly file?: string;
  readonly refreshMs?: number;
  /** The bootstrap key where its own file says which it is: known at once, and whatever the table says about others. */
  readonly bootstrap?: KeyRecord;
  /** Whoever changes keys calls `refresh` of this cache: once they were read nothing is asked in between. */
  readonly isOnlyReader?: boolean;
  /** Told of each key that is found. In the request path. */
  readonly onUse?: (key: KeyRecord) => void;
  /** Epoch ms: keys expire by it. */
  readonly now?: () => number;
}

/** The keys of all tenants, as ClickHouse holds them, in memory: none that has expired, none of a disabled tenant. */
export interface KeyCache extends KeyDirectory {
  /** True once the keys were read, from ClickHouse or from the file. Until then every key is unknown. */
  readonly isLoaded: boolean;
  /** True until ClickHouse has been read, and while it has not been for longer than two intervals or did not answer. */
  readonly isStale: boolean;
  /**
   * Tenant by hash of each key that may write, not older than the call. Rejects with what ClickHouse answered.
   */
  writers(): Promise<ReadonlyMap<string, string>>;
  lookFor(hash: string): Promise<void> | undefined;
  /** Reads the keys anew, not before the call. Rejects with what ClickHouse answered. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** A revoked key works so long at most, ms. */
const REFRESH_MS = 5_000;

/** A read that takes long is not one that failed. */
const STALE_AFTER_INTERVALS = 2;

/** A key made a moment ago is looked for at once, but a flood of made-up ones asks ClickHouse no more often than this. */
const MISS_REFRESH_MS = 500;

/** A key that is nowhere is not looked for again before this, so that whoever goes on sending it does not wait each time. */
const ABSENT_MS = 10_000;
/** Hashes remembered for that, some 100 bytes each. */
const ABSENT_MAX = 10_000;

/** A call waits so long at most for its key to be looked for. */
const LOOK_MS_MAX = 2_000;

/**
 * Opens the cache: from ClickHouse, else from the file of an earlier run, else empty, and goes on asking. Never rejects:
 * a gateway starts with ClickHouse down.
 */
export async function openKeyCache(options: KeyCacheOptions): Promise<KeyCache> {
  const { cache, opened } = startKeyCache(options);
  await opened;
  return cache;
}

/** As `openKeyCache`, usable at once: `opened` resolves when the keys were read, or could not be. */
export function startKeyCache(options: KeyCacheOptions): { readonly cache: KeyCache; readonly opened: Promise<void> } {
  const cache = new Cache(options);
  return { cache, opened: cache.open() };
}

class Cache implements KeyCache {
  readonly #options: KeyCacheOptions;
  #keys: ReadonlyMap<string, KeyRecord> = new Map();
  #text = '';
  #isLoaded = false;
  #isFailing = false;
  /** When the newest read that has succeeded began, `performance.now`. */
  #readAtMs = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #missTimer: NodeJS.Timeout | undefined;
  /** The next read for keys that were missed, before it begins. */
  #missed: PromiseWithResolvers<void> | undefined;
  /** When keys that are nowhere were looked for, `performance.now`, by hash. */
  readonly #absent = new Map<string, number>();

  constructor(options: KeyCacheOptions) {
    this.#options = options;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get isStale(): boolean {
    if (this.#isFailing) return true;
    if (this.#options.isOnlyReader) return this.#readAtMs === Number.NEGATIVE_INFINITY;
    return performance.now() - this.#readAtMs > STALE_AFTER_INTERVALS * this.#refreshMs;
  }

  async writers(): Promise<ReadonlyMap<string, string>> {
    await this.refresh();
    const { bootstrap } = this.#options;
    const known = bootstrap ? [...this.#keys.values(), bootstrap] : [...this.#keys.values()];
    const writers = known.filter((key) => mayWrite(key) && !this.#isExpired(key));
    return new Map(writers.map(({ hash, tenantId }) => [hash, tenantId]));
  }

  async open(): Promise<void> {
    this.#readFile();
    const refreshed = this.#tryRefresh();
    this.#timer = setInterval(() => {
      if (!this.#isComplete) void this.#tryRefresh();
    }, this.#refreshMs).unref();
    // With the keys of the last time nobody has to wait for ClickHouse, which may be down.
    if (!this.#isLoaded) await refreshed;
  }

  find(hash: string): KeyRecord | undefined {
    const { bootstrap, onUse } = this.#options;
    const found = bootstrap?.hash === hash ? bootstrap : this.#keys.get(hash);
    if (!found) this.#readMissed();
    if (!found || this.#isExpired(found)) return undefined;
    onUse?.(found);
    return found;
  }

  lookFor(hash: string): Promise<void> | undefined {
    if (this.isStale || this.#isComplete) return undefined;
    if (performance.now() - (this.#absent.get(hash) ?? Number.NEGATIVE_INFINITY) < ABSENT_MS) return undefined;
    return this.#lookFor(hash);
  }

  async #lookFor(hash: string): Promise<void> {
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(timeout.resolve, LOOK_MS_MAX);
    await Promise.race([this.#readMissed(), timeout.promise]);
    clearTimeout(timer);
    if (this.#keys.has(hash)) return;
    if (this.#absent.size >= ABSENT_MAX) this.#absent.clear();
    this.#absent.set(hash, performance.now());
  }

  async refresh(): Promise<void> {
    // What is being read already may have been read before this was called.
    await this.#refreshing?.catch(() => {});
    await this.#refresh();
  }

  /** Nothing can have changed since the last look. */
  get #isComplete(): boolean {
    return this.#options.isOnlyReader === true && !this.isStale;
  }

  #isExpired({ expiresAtMs }: KeyRecord): boolean {
    return expiresAtMs !== undefined && expiresAtMs <= (this.#options.now ?? Date.now)();
  }

  #refresh(): Promise<void> {
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#missTimer);
    this.#missed?.resolve();
    await this.#refreshing?.catch(() => {});
  }

  get #refreshMs(): number {
    return this.#options.refreshMs ?? REFRESH_MS;
  }

  /** Resolves when the keys were read, not before the call, or could not be. */
  #readMissed(): Promise<void> {
    if (this.#missed) return this.#missed.promise;
    if (this.#isComplete) return Promise.resolve();
    const missed = Promise.withResolvers<void>();
    this.#missed = missed;
    const waitMs = Math.max(0, this.#refreshedAtMs + MISS_REFRESH_MS - performance.now());
    this.#missTimer = setTimeout(() => {
      // Whoever misses a key from here on may have to wait for the next one.
      this.#missed = undefined;
      void this.refresh()
        .catch(() => {})
        .then(missed.resolve);
    }, waitMs).unref();
    return missed.promise;
  }

  #tryRefresh(): Promise<void> {
    return this.#refresh().catch(() => {});
  }

  async #load(): Promise<void> {
    const { logger } = this.#options;
    try {
      await this.#read();
      if (this.#isFailing) logger.info('the keys can be read again');
      this.#isFailing = false;
    } catch (error) {
      // The process is ending.
      const isClosed = error instanceof AnalyticsError && error.code === 'closed';
      if (!this.#isFailing && !isClosed) {
        const keys = this.#keys.size;
        if (lacksTables(error))
          logger.warn({ keys }, 'ClickHouse has no tables of ours yet: run `throughline migrate`');
        else logger.warn({ err: error, keys }, 'the keys cannot be read: those known go on being valid');
      }
      this.#isFailing = true;
      throw error;
    }
  }

  async #read(): Promise<void> {
    const beganAtMs = performance.now();
    this.#refreshedAtMs = beganAtMs;
    const rows = await this.#options.analytics.query<KeyRow>({ sql: KEYS_SQL });
    const isOurs = ({ is_bootstrap }: KeyRow) => !(is_bootstrap && this.#options.bootstrap);
    this.#take(rows.filter(isOurs).map(toRecord));
    this.#readAtMs = beganAtMs;
    this.#writeFile();
  }

  #take(records: readonly KeyRecord[]): void {
    this.#keys = new Map(records.map((record) => [record.hash, record]));
    this.#isLoaded = true;
  }

  #readFile(): void {
    const { file, logger } = this.#options;
    if (file === undefined || !existsSync(file)) return;
    try {
      this.#text = readFileSync(file, 'utf8');
      this.#take(readKeyFile(JSON.parse(this.#text)));
    } catch (error) {
      // It is only a copy: without it the gateway has to wait for ClickHouse.
      logger.warn({ err: error, file }, 'the kept keys cannot be read');
    }
  }

  #writeFile(): void {
    const { file, logger } = this.#options;
    if (file === undefined) return;
    const text = `${JSON.stringify([...this.#keys.values()])}\n`;
    if (text === this.#text) return;
    try {
      // Several gateways may share the folder.
      const own = `${file}.${randomUUID()}.new`;
      writeFileSync(own, text, { mode: 0o600 });
      renameSync(own, file);
      this.#text = text;
    } catch (error) {
      logger.warn({ err: error, file }, 'the keys cannot be kept for the next start');
    }
  }
}

function lacksTables(error: unknown): boolean {
  const code = error instanceof AnalyticsError ? error.engineCode : undefined;
  return code !== undefined && NOT_MIGRATED_CODES.includes(code);
}

interface KeyRow {
  readonly hash: string;
  readonly key_id: string;
  readonly tenant_id: string;
  readonly permissions: readonly Permission[];
  readonly is_bootstrap: boolean;
  /** Null: never. */
  readonly expires_at_ms: string | null;
}

/** Of all tenants: whose a key is, is what is asked here. */
const KEYS_SQL = `
SELECT hash, key_id, tenant_id, permissions, is_bootstrap, toUnixTimestamp64Milli(expires_at) AS expires_at_ms
FROM api_keys FINAL
WHERE tenant_id NOT IN (SELECT tenant_id FROM tenants FINAL WHERE disabled_at IS NOT NULL)
ORDER BY hash`;

function toRecord({ hash, key_id, tenant_id, permissions, expires_at_ms }: KeyRow): KeyRecord {
  const record = { hash, id: key_id, tenantId: tenant_id, permissions };
  return expires_at_ms === null ? record : { ...record, expiresAtMs: Number(expires_at_ms) };
}

/** Checked by hand: a schema library would be loaded before anything listens. */
function readKeyFile(value: unknown): KeyRecord[] {
  if (!Array.isArray(value)) throw new TypeError('no list of keys');
  return value.map((entry: Partial<KeyRecord>) => {
    const { hash, tenantId, permissions, expiresAtMs } = entry;
    // Files of earlier versions knew none but the bootstrap key.
    const id = entry.id ?? bootstrapKeyId(String(hash));
    const isKey =
      typeof hash === 'string' &&
      typeof id === 'string' &&
      typeof tenantId === 'string' &&
      (expiresAtMs === undefined || typeof expiresAtMs === 'number') &&
      Array.isArray(permissions) &&
      permissions.every((permission) => PERMISSIONS.includes(permission));
    if (!isKey) throw new TypeError('an entry is no key');
    const record = { hash, id, tenantId, permissions };
    return expiresAtMs === undefined ? record : { ...record, expiresAtMs };
  });
}
