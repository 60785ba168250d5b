import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { AnalyticsError, type AnalyticsStore } from '@throughline/analytics/analytics-store';
import { NOT_MIGRATED_CODES } from '@throughline/analytics/engine-codes';
import { type KeyDirectory, type KeyRecord, mayWrite, type Permission } from '@throughline/contracts/keys';
import type { Logger } from '@throughline/telemetry/logger';
import { z } from 'zod';

export interface KeyCacheOptions {
  readonly analytics: Pick<AnalyticsStore, 'query'>;
  readonly logger: Logger;
  /** Where the keys are kept for a start while ClickHouse is down; hashes only. Undefined: nowhere. */
  readonly file?: string;
  readonly refreshMs?: number;
}

/** The keys of all tenants, as ClickHouse holds them, in memory. */
export interface KeyCache extends KeyDirectory {
  /** True once the keys were read, from ClickHouse or from the file. Until then every key is unknown. */
  readonly isLoaded: boolean;
  /** True until ClickHouse has been read, and while it has not been for longer than two intervals or did not answer. */
  readonly isStale: boolean;
  /**
   * Tenant by hash of each key that may write, not older than the call. Rejects with what ClickHouse answered.
   */
  writers(): Promise<ReadonlyMap<string, string>>;
  /** Reads the keys now, whatever the interval says. Rejects with what ClickHouse answered. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** A revoked key works so long at most, ms. */
const REFRESH_MS = 5_000;

/** A read that takes long is not one that failed. */
const STALE_AFTER_INTERVALS = 2;

/** A key made a moment ago is looked for at once, but a flood of made-up ones asks ClickHouse no more often than this. */
const MISS_REFRESH_MS = 500;

/**
 * Opens the cache: from ClickHouse, else from the file of an earlier run, else empty, and goes on asking. Never rejects:
 * a gateway starts with ClickHouse down.
 */
export async function openKeyCache(options: KeyCacheOptions): Promise<KeyCache> {
  const cache = new Cache(options);
  await cache.open();
  return cache;
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

  constructor(options: KeyCacheOptions) {
    this.#options = options;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get isStale(): boolean {
    return this.#isFailing || performance.now() - this.#readAtMs > STALE_AFTER_INTERVALS * this.#refreshMs;
  }

  async writers(): Promise<ReadonlyMap<string, string>> {
    // What is being read already may have been read before this was called.
    await this.#refreshing?.catch(() => {});
    await this.refresh();
    const writers = [...this.#keys.values()].filter(mayWrite);
    return new Map(writers.map(({ hash, tenantId }) => [hash, tenantId]));
  }

  async open(): Promise<void> {
    this.#readFile();
    const refreshed = this.#tryRefresh();
    // With the keys of the last time nobody has to wait for ClickHouse, which may be down.
    if (!this.#isLoaded) await refreshed;
    this.#timer = setInterval(() => void this.#tryRefresh(), this.#refreshMs).unref();
  }

  find(hash: string): KeyRecord | undefined {
    const found = this.#keys.get(hash);
    if (!found) this.#onMiss();
    return found;
  }

  refresh(): Promise<void> {
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#missTimer);
    await this.#refreshing?.catch(() => {});
  }

  get #refreshMs(): number {
    return this.#options.refreshMs ?? REFRESH_MS;
  }

  #onMiss(): void {
    if (this.#missTimer !== undefined) return;
    const waitMs = Math.max(0, this.#refreshedAtMs + MISS_REFRESH_MS - performance.now());
    this.#missTimer = setTimeout(() => {
      this.#missTimer = undefined;
      void this.#tryRefresh();
    }, waitMs).unref();
  }

  #tryRefresh(): Promise<void> {
    return this.refresh().catch(() => {});
  }

  async #load(): Promise<void> {
    const { logger } = this.#options;
    try {
      await this.#read();
      if (this.#isFailing) logger.info('the keys can be read again');
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) {
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
    const rows = await this.#options.analytics.query<{ hash: string; tenant_id: string; permissions: Permission[] }>({
      sql: 'SELECT hash, tenant_id, permissions FROM api_keys FINAL ORDER BY hash',
    });
    this.#take(rows.map(({ hash, tenant_id, permissions }) => ({ hash, tenantId: tenant_id, permissions })));
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
      this.#take(KEY_FILE.parse(JSON.parse(this.#text)));
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

const KEY_FILE = z.array(
  z.object({
    hash: z.string(),
    tenantId: z.string(),
    permissions: z.array(z.enum(['r', 'w', 'rw', 'm', 'operator'])),
  }),
);
