import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often one who waits for another process's fetch looks again. */
const LOCK_POLL_MS = 100;

/**
 * Makes a folder that is the same for every process of this machine, once: processes that come while one makes it wait
 * for that one. The folder appears complete or not at all; after a failure the next caller tries again.
 *
 * @param folder where the result is to be.
 * @param make fills a temporary folder beside it.
 * @returns `folder`.
 */
export async function prepareOnce(folder: string, make: (temporary: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  return alone(`${folder}.lock`, async () => {
    if (existsSync(folder)) return folder;
    const temporary = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
    try {
      await make(temporary);
      await rename(temporary, folder);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    return folder;
  });
}

/** Runs `work` while no other process of this machine runs any under the same lock file. Its folder is made. */
export async function alone<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lockFile), { recursive: true });
  const release = await lock(lockFile);
  try {
    return await work();
  } finally {
    release();
  }
}

// A connection that nothing refers to is collected, and its lock with it.
const held = new Set<DatabaseSync>();

// SQLite's exclusive transaction is the operating system's file lock: it ends with its process, also after kill -9.
async function lock(file: string): Promise<() => void> {
  for (;;) {
    const database = new DatabaseSync(file, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
      held.add(database);
      return () => {
        held.delete(database);
        database.close();
      };
    } catch (error) {
      database.close();
      if (!BUSY.includes((error as { errcode?: number }).errcode ?? 0)) throw error;
    }
    await sleep(LOCK_POLL_MS);
  }
}

/** SQLite's result codes for a lock that somebody else holds: SQLITE_BUSY, SQLITE_LOCKED. */
const BUSY = [5, 6];
