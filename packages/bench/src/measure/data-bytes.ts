import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { activeParts, tableFolders } from './table-parts.ts';

/**
 * What a product's data folder takes, by what it is for, bytes. Tables: the parts that are read from. `replaced parts`: those
 * of all tables that were merged into others or are being written; `other`: small tables and metadata.
 */
export type DataBytes = Readonly<Record<DataKind, number>>;

export type DataKind = (typeof DATA_KINDS)[number];

export const DATA_KINDS = ['event log', 'rows', 'bodies', 'snapshots', 'totals', 'other', 'replaced parts'] as const;

const KIND_OF_TABLE: Readonly<Record<string, DataKind>> = {
  requests: 'rows',
  request_bodies: 'bodies',
  sessions: 'snapshots',
  session_keys: 'snapshots',
};

export function readDataBytes(dataDir: string): DataBytes {
  const bytes = Object.fromEntries(DATA_KINDS.map((kind) => [kind, 0])) as Record<DataKind, number>;
  bytes['event log'] = folderBytes(join(dataDir, 'log'));
  bytes.totals = folderBytes(join(dataDir, 'totals'));
  let named = bytes['event log'] + bytes.totals;
  for (const [table, folder] of tableFolders(dataDir)) {
    const active = activeParts(readdirSync(folder)).reduce((sum, { name }) => sum + folderBytes(join(folder, name)), 0);
    const all = folderBytes(folder);
    bytes[KIND_OF_TABLE[table] ?? 'other'] += active;
    bytes['replaced parts'] += Math.max(0, all - active);
    named += Math.max(all, active);
  }
  bytes.other += Math.max(0, folderBytes(dataDir) - named);
  return bytes;
}

/** The sizes of its files. Those that go meanwhile count as nothing; links are not followed. */
function folderBytes(dir: string): number {
  let bytes = 0;
  for (const entry of unlessGone<Dirent[]>(() => readdirSync(dir, { withFileTypes: true })) ?? []) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) bytes += folderBytes(path);
    else if (entry.isFile()) bytes += unlessGone(() => lstatSync(path))?.size ?? 0;
  }
  return bytes;
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
