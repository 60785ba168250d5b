import type { DeadLetterRow } from '@throughline/contracts/session-row';
import { packVersion } from '@throughline/contracts/version';
import { wellFormed } from '../well-formed.ts';
import type { PreparedEntry } from './decode-entries-step.ts';

/** A sentence. Exceptions of ten minutes travel with every commit, so one must not be a page. */
export const REASON_CHARS_MAX = 1_000;

/** The bytes of an event that could not be processed, as they are kept. */
export function deadLetterRow(
  { offset, step, reason, bytes }: Extract<PreparedEntry, { kind: 'dead' }>,
  { partition, epoch, now }: { partition: number; epoch: number; now: number },
): DeadLetterRow {
  return {
    source_partition: partition,
    source_offset: offset,
    step,
    reason: wellFormed(reason.slice(0, REASON_CHARS_MAX)),
    bytes,
    seen_at: now,
    version: packVersion(offset, epoch),
  };
}
