import { crc32 } from 'node:zlib';
import type { BodyReference } from '@throughline/contracts/request-event';
import { isBodyName } from './body-names.ts';
import type { BodyStore } from './body-store.ts';

/**
 * The bytes that an event refers to, checked against what it says of them.
 *
 * @returns undefined: the store answers, and does not have them as they were sent.
 * @throws BodyStoreError
 */
export async function getReferenced(
  store: Pick<BodyStore, 'get'>,
  { name, size, crc32: expected }: BodyReference,
): Promise<Uint8Array | undefined> {
  // The log may hold anything: a name that is none leads nowhere.
  if (!isBodyName(name)) return undefined;
  const bytes = await store.get(name, size);
  return bytes !== undefined && crc32(bytes) === expected ? bytes : undefined;
}
