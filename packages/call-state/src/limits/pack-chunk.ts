import { CHUNK_ENTRIES_MAX, type LogChunk } from './unit-log.ts';

/** Version (1 byte), window (8), then each entry as time and units (8 each), doubles, little-endian. */
const VERSION = 1;
const HEAD_BYTES = 9;
const ENTRY_BYTES = 16;

/** A chunk of a log with this window as bytes for the store. */
export function packChunk(windowMs: number, { times, units }: LogChunk): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + times.length * ENTRY_BYTES);
  bytes[0] = VERSION;
  bytes.writeDoubleLE(windowMs, 1);
  for (let i = 0; i < times.length; i++) {
    bytes.writeDoubleLE(times[i]!, HEAD_BYTES + i * ENTRY_BYTES);
    bytes.writeDoubleLE(units[i]!, HEAD_BYTES + i * ENTRY_BYTES + 8);
  }
  return bytes;
}

/** @returns undefined for bytes that are no chunk: damaged, or of another version. */
export function unpackChunk(number: number, bytes: Buffer): LogChunk | undefined {
  if (!isChunk(bytes)) return undefined;
  const times: number[] = [];
  const units: number[] = [];
  for (let at = HEAD_BYTES; at < bytes.length; at += ENTRY_BYTES) {
    const time = bytes.readDoubleLE(at);
    const unit = bytes.readDoubleLE(at + 8);
    if (!Number.isSafeInteger(time) || !Number.isSafeInteger(unit) || unit < 0) return undefined;
    if (times.length > 0 && time < times.at(-1)!) return undefined;
    times.push(time);
    units.push(unit);
  }
  return { number, times, units };
}

/** Epoch ms at which the last entry of a packed chunk leaves. 0 for bytes that are no chunk. */
export function chunkEnd(bytes: Buffer): number {
  return isChunk(bytes) ? bytes.readDoubleLE(1) + bytes.readDoubleLE(bytes.length - ENTRY_BYTES) : 0;
}

function isChunk(bytes: Buffer): boolean {
  const entries = (bytes.length - HEAD_BYTES) / ENTRY_BYTES;
  return bytes[0] === VERSION && Number.isInteger(entries) && entries >= 1 && entries <= CHUNK_ENTRIES_MAX;
}
