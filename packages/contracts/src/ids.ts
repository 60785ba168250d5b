import { randomFillSync } from 'node:crypto';

/** Most partitions an id can name: 12 bits. */
export const PARTITIONS_MAX = 4096;

const random = new Uint8Array(8 * 512);
let used = random.length;

/**
 * A UUIDv7 (RFC 9562) whose 12 bits after the time and version hold the partition, so that an annotation finds its
 * partition from the id alone. The other 62 bits are random.
 *
 * @param partition 0 … 4095
 * @param nowMs epoch ms, 48 bits; fractions are cut off
 */
export function newEventId(partition: number, nowMs: number): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const time = Math.floor(nowMs).toString(16).padStart(12, '0');
  let tail = '';
  for (let i = 0; i < 8; i++) {
    const byte = random[used + i]!;
    tail += HEX[i === 0 ? (byte & 0x3f) | 0x80 : byte];
  }
  used += 8;
  const place = partition.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${place}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** The partition in an id made by `newEventId`: a hint, since callers choose ids too. Undefined for other versions. */
export function partitionHint(id: string): number | undefined {
  if (id.length !== 36 || id[14] !== '7') return undefined;
  const partition = Number.parseInt(id.slice(15, 18), 16);
  return Number.isNaN(partition) ? undefined : partition;
}

/** The same id with another partition in it; an id of another version than 7 stays as it is. */
export function withPartitionHint(id: string, partition: number): string {
  if (id.length !== 36 || id[14] !== '7') return id;
  return `${id.slice(0, 15)}${partition.toString(16).padStart(3, '0')}${id.slice(18)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Any UUID of RFC 9562: versions 1–8, variant 10. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
