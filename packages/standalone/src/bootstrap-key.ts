import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapKeyId, generateKey, hashKey, KEY_HINT_LENGTH, type KeyRecord } from '@throughline/contracts/keys';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';
import { checkApiKey } from './check-api-key.ts';
import { ConfigError } from './config-error.ts';

export interface BootstrapKey {
  readonly record: KeyRecord;
  /** Its last characters; `''` where only its hash was kept. */
  readonly hint: string;
  /** The key itself, only when it was made just now: nobody can show it again. */
  readonly generated: string | undefined;
  /** The given key takes the place of another one, which is refused from now on. */
  readonly replaces: boolean;
  /** Makes it the key of this folder. Called once the start has succeeded: a key kept earlier might never be shown. */
  keep(): void;
}

/**
 * The first key of tenant `default`, with all rights. Only its SHA-256 is kept, in `bootstrap-key.json`.
 *
 * @param given `THROUGHLINE_API_KEY`: replaces whatever was kept, so that a lost key is no loss. `''`: keep, or generate.
 * @throws ConfigError when the file is damaged, or `given` is no key.
 */
export function loadBootstrapKey(dataDir: string, given: string): BootstrapKey {
  const path = join(dataDir, 'bootstrap-key.json');
  if (given !== '') {
    checkApiKey(given);
    const hash = hashKey(given);
    return {
      record: bootstrapRecord(hash),
      hint: given.slice(-KEY_HINT_LENGTH),
      generated: undefined,
      replaces: isOther(path, hash),
      keep: () => writeHash(path, hash),
    };
  }
  const kept = readHash(path);
  if (kept) {
    return { record: bootstrapRecord(kept), hint: '', generated: undefined, replaces: false, keep: () => {} };
  }
  const generated = generateKey();
  const hash = hashKey(generated);
  return {
    record: bootstrapRecord(hash),
    hint: generated.slice(-KEY_HINT_LENGTH),
    generated,
    replaces: false,
    keep: () => writeHash(path, hash),
  };
}

/** A damaged file holds no key that anybody could be using. */
function isOther(path: string, hash: string): boolean {
  try {
    const kept = readHash(path);
    return kept !== undefined && kept !== hash;
  } catch {
    return false;
  }
}

function bootstrapRecord(hash: string): KeyRecord {
  return { hash, id: bootstrapKeyId(hash), tenantId: DEFAULT_TENANT, permissions: ['rw', 'operator'] };
}

function readHash(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { hash } = JSON.parse(readFileSync(path, 'utf8')) as { hash?: unknown };
    if (typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)) return hash;
  } catch {
    // Falls through: not JSON is as damaged as the wrong fields.
  }
  throw new ConfigError(`${path} is damaged. Start once with THROUGHLINE_API_KEY set: it replaces the key.`);
}

/** By a rename, so that a crash leaves the old key or the new one. */
function writeHash(path: string, hash: string): void {
  const file = openSync(`${path}.new`, 'w', 0o600);
  writeSync(file, `${JSON.stringify({ hash })}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}
