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
  // UTF-8 has no lone surrogates; headers are Latin-1 and have none either.
  return hash('sha256', text, 'base64url').slice(0, LENGTH);
}

/** 192 bits. */
const LENGTH = 32;
