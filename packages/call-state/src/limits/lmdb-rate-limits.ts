import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkDataFile } from '@throughline/session-totals/lmdb/check-data-file';
import { type Database, open, type RootDatabase } from 'lmdb';
import { CallStateError } from '../call-state.ts';
import { chunkEnd, packChunk, unpackChunk } from './pack-chunk.ts';
import type { Allowance, RateLimits, Taken } from './rate-limits.ts';
import { type LogChunk, UnitLog } from './unit-log.ts';

export interface LmdbRateLimitsOptions {
  /** Folder of its own; made, and opened, at the first use. One process and one thread at a time. */
  readonly dir: string;
  /** Epoch ms. Default: the system's clock. */
  readonly now?: () => number;
}

/**
 * Rate limits of one process. They are counted in memory and written to LMDB in batches, every `FLUSH_INTERVAL_MS`: an
 * orderly restart forgets nothing, a killed process what it counted since its last batch.
 *
 * Memory is bounded by `LOGS_HELD_MAX` keys and `ENTRIES_HELD_MAX` entries of all of them, beyond which the keys used
 * longest ago are read from the file when they are next asked for; the file by what is written within a window, because
 * every batch also looks for what is over. Damaged data is left out: its units no longer count.
 */
export function lmdbRateLimits({ dir, now = Date.now }: LmdbRateLimitsOptions): RateLimits {
  return new LmdbRateLimits(dir, now);
}

/** What a killed process forgets; a batch takes a transaction, whatever is in it. */
const FLUSH_INTERVAL_MS = 250;
/** About 300 bytes each. */
const LOGS_HELD_MAX = 20_000;
/** 16 bytes each. */
const ENTRIES_HELD_MAX = 1_000_000;
/** Of either, once there are more: so that it is long until there are more again. */
const HELD_THEN = 0.8;
/** What a transaction writes is written in this thread, which has calls to serve. */
const KEYS_PER_TRANSACTION = 200;
/** Records looked at with each transaction, beyond as many as it writes: what is over is found at least as fast as it comes. */
const SWEEP_RECORDS_MIN = 100;

class LmdbRateLimits implements RateLimits {
  readonly #dir: string;
  readonly #now: () => number;
  /** Undefined until the first use. */
  #store: Store | undefined;
  readonly #logs = new Map<string, HeldLog>();
  readonly #unwritten = new Map<string, Unwritten>();
  #isClosed = false;
  /** Batches written. */
  #batches = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();
  /** The record behind which the next batch looks for what is over. */
  #sweptTo: Buffer = Buffer.alloc(1);

  constructor(dir: string, now: () => number) {
    this.#dir = dir;
    this.#now = now;
  }

  take(key: string, { quota, windowMs }: Allowance, units: number): Taken {
    const log = this.#log(key, windowMs);
    const at = this.#moveTo(key, log);
    const isAllowed = log.sum < quota;
    if (isAllowed && units > 0) this.#write(key, log.add(at, units), windowMs);
    return { isAllowed, used: log.sum, resetMs: log.oldest === undefined ? 0 : log.oldest + windowMs - at };
  }

  add(key: string, { windowMs }: Allowance, units: number): void {
    if (units === 0) return;
    const log = this.#log(key, windowMs);
    this.#write(key, log.add(this.#moveTo(key, log), units), windowMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#flushing;
    if (this.#store === undefined) return;
    await this.#flush(this.#store);
    await this.#store.root.close();
    this.#store = undefined;
  }

  #log(key: string, windowMs: number): HeldLog {
    if (this.#isClosed) throw new CallStateError('unavailable', `${this.#dir} has been closed`);
    let log = this.#logs.get(key);
    if (log === undefined) {
      this.#store ??= openStore(this.#dir);
      log = new HeldLog(windowMs, readChunks(this.#store, key));
      this.#logs.set(key, log);
    }
    log.usedIn = this.#batches;
    return log;
  }

  #moveTo(key: string, log: UnitLog): number {
    return log.moveTo(this.#now(), (chunk) => this.#write(key, chunk, undefined));
  }

  /** @param windowMs of the log; undefined: the chunk is removed. */
  #write(key: string, chunk: LogChunk, windowMs: number | undefined): void {
    let unwritten = this.#unwritten.get(key);
    if (unwritten === undefined) {
      unwritten = new Map();
      this.#unwritten.set(key, unwritten);
    }
    unwritten.set(chunk.number, windowMs === undefined ? undefined : { windowMs, chunk });
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const store = this.#store;
      if (store) this.#flushing = this.#flushing.then(() => this.#flush(store));
    }, FLUSH_INTERVAL_MS).unref();
  }

  /** What cannot be written goes on counting from memory as long as it is held there. */
  async #flush(store: Store): Promise<void> {
    const unwritten = [...this.#unwritten];
    this.#unwritten.clear();
    for (let from = 0; from < unwritten.length; from += KEYS_PER_TRANSACTION) {
      const part = unwritten.slice(from, from + KEYS_PER_TRANSACTION);
      await store.root.transaction(() => this.#writePart(store.chunks, part)).catch(() => {});
    }
    this.#batches++;
    this.#evict();
  }

  /** Within a transaction. */
  #writePart(chunks: Database<Buffer, Buffer>, part: readonly (readonly [string, Unwritten])[]): void {
    let records = SWEEP_RECORDS_MIN;
    for (const [, unwritten] of part) records += unwritten.size;
    this.#sweep(chunks, records);
    for (const [key, unwritten] of part) {
      for (const [number, change] of unwritten) {
        if (change) chunks.put(recordKey(key, number), packChunk(change.windowMs, change.chunk));
        else chunks.remove(recordKey(key, number));
      }
    }
  }

  #sweep(chunks: Database<Buffer, Buffer>, records: number): void {
    const now = this.#now();
    const over: Buffer[] = [];
    let seen = 0;
    for (const { key, value } of chunks.getRange({ start: this.#sweptTo, limit: records })) {
      seen++;
      this.#sweptTo = key;
      if (chunkEnd(value) <= now) over.push(key);
    }
    if (seen < records) this.#sweptTo = Buffer.alloc(1);
    for (const key of over) chunks.remove(key);
  }

  #evict(): void {
    let entries = 0;
    for (const log of this.#logs.values()) entries += log.length;
    if (this.#logs.size <= LOGS_HELD_MAX && entries <= ENTRIES_HELD_MAX) return;
    const oldestFirst = [...this.#logs].sort(([, a], [, b]) => a.usedIn - b.usedIn);
    for (const [key, log] of oldestFirst) {
      if (this.#logs.size <= LOGS_HELD_MAX * HELD_THEN && entries <= ENTRIES_HELD_MAX * HELD_THEN) return;
      // Read again before it is written, it would lack that.
      if (this.#unwritten.has(key)) continue;
      this.#logs.delete(key);
      entries -= log.length;
    }
  }
}

class HeldLog extends UnitLog {
  /** The batch after which it was used last. */
  usedIn = 0;
}

interface Store {
  readonly root: RootDatabase;
  readonly chunks: Database<Buffer, Buffer>;
}

/** By chunk number; undefined: to be removed. */
type Unwritten = Map<number, { readonly windowMs: number; readonly chunk: LogChunk } | undefined>;

/** What is damaged is made anew: it is worth less than calls that go on being limited. */
function openStore(dir: string): Store {
  try {
    mkdirSync(dir, { recursive: true });
    try {
      return openFolder(dir);
    } catch (error) {
      if (!isDamage(error)) throw error;
      for (const name of [DATA_FILE, 'lock.mdb']) rmSync(join(dir, name), { force: true });
      return openFolder(dir);
    }
  } catch (cause) {
    throw new CallStateError('unavailable', `${dir} cannot be used: ${(cause as Error).message}`, { cause });
  }
}

function openFolder(dir: string): Store {
  checkDataFile(join(dir, DATA_FILE));
  const root = open({ path: dir, noSubdir: false, maxDbs: 1 });
  try {
    return { root, chunks: root.openDB<Buffer, Buffer>('chunks', { encoding: 'binary', keyEncoding: 'binary' }) };
  } catch (error) {
    void root.close();
    throw error;
  }
}

const DATA_FILE = 'data.mdb';

/** Of LMDB: a page is not there or of another kind, another version's file, none at all. */
const DAMAGE_CODES: ReadonlySet<unknown> = new Set([-30797, -30796, -30794, -30793]);

function isDamage(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'corrupt' || DAMAGE_CODES.has(code);
}

function readChunks({ root, chunks }: Store, key: string): LogChunk[] {
  const found: LogChunk[] = [];
  const range = { start: recordKey(key, 0), end: recordKey(key, NUMBER_MAX) };
  try {
    // lmdb-js would go on with an older snapshot.
    root.resetReadTxn();
    for (const { key: record, value } of chunks.getRange(range)) {
      const chunk = unpackChunk(record.readUInt32BE(record.length - 4), value);
      // Out of order only where a damaged one is.
      if (chunk && (found.at(-1)?.times.at(-1) ?? 0) <= chunk.times[0]!) found.push(chunk);
    }
  } catch (cause) {
    throw new CallStateError('corrupt', `counts cannot be read: ${(cause as Error).message}`, { cause });
  }
  return found;
}

const NUMBER_MAX = 2 ** 32 - 1;

/** The key, then the chunk's number, so that a log's chunks lie beside each other in order. */
function recordKey(key: string, number: number): Buffer {
  const bytes = Buffer.allocUnsafe(key.length + 4);
  bytes.write(key, 'latin1');
  bytes.writeUInt32BE(number, key.length);
  return bytes;
}
