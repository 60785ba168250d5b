import { describe, expect, test } from '@jest/globals';
import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import { samplePartition } from '@throughline/session-totals/session-state-samples';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import { CHECKED_MS, RECENT_EXCEPTIONS_MAX, rememberRecent } from './recent-progress.ts';

const START = 1_700_000_000_000;

function exceptionAt(offset: number): LedgerExceptionRow {
  return {
    source_partition: 0,
    source_offset: offset,
    through_offset: offset,
    kind: 'resent',
    reason: '',
    tenant_id: '',
    event_id: '',
    request_id: '',
    producer_id: '',
    producer_seq: 0,
    count: 1,
    received_at: 0,
    version: 0n,
  };
}

function after(before: PartitionState, offset: number, at: number, offsets: number[] = []): PartitionState {
  const fence = { ...before.fence, offset };
  return { ...before, fence, ...rememberRecent(before, offsets.map(exceptionAt), { offset, at }) };
}

const fresh = (): PartitionState => samplePartition(-1, { checkpoints: [{ offset: -1, at: START }] });

describe('what is remembered of the last minutes', () => {
  test('reaches ten minutes back, never less, and not much more', () => {
    let state = fresh();
    for (let tick = 1; tick <= 200; tick++) {
      const at = START + tick * 17_000;
      state = after(state, tick, at, [tick]);
      const [first] = state.checkpoints;
      if (tick * 17_000 > CHECKED_MS) {
        expect(at - first!.at).toBeGreaterThanOrEqual(CHECKED_MS);
        expect(at - first!.at).toBeLessThan(CHECKED_MS + 80_000);
      }
      expect(state.recentExceptions.map(({ source_offset }) => source_offset)).toEqual(
        Array.from({ length: tick - Math.max(first!.offset, 0) }, (_, i) => Math.max(first!.offset, 0) + 1 + i),
      );
    }
    expect(state.checkpoints.length).toBeLessThan(13);
  });

  test('holds every exception above its first checkpoint, however many there are', () => {
    let state = fresh();
    let next = 0;
    const batch = RECENT_EXCEPTIONS_MAX / 5;
    for (let i = 1; i <= 30; i++) {
      const offsets = Array.from({ length: batch }, () => next++);
      state = after(state, next - 1, START + i * 20_000, offsets);
      expect(state.recentExceptions.length).toBeLessThanOrEqual(RECENT_EXCEPTIONS_MAX);
      expect(state.recentExceptions[0]?.source_offset ?? next).toBe(state.checkpoints[0]!.offset + 1);
    }
    // One batch larger than the bound is kept whole: nothing else could be repaired.
    const flood = Array.from({ length: RECENT_EXCEPTIONS_MAX + 7 }, () => next++);
    const fence = state.fence.offset;
    state = after(state, next - 1, START + 700_000, flood);
    expect(state.recentExceptions).toHaveLength(RECENT_EXCEPTIONS_MAX + 7);
    expect(state.checkpoints).toEqual([{ offset: fence, at: START + 700_000 }]);
  });

  test('goes on making checkpoints when the clock is set back', () => {
    let state = after(fresh(), 0, START + 60_000, [0]);
    state = after(state, 1, START - 86_400_000, [1]);
    expect(state.checkpoints.at(-1)).toEqual({ offset: 1, at: START - 86_400_000 });
    expect(state.recentExceptions.length).toBe(2 - (state.checkpoints[0]!.offset + 1));
  });
});
