import { hash } from 'node:crypto';
import type { SessionKey } from '../session-totals.ts';

/**
 * The names of everything that Redis holds of one partition. The part in braces alone decides the hash slot, and ids that
 * callers choose are in no name: one partition is in one slot, whatever its sessions are called.
 */
export interface PartitionKeys {
  /** Hash: `fence` and `live`, the number of live sessions; `open` while a commit is under way. */
  readonly fence: string;
  /** String: the partition's state without its fence. */
  readonly state: string;
  /** Hash: `sessionField` → packed live session. */
  readonly sessions: string;
  /** `sessions` while a commit is under way. */
  readonly open: string;
  /** Sorted set: the live sessions, each with an instant at or before its last activity, epoch ms. */
  readonly activity: string;
  /** Hash: `sessionField` → version of the snapshot of an evicted session, 8 bytes big-endian. */
  stubs(field: Buffer): string;
  /** All that `stubs` may answer. */
  allStubs(): string[];
}

/**
 * Stubs stay as long as their session, so there are many more of them than live sessions. Spread over this many hashes,
 * two million of a partition lie in Redis's compact form for small hashes (512 entries), which takes a third of the
 * memory.
 */
const STUB_HASHES = 4_096;

/**
 * @param namespace letters, digits, `.`, `_` and `-`: a topic's name.
 * @throws RangeError for any other, because a brace in it would move keys to other slots.
 */
export function partitionKeys(namespace: string, partition: number): PartitionKeys {
  if (!/^[\w.-]+$/.test(namespace)) {
    throw new RangeError(`${JSON.stringify(namespace)} is no namespace: letters, digits, dot, underscore and hyphen`);
  }
  const prefix = `{tl:${namespace}:${partition}}:`;
  return {
    fence: `${prefix}fence`,
    state: `${prefix}state`,
    sessions: `${prefix}sessions`,
    open: `${prefix}open`,
    activity: `${prefix}activity`,
    stubs: (field) => `${prefix}stubs:${field.readUInt16BE(0) % STUB_HASHES}`,
    allStubs: () => Array.from({ length: STUB_HASHES }, (_, i) => `${prefix}stubs:${i}`),
  };
}

/** What every script is given first, in this order: fence, state, sessions, activity, open. */
export function ownKeys(keys: PartitionKeys): string[] {
  return [keys.fence, keys.state, keys.sessions, keys.activity, keys.open];
}

/** 160 bits: two sessions share a field as likely as a SHA-1 collides by chance, and values say whose they are. */
export const FIELD_BYTES = 20;

/**
 * Under which a session is found within its partition: the start of a SHA-256, the same size for ids of any length and any
 * text, UTF-16 because UTF-8 has no lone surrogates.
 */
export function sessionField({ tenantId, sessionId }: SessionKey): Buffer {
  // The length keeps ('a', 'bc') and ('ab', 'c') apart.
  const text = Buffer.from(`${tenantId.length}:${tenantId}${sessionId}`, 'utf16le');
  return hash('sha256', text, 'buffer').subarray(0, FIELD_BYTES);
}
