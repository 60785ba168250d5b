import fs from 'node:fs';
import path from 'node:path';
import type { LogIdentity } from './outbox-target.ts';

const FILE_NAME = 'target.json';

/** What was last known of the log, so that a process can start while the log cannot be asked. */
export function readKnownTarget(root: string, targetName: string): LogIdentity | undefined {
  try {
    const json = JSON.parse(fs.readFileSync(path.join(root, FILE_NAME), 'utf8')) as Record<string, unknown>;
    const { target, log_id: logId, partitions } = json;
    if (target !== targetName || typeof logId !== 'string') return undefined;
    return Number.isSafeInteger(partitions) && (partitions as number) > 0
      ? { logId, partitions: partitions as number }
      : undefined;
  } catch {
    // Not there yet, or damaged: it is only a hint.
    return undefined;
  }
}

export function storeKnownTarget(root: string, targetName: string, { logId, partitions }: LogIdentity): void {
  const file = path.join(root, FILE_NAME);
  // Several processes may share the folder: each writes a file of its own and puts it in place whole.
  const own = `${file}.${process.pid}.new`;
  fs.writeFileSync(own, `${JSON.stringify({ target: targetName, log_id: logId, partitions })}\n`);
  fs.renameSync(own, file);
}
