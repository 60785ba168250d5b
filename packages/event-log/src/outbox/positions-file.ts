import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { readFormerPositions, removeFormerPositions } from './former-positions.ts';
import { type AckedPosition, NOTHING_ACKED } from './partition-queue.ts';

/** How far an outbox folder has been emptied. */
export interface OutboxPositions {
  /** Everything below this offset is stored in the log (or lost from the folder). */
  readonly low: number;
  /** Records of the folder that are stored or lost, those above `low` too. */
  readonly done: number;
  /** One per partition. */
  readonly acked: readonly AckedPosition[];
}

const FILE_NAME = 'positions';
const OWNER_BYTES = 16;
const HEADER_BYTES = 4 + 8 + OWNER_BYTES + 4 + 8 + 8;
const PARTITION_BYTES = 24;
/** Slots share no sector: a torn write damages one, and the other one holds the state before it. */
const SECTOR_BYTES = 512;

/**
 * Kept beside the folder's segments so that a restart sends little again. One file with two slots, overwritten in turn and
 * in place, which makes and removes nothing; not synced. After the death of the process the newer slot holds, and after a
 * power cut possibly the older one or none, which only means that more is sent again.
 *
 * A slot: CRC of what follows, generation, owner, number of partitions, `low`, `done`, then offset, number and time of each
 * partition; all numbers little-endian.
 */
export class PositionsFile {
  readonly #dir: string;
  readonly #owner: Buffer;
  readonly #record: Buffer;
  readonly #stride: number;
  #generation = 0;
  #fd: number | undefined;
  /** What was stored when the file was opened. */
  readonly stored: OutboxPositions;

  /** @param owner the producer whose events these are: positions of another are not taken for its own. */
  constructor(dir: string, owner: string, partitions: number) {
    this.#dir = dir;
    this.#owner = createHash('sha256').update(owner).digest().subarray(0, OWNER_BYTES);
    this.#record = Buffer.alloc(HEADER_BYTES + partitions * PARTITION_BYTES);
    this.#stride = Math.ceil(this.#record.length / SECTOR_BYTES) * SECTOR_BYTES;
    const newest = this.#read(partitions);
    this.#generation = newest?.generation ?? 0;
    this.stored = newest?.positions ??
      readFormerPositions(dir, owner, partitions) ?? { low: 0, done: 0, acked: Array(partitions).fill(NOTHING_ACKED) };
  }

  /** @throws when the file cannot be written; what was stored before still holds. */
  store({ low, done, acked }: OutboxPositions): void {
    const generation = this.#generation + 1;
    const record = this.#record;
    let at = 4;
    at = record.writeDoubleLE(generation, at);
    at += this.#owner.copy(record, at);
    at = record.writeUInt32LE(acked.length, at);
    at = record.writeDoubleLE(low, at);
    at = record.writeDoubleLE(done, at);
    for (const { offset, seq, receivedAt } of acked) {
      at = record.writeDoubleLE(offset, at);
      at = record.writeDoubleLE(seq, at);
      at = record.writeDoubleLE(receivedAt, at);
    }
    record.writeUInt32LE(crc32(record.subarray(4)), 0);
    this.#fd ??= this.#open();
    const written = fs.writeSync(this.#fd, record, 0, record.length, (generation % 2) * this.#stride);
    // Not counted as stored: the next attempt goes to the same slot, and never to the one that holds.
    if (written < record.length) throw new Error(`only ${written} of ${record.length} bytes were written`);
    this.#generation = generation;
    if (generation === 1) removeFormerPositions(this.#dir);
  }

  close(): void {
    if (this.#fd !== undefined) fs.closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    // Not `r+` alone, which wants the file to exist, nor `w+`, which empties it.
    return fs.openSync(path.join(this.#dir, FILE_NAME), fs.constants.O_RDWR | fs.constants.O_CREAT);
  }

  #read(partitions: number): { readonly generation: number; readonly positions: OutboxPositions } | undefined {
    let bytes: Buffer;
    try {
      bytes = fs.readFileSync(path.join(this.#dir, FILE_NAME));
    } catch {
      return undefined;
    }
    const slots = [0, this.#stride].flatMap((at) => {
      const slot = this.#parse(bytes.subarray(at, at + this.#record.length), partitions);
      return slot ? [slot] : [];
    });
    return slots.sort((a, b) => b.generation - a.generation)[0];
  }

  #parse(slot: Buffer, partitions: number) {
    if (slot.length < this.#record.length || slot.readUInt32LE(0) !== crc32(slot.subarray(4))) return undefined;
    // Whole, so it is what `store` has written.
    let at = 4;
    const next = () => {
      at += 8;
      return slot.readDoubleLE(at - 8);
    };
    const generation = next();
    const owner = slot.subarray(at, at + OWNER_BYTES);
    const count = slot.readUInt32LE(at + OWNER_BYTES);
    if (!owner.equals(this.#owner) || count !== partitions) return undefined;
    at += OWNER_BYTES + 4;
    const [low, done] = [next(), next()];
    const acked = Array.from({ length: partitions }, () => ({ offset: next(), seq: next(), receivedAt: next() }));
    return { generation, positions: { low, done, acked } };
  }
}
