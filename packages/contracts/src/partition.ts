import { isDeletion } from './annotation.ts';
import { newEventId, withPartitionHint } from './ids.ts';
import type { NewEvent } from './request-event.ts';

/**
 * The partition of an event: all events of one session of one tenant go to the same one, in order.
 *
 * partition = murmur3_x86_32(UTF-8 of tenant + "\0" + key, seed 0) mod count, where key = "s" + session id for an event
 * of a session, else "e" + event id. The 12 bits of an event id that hold the partition (`ids.ts`) count as zero, so that
 * an id can name the partition that follows from it. The same everywhere and for ever: a topic's partition count never
 * changes, and `partition.test.ts` holds vectors that other implementations can check against.
 */
export function partitionFor(tenantId: string, sessionId: string | null, eventId: string, count: number): number {
  if (count === 1) return 0;
  const key = sessionId === null ? `e${withPartitionHint(eventId, 0)}` : `s${sessionId}`;
  return murmur3(Buffer.from(`${tenantId}\0${key}`, 'utf8')) % count;
}

/**
 * Where an event goes: by its session, else by its id; an annotation by those of what it is about. A deletion says which
 * partition it is for.
 */
export function partitionOf(event: NewEvent, count: number): number {
  if (event.kind === 'annotation' && isDeletion(event.change)) return event.change.partition % count;
  const hasSession = event.kind === 'request' || event.kind === 'annotation';
  const sessionId = hasSession ? (event.session?.id ?? null) : null;
  const eventId = event.kind === 'annotation' ? (event.request?.event_id ?? event.event_id) : event.event_id;
  return partitionFor(event.tenant_id, sessionId, eventId, count);
}

/**
 * A new event id that names the partition which its event goes to.
 *
 * @param sessionId null for a call without a session.
 * @param count the log's partitions, 1 … 4096.
 */
export function newEventIdFor(tenantId: string, sessionId: string | null, nowMs: number, count: number): string {
  const id = newEventId(0, nowMs);
  return count === 1 ? id : withPartitionHint(id, partitionFor(tenantId, sessionId, id, count));
}

/** MurmurHash3_x86_32 (Austin Appleby, public domain), as an unsigned 32-bit number. */
export function murmur3(bytes: Uint8Array, seed = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocksEnd = bytes.length & ~3;
  let hash = seed;
  for (let i = 0; i < blocksEnd; i += 4) {
    hash ^= scramble(view.getUint32(i, true));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= blocksEnd; i--) tail = (tail << 8) | bytes[i]!;
  if (bytes.length > blocksEnd) hash ^= scramble(tail);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const k = Math.imul(block, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
