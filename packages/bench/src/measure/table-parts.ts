import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A part of a table, as the engine names its folder: `202611_1_16_2`, behind it `_20` where it was changed in place. */
interface Part {
  readonly name: string;
  readonly partition: string;
  readonly min: number;
  readonly max: number;
  /** How often it was merged, then changed. */
  readonly age: readonly [level: number, mutation: number];
}

/** Folders of the tables of a product's data folder, by the table's name. */
export function tableFolders(dataDir: string): ReadonlyMap<string, string> {
  const dir = join(dataDir, 'clickhouse', 'engine', 'data', 'throughline');
  return new Map(readdirSync(dir).map((table) => [table, join(dir, table)]));
}

/**
 * Which of the names in a table's folder are parts that are read from: those that were merged into another stay on disk for a
 * while. Whatever is no part, and what is still being written, is left out.
 */
export function activeParts(names: readonly string[]): { readonly name: string; readonly partition: string }[] {
  const parts = names.flatMap(partOf);
  const covers = (a: Part, b: Part) =>
    a !== b &&
    a.partition === b.partition &&
    a.min <= b.min &&
    a.max >= b.max &&
    (a.age[0] > b.age[0] || (a.age[0] === b.age[0] && a.age[1] > b.age[1]));
  return parts.filter((part) => !parts.some((other) => covers(other, part)));
}

/** Most active parts that a partition of the table has: what the engine delays and refuses inserts by. */
export function partsOfFullestPartition(names: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const { partition } of activeParts(names)) counts.set(partition, (counts.get(partition) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

function partOf(name: string): Part[] {
  const found = /^([0-9a-z]+)_(\d+)_(\d+)_(\d+)(?:_(\d+))?$/.exec(name);
  if (!found) return [];
  const [, partition, min, max, level, mutation = '0'] = found;
  return [{ name, partition: partition!, min: Number(min), max: Number(max), age: [Number(level), Number(mutation)] }];
}
