import { createHash, randomBytes } from 'node:crypto';

/**
 * What a key may do. `r` reads, `w` writes (log calls, annotations), `rw` both and manages keys, `m` reads everything
 * but bodies, `operator` reads the system and acts across tenants.
 */
export type Permission = 'r' | 'w' | 'rw' | 'm' | 'operator';

/** A key as services know it: never the key itself, only its SHA-256. */
export interface KeyRecord {
  /** SHA-256, hex, of the text `Bearer <key>`. */
  readonly hash: string;
  /** By which it is named where the hash would say too much: in lists, in the audit log. */
  readonly id: string;
  readonly tenantId: string;
  readonly permissions: readonly Permission[];
  /** Epoch ms; left out: until it is deleted. Directories give out no key that has expired. */
  readonly expiresAtMs?: number;
}

export const PERMISSIONS = ['r', 'w', 'rw', 'm', 'operator'] as const satisfies readonly Permission[];

/** Characters of a key's end by which its owner knows it again. */
export const KEY_HINT_LENGTH = 4;

/** The id of a bootstrap key, which follows from its hash. */
export function bootstrapKeyId(hash: string): string {
  return `bootstrap-${hash.slice(0, 16)}`;
}

/** Log calls and annotate them. */
export function mayWrite({ permissions }: KeyRecord): boolean {
  return permissions.includes('w') || permissions.includes('rw');
}

/** Read what was said in calls. */
export function mayReadBodies({ permissions }: KeyRecord): boolean {
  return permissions.includes('r') || permissions.includes('rw');
}

/** The keys in force, in memory: looked up in the request path, refreshed by whoever owns it. */
export interface KeyDirectory {
  find(hash: string): KeyRecord | undefined;
  /**
   * True while a key that is not found may exist all the same, because the keys were never read or cannot be read again
   * at the moment. Left out: never.
   */
  readonly isStale?: boolean;
  /**
   * Reads the keys again for one that was not found: it may have been made a moment ago, by another process. Resolves
   * within seconds, whatever happens; then `find` says more. Undefined where nothing would come of it: the key was looked
   * for lately, or keys cannot change unseen. Left out: never.
   */
  lookFor?(hash: string): Promise<void> | undefined;
  /** Reads the keys again, not before it is called. Left out where they never change. Rejects when they cannot be read. */
  refresh?(): Promise<void>;
}

/** @param key the plain key, without `Bearer `. */
export function hashKey(key: string): string {
  return createHash('sha256').update(`Bearer ${key}`).digest('hex');
}

/** A new key of the wire contract's form: `sk-helicone-` and four groups of seven lower-case letters and digits. */
export function generateKey(): string {
  const group = () => Array.from({ length: 7 }, () => ALPHABET[randomBelow(ALPHABET.length)]).join('');
  return `sk-helicone-${group()}-${group()}-${group()}-${group()}`;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Unbiased: bytes beyond the largest multiple of `bound` are drawn again. */
function randomBelow(bound: number): number {
  const limit = 256 - (256 % bound);
  for (;;) {
    const byte = randomBytes(1)[0]!;
    if (byte < limit) return byte % bound;
  }
}
