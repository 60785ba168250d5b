import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkDataFile } from '@throughline/session-totals/lmdb/check-data-file';
import { SessionTotalsError } from '@throughline/session-totals/session-totals';
import { type Database, open, type RootDatabase } from 'lmdb';
import { CallStateError } from '../call-state.ts';
import { FORMAT, packAnswer, unpackAnswer } from './pack-answer.ts';
import {
  ANSWER_BYTES_MAX,
  CACHE_BYTES_DEFAULT,
  type CacheFind,
  KEY_BYTES,
  type ResponseCache,
} from './response-cache.ts';

export interface LmdbResponseCacheOptions {
  /** Folder of its own; made when it is first used. */
  readonly dir: string;
  /** Of all answers; the file takes somewhat more. */
  readonly bytesMax?: number | undefined;
}

/**
 * The response cache in an LMDB environment of its own, opened when it is first used. `find` is synchronous; `put` is
 * found when it resolves, and on disk a little later. A file that cannot be read is thrown away: it is only a cache.
 */
export function lmdbResponseCache({ dir, bytesMax = CACHE_BYTES_DEFAULT }: LmdbResponseCacheOptions): ResponseCache {
  let opened: Stores | undefined;
  let isClosed = false;
  const stores = (): Stores => {
    if (isClosed) throw new CallStateError('unavailable', `${dir} has been closed`);
    opened ??= openStores(dir);
    return opened;
  };
  const answerBytesMax = Math.min(ANSWER_BYTES_MAX, bytesMax);
  return {
    find(key, slots, random) {
      return translated(dir, () => find(stores(), key, slots, random));
    },
    async put(key, slots, answer, ttlMs) {
      const packed = packAnswer(answer);
      if (packed.length + EXTRA_BYTES > answerBytesMax) return 'too-large';
      const { root } = translated(dir, stores);
      const filling = root.transaction(() => fill(stores(), { key, slots, packed, ttlMs, bytesMax }));
      return filling.catch((error) => translated(dir, () => Promise.reject(error)));
    },
    async close() {
      isClosed = true;
      await opened?.root.close();
    },
  };
}

interface Stores {
  readonly root: RootDatabase;
  /** Key and slot → end (epoch ms), place in `order`, bytes. Apart from the answers, so that a bucket is looked over cheaply. */
  readonly slots: Database<Buffer, Buffer>;
  /** Key and slot → packed answer. */
  readonly answers: Database<Buffer, Buffer>;
  /** Place, counted up → key and slot: who goes first. */
  readonly order: Database<Buffer, Buffer>;
  /** `FORMAT_KEY`, and `BYTES_KEY`: bytes of all answers. */
  readonly meta: Database<Buffer, Buffer>;
}

/** What an answer takes beside its bytes. */
const EXTRA_BYTES = 256;
const FORMAT_KEY = Buffer.from('format');
const BYTES_KEY = Buffer.from('bytes');

function openStores(dir: string): Stores {
  mkdirSync(dir, { recursive: true });
  try {
    checkDataFile(join(dir, 'data.mdb'));
    return openFolder(dir);
  } catch (error) {
    // Damaged, or from another version.
    const isUnreadable =
      (error instanceof SessionTotalsError || error instanceof CallStateError) && error.code === 'corrupt';
    if (!isUnreadable) throw error;
    rmSync(dir, { recursive: true });
    mkdirSync(dir, { recursive: true });
    return openFolder(dir);
  }
}

function openFolder(dir: string): Stores {
  const root = open({ path: dir, noSubdir: false, maxDbs: 4 });
  const openDb = (name: string) => root.openDB<Buffer, Buffer>(name, { encoding: 'binary', keyEncoding: 'binary' });
  const meta = openDb('meta');
  const format = meta.getBinary(FORMAT_KEY);
  if (format === undefined) meta.putSync(FORMAT_KEY, Buffer.of(FORMAT));
  else if (format[0] !== FORMAT) {
    void root.close();
    throw new CallStateError('corrupt', `${dir} is of format ${format[0]}, this version knows ${FORMAT}`);
  }
  return { root, slots: openDb('slots'), answers: openDb('answers'), order: openDb('order'), meta };
}

function find({ root, slots: places, answers }: Stores, key: Buffer, slots: number, random: number): CacheFind {
  // lmdb-js would go on with an older snapshot.
  root.resetReadTxn();
  const now = Date.now();
  for (let slot = 0; slot < slots; slot++) {
    if (!isFilled(places.getBinaryFast(slotKey(key, slot)), now)) return undefined;
  }
  const slot = Math.floor(random * slots);
  const packed = answers.getBinary(slotKey(key, slot));
  return packed && { slot, answer: unpackAnswer(packed) };
}

interface Filling {
  readonly key: Buffer;
  readonly slots: number;
  readonly packed: Buffer;
  readonly ttlMs: number;
  readonly bytesMax: number;
}

/** Within a transaction. */
function fill(stores: Stores, { key, slots, packed, ttlMs, bytesMax }: Filling): 'stored' | 'full' {
  const { slots: places, answers, order, meta } = stores;
  const now = Date.now();
  let slot = 0;
  while (slot < slots && isFilled(places.getBinaryFast(slotKey(key, slot)), now)) slot++;
  if (slot === slots) return 'full';
  const at = slotKey(key, slot);
  const size = packed.length + EXTRA_BYTES;
  let bytes = Number(meta.getBinary(BYTES_KEY)?.readDoubleLE(0) ?? 0) - remove(stores, at);
  while (bytes + size > bytesMax) {
    const oldest = [...order.getRange({ limit: EVICTED_AT_ONCE })];
    if (oldest.length === 0) break;
    for (const { value } of oldest) if (bytes + size > bytesMax) bytes -= remove(stores, value);
  }
  const last = [...order.getKeys({ reverse: true, limit: 1 })][0];
  const place = Buffer.allocUnsafe(PLACE_BYTES);
  place.writeBigUInt64BE((last?.readBigUInt64BE(0) ?? 0n) + 1n);
  const entry = Buffer.allocUnsafe(ENTRY_BYTES);
  entry.writeDoubleLE(now + ttlMs, END_AT);
  place.copy(entry, PLACE_AT);
  entry.writeDoubleLE(size, SIZE_AT);
  const total = Buffer.allocUnsafe(8);
  total.writeDoubleLE(bytes + size);
  places.put(at, entry);
  answers.put(at, packed);
  order.put(place, at);
  meta.put(BYTES_KEY, total);
  return 'stored';
}

const EVICTED_AT_ONCE = 16;

/** @returns the bytes that it had. */
function remove({ slots: places, answers, order }: Stores, at: Buffer): number {
  const entry = places.getBinary(at);
  if (entry === undefined) return 0;
  places.remove(at);
  answers.remove(at);
  order.remove(entry.subarray(PLACE_AT, PLACE_AT + PLACE_BYTES));
  return entry.readDoubleLE(SIZE_AT);
}

// What `slots` holds of a slot.
const END_AT = 0;
const PLACE_AT = 8;
const SIZE_AT = 16;
const ENTRY_BYTES = 24;
const PLACE_BYTES = 8;

function isFilled(entry: Buffer | undefined, now: number): boolean {
  return entry !== undefined && entry.readDoubleLE(END_AT) > now;
}

function slotKey(key: Buffer, slot: number): Buffer {
  const at = Buffer.allocUnsafe(KEY_BYTES + 1);
  key.copy(at);
  at[KEY_BYTES] = slot;
  return at;
}

function translated<T>(dir: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof CallStateError) throw error;
    const { message } = error as Error;
    throw new CallStateError('unavailable', `the response cache in ${dir} cannot be used: ${message}`, {
      cause: error,
    });
  }
}
