import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { HOUR_MS, hourStart, requireBodyName } from '../body-names.ts';
import { type BodyStore, BodyStoreError } from '../body-store.ts';

/** Made by `prepare`, on the folder that everybody shares: one that is not mounted, or another machine's, is without it. */
const MARK = 'throughline-bodies';

/**
 * Bodies as files of a folder that gateways and aggregators share: one machine's disk, or a network file system.
 *
 * An object is written under another name, synced, given its name, and then its folder is synced. A folder without
 * `prepare`'s mark is `unavailable`: what an unmounted folder does not hold is not missing.
 *
 * @param folder absolute, or relative to the working directory.
 */
export function openFileBodyStore(folder: string): BodyStore {
  const root = resolve(folder);
  const requireMark = async () => {
    if (await isThere(join(root, MARK))) return;
    throw new BodyStoreError(
      'unavailable',
      `${root} is not the prepared folder of bodies: mount it, or run \`throughline migrate\` with this BODY_STORE_URL`,
    );
  };
  return {
    async put(name, bytes) {
      requireBodyName(name);
      await translated(root, async () => {
        await requireMark();
        const file = join(root, name);
        for (let attempt = 1; ; attempt++) {
          try {
            await makeFolders(root, dirname(name));
            await writeWhole(file, bytes);
            return;
          } catch (error) {
            // An hour's folder that was empty may be taken away at this very moment.
            if (!isCode(error, 'ENOENT') || attempt === PUT_TRIES_MAX) throw error;
          }
        }
      });
    },
    async get(name, size) {
      requireBodyName(name);
      return translated(root, async () => {
        const bytes = await readSized(join(root, name), size);
        if (bytes === undefined) await requireMark();
        return bytes;
      });
    },
    deleteBefore: (atMs) =>
      translated(root, async () => {
        await requireMark();
        let deleted = 0;
        for (const day of await foldersIn(root)) {
          if (!isOver(day, '00', atMs)) continue;
          for (const hour of await foldersIn(join(root, day))) {
            if (isOver(day, hour, atMs - HOUR_MS)) deleted += await deleteOlder(join(root, day, hour), atMs);
          }
          await removeIfEmpty(join(root, day));
        }
        return deleted;
      }),
    prepare: () =>
      translated(root, async () => {
        // Bodies of calls: nobody else's to read.
        await mkdir(root, { recursive: true, mode: 0o700 });
        await writeWhole(
          join(root, MARK),
          Buffer.from('Bodies on their way through the log. Leave this file alone.\n'),
        );
      }),
    check: () => translated(root, requireMark),
    close: async () => {},
  };
}

const PUT_TRIES_MAX = 3;

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomUUID()}.part`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Day and hour. Each new entry is synced in the folder that holds it. */
async function makeFolders(root: string, hour: string): Promise<void> {
  const path = join(root, hour);
  if (await isThere(path)) return;
  await mkdir(path, { recursive: true, mode: 0o700 });
  await syncFolder(dirname(path));
  await syncFolder(root);
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readSized(file: string, size: number): Promise<Uint8Array | undefined> {
  try {
    // Looked at first: a file that is not ours could be of any size.
    if ((await stat(file)).size !== size) return undefined;
    const bytes = await readFile(file);
    return bytes.length === size ? bytes : undefined;
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR') || isCode(error, 'EISDIR')) return undefined;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return false;
    throw error;
  }
}

async function foldersIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    // Another process has just taken it away.
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function isOver(day: string, hour: string, atMs: number): boolean {
  const start = hourStart(day, hour);
  return start !== undefined && start <= atMs;
}

/** Also what a crash left half written. @returns how many objects. */
async function deleteOlder(folder: string, atMs: number): Promise<number> {
  let deleted = 0;
  for (const name of await readdir(folder).catch(nothingIfGone)) {
    const file = join(folder, name);
    try {
      if ((await stat(file)).mtimeMs >= atMs) continue;
      await unlink(file);
      if (!name.endsWith('.part')) deleted++;
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error;
    }
  }
  await removeIfEmpty(folder);
  return deleted;
}

function nothingIfGone(error: unknown): string[] {
  if (isCode(error, 'ENOENT')) return [];
  throw error;
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!isCode(error, 'ENOENT') && !isCode(error, 'ENOTEMPTY') && !isCode(error, 'EEXIST')) throw error;
  });
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

async function translated<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BodyStoreError) throw error;
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const isRefusal = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    throw new BodyStoreError(isRefusal ? 'denied' : 'unavailable', `the folder of bodies ${root}: ${code}`, {
      cause: error,
    });
  }
}
