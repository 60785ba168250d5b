import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { StartError } from './start-error.ts';

/** Where everything embedded mode keeps is. */
export interface DataDir {
  readonly root: string;
  readonly log: string;
  readonly totals: string;
  /** What the gateway remembers from one call to the next; may be deleted. */
  readonly calls: string;
  readonly clickhouse: string;
  /** Local commands (`audit`, `demo`) reach the running process here; only its user may. */
  readonly controlSocket: string;
}

/**
 * Make the folder if it is missing.
 *
 * @throws StartError when it cannot be made or written to.
 */
export function openDataDir(path: string): DataDir {
  const root = resolve(path);
  try {
    // Bodies of calls lie in here: nobody else's to read.
    makeFolder(root);
    accessSync(root, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(
      `the data directory ${root} cannot be used (${(error as NodeJS.ErrnoException).code}): make it writable or set THROUGHLINE_DATA_DIR to another folder.`,
    );
  }
  return dataDirAt(root);
}

/** The layout, without touching the disk. */
export function dataDirAt(path: string): DataDir {
  const root = resolve(path);
  return {
    root,
    log: join(root, 'log'),
    totals: join(root, 'totals'),
    calls: join(root, 'calls'),
    clickhouse: join(root, 'clickhouse'),
    controlSocket: socketPath(root),
  };
}

/** Systems bound the path of a Unix socket to some 104 bytes; a deep folder's socket lies in the temporary one. */
function socketPath(root: string): string {
  const path = join(root, 'control.sock');
  if (Buffer.byteLength(path) <= 100) return path;
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(tmpdir(), `throughline-${name}.sock`);
}
