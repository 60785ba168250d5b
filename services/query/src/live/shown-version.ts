import { randomBytes } from 'node:crypto';
import type { LivePorts } from './live-ports.ts';

/**
 * A text that stays the same for as long as lists show the same: `Throughline-Shown`, and in live updates. It says nothing of
 * how much was recorded, by whomever. Another process has other texts, so that two of one text are of one process.
 */
export function createShownVersion(live: Pick<LivePorts, 'partitions' | 'progress'>): () => string {
  const process = randomBytes(6).toString('base64url');
  let seen = '';
  let changes = 0;
  return () => {
    const now = Array.from({ length: live.partitions }, (_, partition) => live.progress(partition).snapshots).join();
    if (now !== seen) changes++;
    seen = now;
    return `${process}-${changes}`;
  };
}
