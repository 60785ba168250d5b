import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

const SLOT_BYTES = 20;
// A sector each: a torn write damages one slot, and the other one holds the value before it.
const SLOT_STRIDE = 512;

export type SyncedEnd = Pick<SyncedEndFile, 'stored' | 'store' | 'close'>;

/** For a folder that nobody ever appends to again, as an outbox's, whose next process makes another one. */
export const NO_SYNCED_END: SyncedEnd = { stored: 0, store: () => {}, close: () => {} };

/**
 * How far the log has been synced (and so may have been read), kept beside it: a log whose tail was cut or damaged later
 * knows from this which numbers it must not give again. Written after every sync and not synced itself: it survives the
 * death of the process, and after a power cut it may be a little behind, never ahead.
 */
export class SyncedEndFile {
  readonly #fd: number;
  readonly #record = Buffer.alloc(SLOT_BYTES);
  #writes = 0;
  /** The highest end stored when the file was opened; 0 in a new folder or when nothing valid is stored. */
  readonly stored: number;

  constructor(dir: string, logMark: Buffer) {
    const file = path.join(dir, 'synced-end');
    // Not `r+` alone, which wants the file to exist, nor `w+`, which empties it.
    this.#fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT);
    this.stored = Math.max(this.#read(0, logMark), this.#read(1, logMark));
    this.#record.set(logMark, 0);
  }

  /** @throws when the file cannot be written: the synced end must not be published then. */
  store(end: number): void {
    this.#record.writeBigUInt64LE(BigInt(end), 8);
    this.#record.writeUInt32LE(crc32(this.#record.subarray(0, 16)), 16);
    fs.writeSync(this.#fd, this.#record, 0, SLOT_BYTES, (this.#writes++ % 2) * SLOT_STRIDE);
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  #read(slot: number, logMark: Buffer): number {
    const record = Buffer.alloc(SLOT_BYTES);
    const count = fs.readSync(this.#fd, record, 0, SLOT_BYTES, slot * SLOT_STRIDE);
    const valid =
      count === SLOT_BYTES &&
      record.subarray(0, 8).equals(logMark) &&
      record.readUInt32LE(16) === crc32(record.subarray(0, 16));
    return valid ? Number(record.readBigUInt64LE(8)) : 0;
  }
}
