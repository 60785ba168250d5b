import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * True when the process that last had this data directory ran on this machine since it was last switched on: whatever it
 * wrote is there then, synced or not. False when the power may have been cut since, and where nobody can tell.
 */
export function isSameBoot(root: string, bootId = currentBootId()): boolean {
  if (bootId === undefined) return false;
  try {
    return readFileSync(join(root, FILE_NAME), 'utf8') === bootId;
  } catch {
    return false;
  }
}

/** Leaves the mark that `isSameBoot` looks for. Not synced: a mark that a power cut takes along says the right thing. */
export function markBoot(root: string, bootId = currentBootId()): void {
  writeFileSync(join(root, FILE_NAME), bootId ?? '');
}

const FILE_NAME = 'boot-id';

/** Linux makes a random id at each boot. Undefined elsewhere. */
function currentBootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
