import { SESSION_BOUNDS } from '@throughline/session-totals/session-bounds';
import type { SessionState } from '@throughline/session-totals/session-state';

/** Tells retries from first calls in one session, event by event in the order of the log. */
export interface DuplicateDecider {
  /**
   * @param requestId one that the caller chose; ids of our own making are never asked about.
   * @param offset greater than that of the call before.
   * @returns the same answer however the log is cut into batches, and again when it is read again after a crash.
   */
  decide(requestId: string, offset: number): 'first' | 'duplicate';
}

/**
 * An id is a duplicate when one of the last 10,000 caller-chosen ids of this session, all used at lower offsets, is the
 * same. Make one decider per session and batch.
 *
 * A state hydrated from a newer snapshot knows ids from behind the event; they are not counted against it. It may also
 * have forgotten ids from before the event: a batch must therefore be smaller than the window.
 *
 * @param state before the batch; undefined for a new session.
 */
export function createDuplicateDecider(
  state: Pick<SessionState, 'chosenIds' | 'applied'> | undefined,
  idsMax: number = SESSION_BOUNDS.chosenIdsMax,
): DuplicateDecider {
  const known = state?.chosenIds ?? new Map<string, number>();
  const applied = state?.applied ?? -1;
  const added = new Map<string, number>();
  // Instead of copying the window, the offsets that fall out of it as ids are added are followed from its oldest end.
  const oldestFirst = offsetsOf(known, added);
  let held = known.size;
  let forgottenThrough = -1;

  return {
    decide(requestId, offset) {
      const firstUse = added.get(requestId) ?? known.get(requestId);
      if (firstUse !== undefined && firstUse < offset && firstUse > forgottenThrough) return 'duplicate';
      // At or below `applied` the window already holds this very event.
      if (offset <= applied) return 'first';
      // Deleted first, so that an id used again after it was forgotten comes last in the order of insertion.
      added.delete(requestId);
      added.set(requestId, offset);
      held++;
      if (held > idsMax) {
        forgottenThrough = oldestFirst.next().value ?? forgottenThrough;
        held--;
      }
      return 'first';
    },
  };
}

function* offsetsOf(
  known: ReadonlyMap<string, number>,
  added: ReadonlyMap<string, number>,
): Generator<number, undefined> {
  yield* known.values();
  // A live iterator: it goes on to what is added after it was made.
  yield* added.values();
}
