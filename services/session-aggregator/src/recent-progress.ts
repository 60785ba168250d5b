import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import type { Checkpoint, PartitionState } from '@throughline/session-totals/session-totals';

/** How far behind the fence the analytics store is checked: what a power cut can take from it is far younger. */
export const CHECKED_MS = 10 * 60_000;

/** The start of what is checked is known as exactly as this. */
const CHECKPOINT_EVERY_MS = 60_000;

/** Each commit carries them, 300 bytes each: a flood of resent events shortens what is checked instead. */
export const RECENT_EXCEPTIONS_MAX = 5_000;

/**
 * What the next commit remembers of the last ten minutes: where they begin, and every exception since.
 *
 * @param decided exceptions of the batch that moves the fence from `before.fence` to `offset`.
 * @param at epoch ms of the owner's clock: `received_at` may be hours old where an outbox was emptied late.
 */
export function rememberRecent(
  before: PartitionState,
  decided: readonly LedgerExceptionRow[],
  { offset, at }: Checkpoint,
): Pick<PartitionState, 'checkpoints' | 'recentExceptions'> {
  const checkpoints = [...before.checkpoints];
  const newest = checkpoints.at(-1);
  // A clock set back must not stop checkpoints from being made until it has caught up.
  if (newest === undefined || Math.abs(at - newest.at) >= CHECKPOINT_EVERY_MS) checkpoints.push({ offset, at });
  while (checkpoints.length > 1 && Math.abs(at - checkpoints[1]!.at) >= CHECKED_MS) checkpoints.shift();

  const known = [...before.recentExceptions, ...decided].sort((a, b) => a.source_offset - b.source_offset);
  let recent = above(known, checkpoints[0]!);
  // The one made just now would leave out this very batch.
  while (recent.length > RECENT_EXCEPTIONS_MAX && checkpoints.length > 1 && checkpoints[1]!.offset < offset) {
    checkpoints.shift();
    recent = above(known, checkpoints[0]!);
  }
  if (recent.length <= RECENT_EXCEPTIONS_MAX) return { checkpoints, recentExceptions: recent };
  const last = { offset: before.fence.offset, at };
  return { checkpoints: [last], recentExceptions: above(known, last) };
}

function above(exceptions: readonly LedgerExceptionRow[], { offset }: Checkpoint): readonly LedgerExceptionRow[] {
  return exceptions.filter(({ source_offset }) => source_offset > offset);
}
