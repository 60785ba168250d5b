import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { AnalyticsError } from '../analytics-store.ts';

/** Files that carry encoded rows to the engine, which reads binary only from files. */
export interface InsertFiles {
  /**
   * @returns the path of a new file with these bytes, its name made of ours only.
   * @throws AnalyticsError `unavailable`, retryable, when they cannot be written.
   */
  write(bytes: Uint8Array): string;
  remove(path: string): void;
  close(): void;
}

const SHARED_MEMORY = '/dev/shm';
const FOLDER_PREFIX = 'throughline-';
/** Names the data directory that a folder in memory belongs to. */
const OWNER = 'data-directory';

/** The engine reads these in a path as patterns. */
const PATTERN = /[*?{}]/;

/**
 * Prefers memory (`/dev/shm`), which costs a third of a disk's file cache; takes the folder itself where there is no
 * such thing, where it is full (a container's is 64 MB), or where somebody else owns the folder in it.
 * Whatever a killed process left is removed.
 *
 * @param dir the store's own folder.
 * @param inMemory false: never use `/dev/shm`.
 */
export function openInsertFiles(dir: string, inMemory = true): InsertFiles {
  const name = `${FOLDER_PREFIX}${createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 16)}`;
  const memory = inMemory ? ownFolder(join(SHARED_MEMORY, name)) : undefined;
  const disk = ownFolder(join(resolve(dir), 'insert'));
  if (!memory && !disk) {
    const message = `Rows cannot be handed to ClickHouse: ${SHARED_MEMORY} is not usable, and ${dir}/insert must be a folder of this user whose path holds none of * ? { }`;
    throw new AnalyticsError('unavailable', message);
  }
  const folders = [memory, disk].filter((folder) => folder !== undefined);
  for (const folder of folders) empty(folder);
  if (memory) {
    writeFileSync(join(memory, OWNER), resolve(dir), { mode: 0o600 });
    removeOrphans();
  }

  return {
    write(bytes) {
      const file = `${randomUUID()}.rows`;
      if (memory && hasRoom(bytes.length)) {
        try {
          return writeWhole(join(memory, file), bytes);
        } catch (error) {
          if (!disk) throw error;
        }
      }
      const folder = disk ?? memory!;
      try {
        return writeWhole(join(folder, file), bytes);
      } catch (cause) {
        // A full disk, as a rule: it may have room again.
        const message = `Rows cannot be handed to ClickHouse through ${folder}: ${(cause as Error).message}`;
        throw new AnalyticsError('unavailable', message, { retryable: true, cause });
      }
    },
    remove: unlinkIfThere,
    close() {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Undefined when it cannot be made, or is not ours alone: `/dev/shm` is open to every user of the machine. */
function ownFolder(path: string): string | undefined {
  if (PATTERN.test(path)) return undefined;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return undefined;
  }
  const found = lstatSync(path);
  const isOurs = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  return isOurs ? path : undefined;
}

/** A folder in memory outlives the data directory of a process that was killed, should that be deleted afterwards. */
function removeOrphans(): void {
  for (const name of readdirSync(SHARED_MEMORY)) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const folder = join(SHARED_MEMORY, name);
    try {
      if (!existsSync(readFileSync(join(folder, OWNER), 'utf8'))) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Of another user, or of a process that is opening or closing at this moment.
    }
  }
}

function hasRoom(bytes: number): boolean {
  const { bavail, bsize } = statfsSync(SHARED_MEMORY);
  return bavail * bsize > 2 * bytes;
}

function writeWhole(path: string, bytes: Uint8Array): string {
  try {
    writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
    return path;
  } catch (error) {
    unlinkIfThere(path);
    throw error;
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function empty(folder: string): void {
  for (const file of readdirSync(folder)) rmSync(join(folder, file), { recursive: true, force: true });
}
