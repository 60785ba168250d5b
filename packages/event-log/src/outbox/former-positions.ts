import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { type AckedPosition, NOTHING_ACKED } from './partition-queue.ts';
import type { OutboxPositions } from './positions-file.ts';

const FILE_NAMES = ['positions-0', 'positions-1'];

/** What earlier versions kept, as text in two files: CRC in hexadecimal, a space, JSON. Undefined: nothing that holds. */
export function readFormerPositions(dir: string, owner: string, partitions: number): OutboxPositions | undefined {
  return FILE_NAMES.map((name) => readFile(path.join(dir, name), owner, partitions))
    .filter((found) => found !== undefined)
    .sort((a, b) => b.version - a.version)[0]?.positions;
}

export function removeFormerPositions(dir: string): void {
  for (const name of FILE_NAMES) fs.rmSync(path.join(dir, name), { force: true });
}

function readFile(file: string, owner: string, partitions: number) {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const body = text.slice(9, -1);
  if (text.slice(0, 8) !== crc32(body).toString(16).padStart(8, '0')) return undefined;
  // Whole, so it is what was written.
  const { version, low, done, acked, ...rest } = JSON.parse(body) as {
    version: number;
    owner: string;
    partitions: number;
    low: number;
    done: number;
    acked: [number, number, number, number][];
  };
  if (rest.owner !== owner || rest.partitions !== partitions) return undefined;
  const all: AckedPosition[] = Array(partitions).fill(NOTHING_ACKED);
  for (const [partition, offset, seq, receivedAt] of acked) all[partition] = { offset, seq, receivedAt };
  return { version, positions: { low, done, acked: all } };
}
