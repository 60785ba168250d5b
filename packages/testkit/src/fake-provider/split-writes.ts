import type { Random } from '../seed.ts';
import type { FakePlace, FakeScript } from './script.ts';

/** Longest piece of the split `random`, in bytes: below most events, so that events are cut too. */
const PIECE_BYTES_MAX = 200;

/** Cuts a body into the writes that a script asks for; no write is empty. */
export function splitWrites(parts: readonly Buffer[], split: FakeScript['split'], random: Random): Buffer[] {
  if (split === undefined || split === 'events') return parts.filter((part) => part.length > 0);
  const whole = Buffer.concat(parts);
  if (split === 'whole') return whole.length > 0 ? [whole] : [];
  const writes: Buffer[] = [];
  for (let at = 0; at < whole.length; ) {
    const size = split === 'bytes' ? 1 : random.integer(1, PIECE_BYTES_MAX);
    writes.push(whole.subarray(at, at + size));
    at += size;
  }
  return writes;
}

/** Divides writes at the place of a fault: what goes out before it, and what would have come after. */
export function divideAt(writes: readonly Buffer[], place: FakePlace): { before: Buffer[]; after: Buffer[] } {
  if (place === 'request' || place === 'head') return { before: [], after: [...writes] };
  if ('writes' in place) return { before: writes.slice(0, place.writes), after: writes.slice(place.writes) };
  const before: Buffer[] = [];
  const after: Buffer[] = [];
  let room = place.bytes;
  for (const write of writes) {
    const kept = Math.min(room, write.length);
    if (kept > 0) before.push(write.subarray(0, kept));
    if (kept < write.length) after.push(write.subarray(kept));
    room -= kept;
  }
  return { before, after };
}
