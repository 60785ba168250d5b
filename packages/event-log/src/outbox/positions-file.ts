import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
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

/**
 * Kept beside the folder's segments so that a restart sends little again. Two files written in turn, not synced: after
 * the death of the process the newer one holds, and after a power cut possibly an older one, which only means that more
 * is sent again.
 */
export class PositionsFile {
  readonly #dir: string;
  readonly #owner: string;
  #version = 0;
  /** What was stored when the file was opened. */
  readonly stored: OutboxPositions;

  /** @param owner the producer whose events these are: positions of another are not taken for its own. */
  constructor(dir: string, owner: string, partitions: number) {
    this.#dir = dir;
    this.#owner = owner;
    const newest = [0, 1]
      .map((slot) => this.#read(slot, partitions))
      .filter((found) => found !== undefined)
      .sort((a, b) => b.version - a.version)[0];
    this.#version = newest?.version ?? 0;
    this.stored = newest?.positions ?? { low: 0, done: 0, acked: Array(partitions).fill(NOTHING_ACKED) };
  }

  /** @throws when the file cannot be written; what was stored before still holds. */
  store({ low, done, acked }: OutboxPositions): void {
    const version = this.#version + 1;
    const given = acked.flatMap(({ offset, seq, receivedAt }, partition) =>
      offset < 0 ? [] : [[partition, offset, seq, receivedAt]],
    );
    const text = JSON.stringify({ version, owner: this.#owner, partitions: acked.length, low, done, acked: given });
    fs.writeFileSync(this.#path(version % 2), `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`);
    this.#version = version;
  }

  #path(slot: number): string {
    return path.join(this.#dir, `positions-${slot}`);
  }

  #read(slot: number, partitions: number): { version: number; positions: OutboxPositions } | undefined {
    let text: string;
    try {
      text = fs.readFileSync(this.#path(slot), 'utf8');
    } catch {
      return undefined;
    }
    const body = text.slice(9, -1);
    if (text.slice(0, 8) !== crc32(body).toString(16).padStart(8, '0')) return undefined;
    // Whole, so it is what `store` has written.
    const { version, owner, low, done, acked, ...rest } = JSON.parse(body) as {
      version: number;
      owner: string;
      partitions: number;
      low: number;
      done: number;
      acked: [number, number, number, number][];
    };
    if (owner !== this.#owner || rest.partitions !== partitions) return undefined;
    const all: AckedPosition[] = Array(partitions).fill(NOTHING_ACKED);
    for (const [partition, offset, seq, receivedAt] of acked) all[partition] = { offset, seq, receivedAt };
    return { version, positions: { low, done, acked: all } };
  }
}
