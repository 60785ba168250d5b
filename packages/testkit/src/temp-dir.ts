import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own under the system's temporary folder. */
export interface TempDir extends AsyncDisposable {
  readonly path: string;
  /** Removes the folder with everything in it; a second call does nothing. */
  remove(): Promise<void>;
}

/** @param label part of the folder's name, so that one left behind says where it came from. */
export async function createTempDir(label: string): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), `throughline-${label}-`));
  // Retries: a process that was just killed may still be closing files.
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  return { path, remove, [Symbol.asyncDispose]: remove };
}
