import { createHash } from 'node:crypto';
import type { SessionKey } from '../session-totals.ts';

/** LMDB takes keys of up to 1,978 bytes; shorter ones keep more of them on a page. */
const READABLE_BYTES_MAX = 256;
const READABLE = 0;
const HASHED = 1;

/**
 * A session's key within its partition: short ids as they are, one tenant's beside each other, long ones (and those that
 * UTF-8 cannot hold) as SHA-256. Two sessions never share one; values say whose they are all the same.
 */
export function sessionKeyBytes({ tenantId, sessionId }: SessionKey): Buffer {
  const tenantBytes = Buffer.byteLength(tenantId, 'utf8');
  const size = 3 + tenantBytes + Buffer.byteLength(sessionId, 'utf8');
  if (size > READABLE_BYTES_MAX || !tenantId.isWellFormed() || !sessionId.isWellFormed())
    return hashed(tenantId, sessionId);
  const bytes = Buffer.allocUnsafe(size);
  bytes[0] = READABLE;
  // The length keeps ('a', 'bc') and ('ab', 'c') apart.
  bytes.writeUInt16BE(tenantBytes, 1);
  bytes.write(tenantId, 3, 'utf8');
  bytes.write(sessionId, 3 + tenantBytes, 'utf8');
  return bytes;
}

function hashed(tenantId: string, sessionId: string): Buffer {
  const hash = createHash('sha256')
    .update(`${tenantId.length}:`)
    .update(tenantId, 'utf16le')
    .update(sessionId, 'utf16le');
  return Buffer.concat([Buffer.of(HASHED), hash.digest()]);
}

/** The same with its partition in front, as the sessions are stored. */
export function storedKey(partition: number, keyBytes: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(2 + keyBytes.length);
  bytes.writeUInt16BE(partition, 0);
  bytes.set(keyBytes, 2);
  return bytes;
}

/** Sessions active in the same second lie together: one that stays active does not move with each commit. */
const ACTIVITY_BUCKET_MS = 1_000;

/** Second of an instant; one less than 32 bits hold, so that every bucket has a next one. */
export function activityBucket(atMs: number): number {
  return Math.min(Math.max(Math.floor(atMs / ACTIVITY_BUCKET_MS), 0), 0xffff_fffe);
}

/** Key in the index by activity: partition, second, session. Without a session: the first key of that second. */
export function activityKey(partition: number, bucket: number, keyBytes: Uint8Array = new Uint8Array()): Buffer {
  const bytes = Buffer.allocUnsafe(6 + keyBytes.length);
  bytes.writeUInt16BE(partition, 0);
  bytes.writeUInt32BE(bucket, 2);
  bytes.set(keyBytes, 6);
  return bytes;
}

/** Of an `activityKey`: its second, and the session's own key bytes. */
export function parseActivityKey(key: Buffer): { bucket: number; keyBytes: Buffer } {
  return { bucket: key.readUInt32BE(2), keyBytes: key.subarray(6) };
}
