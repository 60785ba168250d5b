import { ApiError } from '@throughline/contracts/errors';
import { type KeyRecord, PERMISSIONS, type Permission } from '@throughline/contracts/keys';

/** What a route asks of a key. `read` includes what `m` may read; `read-bodies` does not. `any-key`: that it is one. */
export type Access = 'any-key' | 'read' | 'read-bodies' | 'write' | 'replay' | 'manage-keys' | 'operate';

const GRANTED_BY: Readonly<Record<Access, readonly Permission[]>> = {
  'any-key': PERMISSIONS,
  read: ['r', 'rw', 'm'],
  'read-bodies': ['r', 'rw'],
  write: ['w', 'rw'],
  // It reads bodies, and records calls.
  replay: ['rw'],
  'manage-keys': ['rw'],
  operate: ['operator'],
};

/** Whether a key may do it. */
export function grants(key: KeyRecord, access: Access, options: { allowWriteKeysToRead: boolean }): boolean {
  if (key.permissions.some((permission) => GRANTED_BY[access].includes(permission))) return true;
  const isReading = access === 'read' || access === 'read-bodies';
  return isReading && options.allowWriteKeysToRead && key.permissions.includes('w');
}

/** @throws ApiError `missing-permission`, naming what would do. */
export function requireAccess(key: KeyRecord, access: Access, options: { allowWriteKeysToRead: boolean }): void {
  if (!grants(key, access, options)) {
    throw new ApiError('missing-permission', {
      permission: GRANTED_BY[access].map((name) => `\`${name}\``).join(' or '),
    });
  }
}
