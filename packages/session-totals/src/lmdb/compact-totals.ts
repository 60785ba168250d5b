import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { checkDataFile } from './check-data-file.ts';
import { META_STORE, REMOVED_KEY } from './lmdb-meta.ts';

const DATA_FILE = 'data.mdb';

/**
 * LMDB leaves what it removes or replaces in its file until it needs the page again. Where something was deleted since the
 * last time, this writes the file anew, without such pages. Before anybody opens the folder; a file of 100 MB takes about
 * half a second. A crash leaves the old file or the new one.
 *
 * @returns whether there was something to do.
 */
export async function compactTotals(dir: string): Promise<boolean> {
  const file = join(dir, DATA_FILE);
  const copy = join(dir, 'compacted');
  rmSync(copy, { recursive: true, force: true });
  if (!existsSync(file)) return false;
  checkDataFile(file);
  const root = open({ path: dir, noSubdir: false, maxDbs: 5, overlappingSync: false });
  try {
    const meta = root.openDB<Buffer, Buffer>(META_STORE, { encoding: 'binary', keyEncoding: 'binary' });
    if (meta.getBinary(REMOVED_KEY) === undefined) return false;
    meta.removeSync(REMOVED_KEY);
    mkdirSync(copy);
    try {
      await root.backup(copy, true);
    } catch (error) {
      // A disk without room for two: the next start tries again.
      meta.putSync(REMOVED_KEY, Buffer.of(1));
      throw error;
    }
  } finally {
    await root.close();
  }
  sync(join(copy, DATA_FILE));
  renameSync(join(copy, DATA_FILE), file);
  rmSync(copy, { recursive: true, force: true });
  sync(dir);
  return true;
}

function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
