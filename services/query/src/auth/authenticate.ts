import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '@throughline/contracts/errors';
import { hashKey, type KeyDirectory, type KeyRecord } from '@throughline/contracts/keys';

/**
 * Whose key a call of the JSON API carries: `Authorization` (the word `Bearer ` is optional), `Helicone-Auth`, or the
 * JSON header `helicone-authorization` of type `bearer`.
 *
 * @throws ApiError `no-key`, `unknown-key`, `keys-unavailable`, `invalid-auth-header`.
 */
export async function authenticate(headers: IncomingHttpHeaders, keys: KeyDirectory): Promise<KeyRecord> {
  const key = presentedKey(headers);
  if (key === undefined || key === '') throw new ApiError('no-key');
  const hash = hashKey(key);
  let record = keys.find(hash);
  if (!record) {
    await keys.lookFor?.(hash);
    record = keys.find(hash);
  }
  if (!record) throw new ApiError(keys.isStale ? 'keys-unavailable' : 'unknown-key');
  return record;
}

/**
 * The key that a call carries, in plain; undefined or empty where it carries none.
 *
 * @throws ApiError `invalid-auth-header`, `invalid-auth-header-format`
 */
export function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const wrapped = headers['helicone-authorization'];
  if (typeof wrapped === 'string' && wrapped !== '') return unwrap(wrapped);
  const plain = headers.authorization ?? headers['helicone-auth'];
  return typeof plain === 'string' ? plain.replace(/^bearer\s+/i, '').trim() : undefined;
}

function unwrap(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApiError('invalid-auth-header', {}, { cause });
  }
  const { _type: type, token } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (type !== 'bearer' || typeof token !== 'string') throw new ApiError('invalid-auth-header-format');
  return token.replace(/^bearer\s+/i, '').trim();
}
