import { hash } from 'node:crypto';

/**
 * Under which a tenant's use of a policy is counted: 32 letters, digits, `-` and `_`, whatever length its parts have.
 *
 * @param policy text in which equal policies are equal and others are not.
 * @param segment whose use it is; undefined for those who name none, which is another segment than ''.
 */
export function limitKey(tenantId: string, policy: string, segment: string | undefined): string {
  // Lengths keep ('a', 'bc') and ('ab', 'c') apart.
  const text = `${tenantId.length}:${tenantId}${policy.length}:${policy}${segment === undefined ? '' : `=${segment}`}`;
  const known = keys.get(text);
  if (known !== undefined) return known;
  // UTF-8 has no lone surrogates; headers are Latin-1 and have none either.
  const key = hash('sha256', text, 'base64url').slice(0, LENGTH);
  if (keys.size >= KEYS_KNOWN_MAX) keys.clear();
  if (text.length <= KNOWN_CHARS_MAX) keys.set(text, key);
  return key;
}

/** Those asked for of late: a hash takes longer than all else that a limit does. */
const keys = new Map<string, string>();
const KEYS_KNOWN_MAX = 20_000;
const KNOWN_CHARS_MAX = 200;

/** 192 bits. */
const LENGTH = 32;
