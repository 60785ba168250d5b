import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What this folder's links to bodies are signed with: drawn once and kept in `body-url-secret`, so that a link outlives a
 * restart. A file that is damaged, or has been deleted, is replaced: links of the last quarter of an hour then end early.
 *
 * @param given `BODY_URL_SECRET`: used instead, and not kept.
 */
export function loadBodyUrlSecret(dataDir: string, given: string): string {
  if (given !== '') return given;
  const path = join(dataDir, 'body-url-secret');
  const kept = read(path);
  if (kept !== undefined) return kept;
  const made = randomBytes(32).toString('hex');
  // Made anew, so that nobody who had it open before can read it.
  rmSync(path, { force: true });
  writeFileSync(path, `${made}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return made;
}

function read(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^[0-9a-f]{64}$/.test(text) ? text : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
