import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../event-log.ts';

/** Held until released, and by nobody once its process is gone, however it went. */
export interface FolderLock {
  readonly dir: string;
  release(): void;
}

const LOCK_NAME = 'lock';
const HOLDER_NAME = 'lock-holder.json';
/** SQLite's result codes for a lock that somebody else holds. */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;

// A connection that nothing refers to is collected, and its lock with it.
const held = new Set<DatabaseSync>();

/**
 * Takes a folder for this process; makes the folder when there is none. The lock is the operating system's lock on the
 * file `lock`, taken through SQLite's exclusive transaction (nothing is ever written to that file): it ends with the
 * process even after kill -9, works on Linux and macOS, and needs no native build. It also holds between the threads of
 * one process. While it is held, the holding process must not open the file `lock` in another way: closing it again
 * would give the lock away.
 *
 * @throws EventLogError `locked`: held already; the message names the folder and, when known, the process. `failed`:
 *   the folder cannot be made or written.
 */
export function acquireFolderLock(dir: string): FolderLock {
  const database = openLockFile(dir);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    const code = (cause as { errcode?: number }).errcode;
    if (code !== SQLITE_BUSY && code !== SQLITE_LOCKED) {
      throw new EventLogError('failed', `cannot lock ${dir}: ${(cause as Error).message}`, { cause });
    }
    throw new EventLogError('locked', `${dir} is in use by ${holderOf(dir)}; one process at a time can use it`);
  }
  held.add(database);
  noteHolder(dir);
  return {
    dir,
    release() {
      if (!held.delete(database)) return;
      fs.rmSync(path.join(dir, HOLDER_NAME), { force: true });
      database.close();
    },
  };
}

function openLockFile(dir: string): DatabaseSync {
  try {
    fs.mkdirSync(dir, { recursive: true });
    return new DatabaseSync(path.join(dir, LOCK_NAME), { timeout: 0 });
  } catch (cause) {
    throw new EventLogError('failed', `cannot use ${dir}: ${(cause as Error).message}`, { cause });
  }
}

// For the message of the next process only; the lock itself does not depend on it (a full disk may refuse it).
function noteHolder(dir: string): void {
  try {
    fs.writeFileSync(path.join(dir, HOLDER_NAME), `${JSON.stringify({ pid: process.pid })}\n`);
  } catch {
    fs.rmSync(path.join(dir, HOLDER_NAME), { force: true });
  }
}

function holderOf(dir: string): string {
  try {
    const { pid } = JSON.parse(fs.readFileSync(path.join(dir, HOLDER_NAME), 'utf8')) as { pid?: unknown };
    if (typeof pid === 'number') return pid === process.pid ? 'this process' : `process ${pid}`;
  } catch {
    // Not noted yet, or half-written: the message does without it.
  }
  return 'another process';
}
