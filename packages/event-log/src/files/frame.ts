import { crc32 } from 'node:zlib';

/**
 * One event in a segment file, little-endian:
 *
 * | bytes | |
 * |---|---|
 * | 0–7 | the log's frame mark, random per log: no body that a caller sends can look like a frame of this log |
 * | 8–11 | CRC-32 of everything after it |
 * | 12–15 | length of the payload |
 * | 16–23 | offset, unsigned 64 bit |
 * | 24–31 | `received_at`, epoch ms, double: the age of a segment is known without decoding events |
 * | 32– | payload: the encoded event |
 */
export const FRAME_HEADER_BYTES = 32;
export const FRAME_MARK_BYTES = 8;

const CRC_AT = 8;
const LENGTH_AT = 12;
const OFFSET_AT = 16;
const RECEIVED_AT = 24;
const TWO_TO_32 = 2 ** 32;

/**
 * Writes the header into the first 32 bytes of a frame whose payload is in place behind them.
 *
 * @param frame the frame's bytes, in one or more parts, the first of which holds at least the header.
 */
export function sealFrame(frame: readonly Buffer[], mark: Buffer, offset: number, receivedAtMs: number): void {
  const [first, ...rest] = frame as [Buffer, ...Buffer[]];
  const length = frame.reduce((sum, part) => sum + part.length, 0);
  first.set(mark, 0);
  first.writeUInt32LE(length - FRAME_HEADER_BYTES, LENGTH_AT);
  first.writeUInt32LE(offset % TWO_TO_32, OFFSET_AT);
  first.writeUInt32LE(Math.floor(offset / TWO_TO_32), OFFSET_AT + 4);
  first.writeDoubleLE(receivedAtMs, RECEIVED_AT);
  let crc = crc32(first.subarray(LENGTH_AT));
  for (const part of rest) crc = crc32(part, crc);
  first.writeUInt32LE(crc, CRC_AT);
}

/** @returns the length of the whole frame as its header says; undefined when no header of this log begins there. */
export function frameLength(header: Buffer, mark: Buffer): number | undefined {
  if (header.compare(mark, 0, FRAME_MARK_BYTES, 0, FRAME_MARK_BYTES) !== 0) return undefined;
  return FRAME_HEADER_BYTES + header.readUInt32LE(LENGTH_AT);
}

/** @returns whether the frame, of exactly the length its header says, is as it was written. */
export function isIntact(frame: Buffer): boolean {
  return crc32(frame.subarray(LENGTH_AT)) === frame.readUInt32LE(CRC_AT);
}

export function frameOffset(frame: Buffer): number {
  return frame.readUInt32LE(OFFSET_AT) + frame.readUInt32LE(OFFSET_AT + 4) * TWO_TO_32;
}

export function frameReceivedAtMs(frame: Buffer): number {
  return frame.readDoubleLE(RECEIVED_AT);
}
