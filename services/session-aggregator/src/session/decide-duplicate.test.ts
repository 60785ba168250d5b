import { describe, expect, test } from '@jest/globals';
import type { SessionState } from '@throughline/session-totals/session-state';
import fc from 'fast-check';
import { ChosenIdWindow } from './chosen-id-window.ts';
import { createDuplicateDecider } from './decide-duplicate.ts';

const IDS_MAX = 4;
type Known = Pick<SessionState, 'chosenIds' | 'applied'>;

/** The rule as it reads: keep the last ids that counted, look each new one up in them. */
function referenceDecisions(ids: readonly string[]): ('first' | 'duplicate')[] {
  const window: string[] = [];
  return ids.map((id) => {
    if (window.includes(id)) return 'duplicate';
    window.push(id);
    if (window.length > IDS_MAX) window.shift();
    return 'first';
  });
}

function applyBatch(state: Known, batch: readonly (readonly [id: string, offset: number])[]) {
  const decider = createDuplicateDecider(state, IDS_MAX);
  const window = new ChosenIdWindow(state.chosenIds, IDS_MAX);
  const decisions = batch.map(([id, offset]) => {
    const decision = decider.decide(id, offset);
    if (decision === 'first' && offset > state.applied) window.add(id, offset);
    return decision;
  });
  const applied = Math.max(state.applied, ...batch.map(([, offset]) => offset));
  return { decisions, state: { chosenIds: window.result(), applied } };
}

const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', '__proto__'), { maxLength: 40 });
const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 6 }).map((at) => [...at, 0, 40].sort((a, b) => a - b));

describe('decision about caller-chosen request ids', () => {
  test('is that of a window over the last ids, however the log is cut into batches', () => {
    fc.assert(
      fc.property(ids, cuts, (all, at) => {
        let state: Known = { chosenIds: new Map(), applied: -1 };
        const decided: string[] = [];
        for (let i = 1; i < at.length; i++) {
          const batch = all.slice(at[i - 1], at[i]).map((id, k) => [id, at[i - 1]! + k] as const);
          const applied = applyBatch(state, batch);
          decided.push(...applied.decisions);
          state = applied.state;
        }
        expect(decided).toEqual(referenceDecisions(all));
      }),
      { numRuns: 500 },
    );
  });

  test('is the same when a batch is decided again by a state that already knows it', () => {
    // Batches smaller than the window, as the rule asks.
    const batches = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 2 }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(batches, (all) => {
        let state: Known = { chosenIds: new Map(), applied: -1 };
        let offset = 0;
        for (const names of all) {
          const batch = names.map((id) => [id, offset++] as const);
          const once = applyBatch(state, batch);
          const accepted = new Set(batch.filter((_, i) => once.decisions[i] === 'first').map(([id]) => id));
          const again = createDuplicateDecider(once.state, IDS_MAX);
          for (const [i, [id, at]] of batch.entries()) {
            if (accepted.has(id)) expect(again.decide(id, at)).toBe(once.decisions[i]);
          }
          state = once.state;
        }
      }),
      { numRuns: 300 },
    );
  });

  test('lets a forgotten id count again', () => {
    const decider = createDuplicateDecider(undefined, 2);
    expect(['a', 'a', 'b', 'c', 'a', 'b', 'a'].map((id, offset) => decider.decide(id, offset))).toEqual([
      'first',
      'duplicate',
      'first',
      'first',
      'first',
      'first',
      'duplicate',
    ]);
  });
});
