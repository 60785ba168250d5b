import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { unpackVersion } from '@throughline/contracts/version';
import { ABORT, type Database, open, type RootDatabase } from 'lmdb';
import { decodeFence, decodePartitionState, encodeFence, encodePartitionState } from '../partition-codec.ts';
import { requireFence } from '../same-fence.ts';
import type { SessionState } from '../session-state.ts';
import {
  type Fence,
  isRebuilding,
  type PartitionState,
  type SessionChange,
  type SessionKey,
  type SessionStub,
  type SessionTotals,
  SessionTotalsError,
} from '../session-totals.ts';
import {
  checked,
  isRemoval,
  isStub,
  lastActivity,
  liveSessionKey,
  packChecked,
  packSession,
  unpackSession,
} from '../stored-value.ts';
import { checkDataFile } from './check-data-file.ts';
import { META_STORE, REMOVED_KEY } from './lmdb-meta.ts';
import { activityBucket, activityKey, parseActivityKey, sessionKeyBytes, storedKey } from './session-key-bytes.ts';

export interface LmdbSessionTotalsOptions {
  /** Folder of its own; made when missing, unless `readOnly`. */
  readonly dir: string;
  /** For threads that only read: the folder must have been opened by its writer before. */
  readonly readOnly?: boolean;
}

/**
 * Session totals in an LMDB environment: sessions, fences and partition states in one file, every commit one
 * transaction.
 *
 * `commit` is synchronous up to and including the fsync: when it resolves, the commit is on disk. A handle opened with
 * `readOnly`, in this or another thread, sees it from then on, and each of its reads sees one commit whole.
 *
 * @throws SessionTotalsError `corrupt` when the folder holds something else or damaged data, `unavailable` when it
 *   cannot be opened.
 */
export function openLmdbSessionTotals({ dir, readOnly = false }: LmdbSessionTotalsOptions): SessionTotals {
  if (!readOnly) {
    mkdirSync(dir, { recursive: true });
    checkDataFile(join(dir, 'data.mdb'));
  }
  return translated(dir, () => {
    // Without overlapping syncs a commit is LMDB's own: data, fsync, then the meta page.
    const root = open({ path: dir, noSubdir: false, maxDbs: 5, overlappingSync: false, readOnly });
    const openDb = (name: string) => root.openDB<Buffer, Buffer>(name, { encoding: 'binary', keyEncoding: 'binary' });
    const stores: Omit<Stores, 'meta'> = {
      root,
      fences: openDb('fences'),
      partitions: openDb('partitions'),
      sessions: openDb('sessions'),
      activity: openDb('activity'),
    };
    const meta = readOnly ? undefined : openDb(META_STORE);
    if (meta) checkFormat(meta);
    return new LmdbSessionTotals(dir, { ...stores, meta });
  });
}

interface Stores {
  readonly root: RootDatabase;
  /** Partition → fence. Apart from the partition's state, because every read of a session needs it. */
  readonly fences: Database<Buffer, Buffer>;
  readonly partitions: Database<Buffer, Buffer>;
  readonly sessions: Database<Buffer, Buffer>;
  /** `activityKey` → nothing: the live sessions by the second of their last event. */
  readonly activity: Database<Buffer, Buffer>;
  /** Undefined where the folder is only read. */
  readonly meta: Database<Buffer, Buffer> | undefined;
}

class LmdbSessionTotals implements SessionTotals {
  readonly #dir: string;
  readonly #stores: Stores;

  constructor(dir: string, stores: Stores) {
    this.#dir = dir;
    this.#stores = stores;
  }

  async loadPartition(partition: number): Promise<PartitionState | undefined> {
    return this.#reading(() => {
      const key = partitionKey(partition);
      const fence = this.#fence(key);
      if (fence === undefined) return undefined;
      const state = this.#stores.partitions.getBinaryFast(key);
      if (state === undefined)
        throw new SessionTotalsError('corrupt', `partition ${partition} has a fence but no state`);
      return decodePartitionState(checked(state, 'partition state'), fence);
    });
  }

  async loadMany(
    partition: number,
    keys: readonly SessionKey[],
    expected?: Fence,
  ): Promise<(SessionState | SessionStub | undefined)[]> {
    return this.#reading(() => {
      requireFence(partition, this.#fence(partitionKey(partition)), expected);
      return keys.map((key) => this.#session(partition, key));
    });
  }

  async commit(
    partition: number,
    expected: Fence | undefined,
    next: PartitionState,
    sessions: readonly SessionChange[],
  ): Promise<'committed' | 'refused'> {
    // Packed before the transaction: what cannot be packed is known before anything is written.
    const key = partitionKey(partition);
    const expectedFence = expected && packChecked(encodeFence(expected));
    const nextFence = packChecked(encodeFence(next.fence));
    const nextState = packChecked(encodePartitionState(next));
    const packed = sessions.map((session) => ({
      keyBytes: sessionKeyBytes(session),
      value: isRemoval(session) ? undefined : packSession(session),
    }));
    const hasDeleted = sessions.some((session) => isRemoval(session) || isAfterDeletion(session));
    const { root, fences, partitions, meta } = this.#stores;
    return translated(this.#dir, () => {
      const outcome = root.transactionSync(() => {
        const stored = fences.getBinary(key);
        const isExpected = expectedFence === undefined ? stored === undefined : stored?.equals(expectedFence);
        if (!isExpected) return ABORT;
        fences.put(key, nextFence);
        partitions.put(key, nextState);
        for (const { keyBytes, value } of packed) this.#replace(partition, keyBytes, value);
        if (hasDeleted) meta!.put(REMOVED_KEY, Buffer.of(1));
        return undefined;
      });
      return outcome === ABORT ? 'refused' : 'committed';
    });
  }

  async dropPartition(partition: number): Promise<void> {
    const { root, fences, partitions, sessions, activity } = this.#stores;
    const key = partitionKey(partition);
    const range = { start: key, end: partitionKey(partition + 1) };
    translated(this.#dir, () =>
      root.transactionSync(() => {
        for (const stored of [...sessions.getKeys(range)]) sessions.remove(stored);
        for (const stored of [...activity.getKeys(range)]) activity.remove(stored);
        fences.remove(key);
        partitions.remove(key);
      }),
    );
  }

  async read(key: SessionKey): Promise<{ state: SessionState; fence: Fence } | SessionStub | undefined> {
    return this.#reading(() => {
      // A session lives in one partition; which one, only the writer's partition count would say. Embedded there is one.
      for (const stored of this.#stores.fences.getKeys()) {
        const session = this.#session(stored.readUInt16BE(0), key);
        if (session === undefined) continue;
        const fence = this.#fence(stored)!;
        if (isRebuilding(fence)) return undefined;
        return isStub(session) ? session : { state: session, fence };
      }
      return undefined;
    });
  }

  async idle(partition: number, idleSince: number, max: number): Promise<SessionKey[]> {
    return this.#reading(() => {
      const { activity, sessions } = this.#stores;
      const lastBucket = activityBucket(idleSince - 1);
      const found: { at: number; key: SessionKey }[] = [];
      let bucketBefore = -1;
      const range = { start: activityKey(partition, 0), end: activityKey(partition, lastBucket + 1) };
      for (const key of activity.getKeys(range)) {
        const { bucket, keyBytes } = parseActivityKey(key);
        // A bucket is read whole, because its sessions come in the order of their keys, not of their activity.
        if (bucket !== bucketBefore && found.length >= max) break;
        bucketBefore = bucket;
        const value = sessions.getBinaryFast(storedKey(partition, keyBytes));
        const at = value && lastActivity(value);
        if (at === undefined) throw new SessionTotalsError('corrupt', 'a session listed as live is not stored');
        if (at < idleSince) found.push({ at, key: liveSessionKey(value!) });
      }
      found.sort((a, b) => a.at - b.at);
      return found.slice(0, max).map(({ key }) => key);
    });
  }

  async size(): Promise<{ sessions: number; bytes: number }> {
    return this.#reading(() => {
      const live = this.#stores.activity.getStats() as { entryCount: number };
      const file = this.#stores.root.getStats() as { lastPageNumber: number; pageSize: number };
      return { sessions: live.entryCount, bytes: (file.lastPageNumber + 1) * file.pageSize };
    });
  }

  async close(): Promise<void> {
    await this.#stores.root.close();
  }

  /** Within a transaction. */
  /** @param value undefined: it is removed. */
  #replace(partition: number, keyBytes: Buffer, value: Buffer | undefined): void {
    const { sessions, activity } = this.#stores;
    const key = storedKey(partition, keyBytes);
    const before = sessions.getBinaryFast(key);
    const activeBefore = before && lastActivity(before);
    const activeNow = value && lastActivity(value);
    const bucketBefore = activeBefore === undefined ? undefined : activityBucket(activeBefore);
    const bucketNow = activeNow === undefined ? undefined : activityBucket(activeNow);
    if (bucketBefore !== bucketNow) {
      if (bucketBefore !== undefined) activity.remove(activityKey(partition, bucketBefore, keyBytes));
      if (bucketNow !== undefined) activity.put(activityKey(partition, bucketNow, keyBytes), NOTHING);
    }
    if (value) sessions.put(key, value);
    else if (before) sessions.remove(key);
  }

  #session(partition: number, key: SessionKey): SessionState | SessionStub | undefined {
    const value = this.#stores.sessions.getBinaryFast(storedKey(partition, sessionKeyBytes(key)));
    return value && unpackSession(value, key);
  }

  #fence(key: Buffer): Fence | undefined {
    const value = this.#stores.fences.getBinaryFast(key);
    return value && decodeFence(checked(value, 'fence'));
  }

  /** Everything read within `read` belongs to one commit, the newest: lmdb-js would go on with an older snapshot. */
  #reading<T>(read: () => T): T {
    return translated(this.#dir, () => {
      this.#stores.root.resetReadTxn();
      return read();
    });
  }
}

const NOTHING = Buffer.alloc(1);

/** A session that a deletion left something of: what it was is still in the file. */
function isAfterDeletion(session: SessionState | SessionStub): boolean {
  return !isStub(session) && unpackVersion(session.snapshotVersion).offset > session.applied;
}

function partitionKey(partition: number): Buffer {
  const key = Buffer.allocUnsafe(2);
  key.writeUInt16BE(partition, 0);
  return key;
}

/** Layout of keys and values in the file. Another number: written by another version, which must convert it. */
const FORMAT = 1;
const FORMAT_KEY = Buffer.from('format');

function checkFormat(meta: Database<Buffer, Buffer>): void {
  const stored = meta.getBinary(FORMAT_KEY);
  if (stored === undefined) meta.putSync(FORMAT_KEY, Buffer.of(FORMAT));
  else if (stored[0] !== FORMAT) {
    throw new SessionTotalsError('corrupt', `the totals are of format ${stored[0]}, this version knows ${FORMAT}`);
  }
}

const ENOSPC = 28;
const EIO = 5;
const FULL_CODES = new Set([ENOSPC, 27 /* EFBIG */, 122 /* EDQUOT */, -30792 /* MDB_MAP_FULL */]);
const CORRUPT_CODES = new Set([
  -30797 /* MDB_PAGE_NOTFOUND */, -30796 /* MDB_CORRUPTED */, -30794 /* MDB_VERSION_MISMATCH */,
  -30793 /* MDB_INVALID */,
]);
/** LMDB stopped after a failed write of its meta page: the folder has to be opened anew. */
const MDB_PANIC = -30795;
/** A disk with less than this has no room for a commit. */
const ROOM_BYTES_MIN = 16 * 1024 * 1024;

/** Runs what uses LMDB, and says its failures in the words of the port. */
function translated<T>(dir: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof SessionTotalsError) throw error;
    const { code, message } = error as Error & { code?: unknown };
    if (typeof code !== 'number') throw error;
    if (CORRUPT_CODES.has(code))
      throw new SessionTotalsError('corrupt', `${dir} is damaged: ${message}`, { cause: error });
    // LMDB says EIO for a write that the full disk cut short.
    if (FULL_CODES.has(code) || (code === EIO && !hasRoom(dir))) {
      const text = `${dir} has no room: ${message}`;
      throw new SessionTotalsError('full', text, { retryable: true, cause: error });
    }
    const text = `${dir} cannot be used: ${message}`;
    throw new SessionTotalsError('unavailable', text, { retryable: code !== MDB_PANIC, cause: error });
  }
}

function hasRoom(dir: string): boolean {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize >= ROOM_BYTES_MIN;
}
