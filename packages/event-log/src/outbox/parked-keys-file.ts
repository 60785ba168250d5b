import fs from 'node:fs';
import path from 'node:path';
import { EventLogError } from '../event-log.ts';
import { syncFolderNow } from '../files/log-file-system.ts';

const FILE_NAME = 'parked-keys.json';

/**
 * Stores which key was whose when a parked folder's events were given to their tenants; survives a power cut once this
 * returns. Never changed afterwards: whoever goes on after a crash must give the same events the same numbers, whatever
 * has become of the keys.
 *
 * @throws when it cannot be written.
 */
export function storeParkedKeys(dir: string, tenants: ReadonlyMap<string, string>): void {
  const file = path.join(dir, FILE_NAME);
  fs.writeFileSync(`${file}.new`, `${JSON.stringify([...tenants])}\n`, { flush: true, mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
  syncFolderNow(fs, dir);
}

/** @returns undefined: nothing has been decided yet. @throws EventLogError `mismatch` when it cannot be understood. */
export function readParkedKeys(dir: string): ReadonlyMap<string, string> | undefined {
  const file = path.join(dir, FILE_NAME);
  if (!fs.existsSync(file)) return undefined;
  try {
    const pairs = JSON.parse(fs.readFileSync(file, 'utf8')) as [string, string][];
    return new Map(pairs);
  } catch (cause) {
    throw new EventLogError('mismatch', `${file} is damaged: it does not say whose keys are whose`, { cause });
  }
}
