import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OpenCallsPerKey } from './open-calls-per-key.ts';
import { PROGRESS_BYTES, UploadProgress } from './upload-progress.ts';

describe('the progress of an upload', () => {
  test('stands still only when next to nothing comes for too long, and somebody reads', () => {
    const progress = new UploadProgress(0);
    expect(progress.isMoving(0, false, 100, 100)).toBe(true);
    expect(progress.isMoving(PROGRESS_BYTES, false, 100, 101)).toBe(true);
    expect(progress.isMoving(2 * PROGRESS_BYTES - 1, false, 100, 201)).toBe(true);
    expect(progress.isMoving(2 * PROGRESS_BYTES - 1, true, 100, 500)).toBe(true);
    expect(progress.isMoving(2 * PROGRESS_BYTES, false, 100, 600)).toBe(true);
    expect(progress.isMoving(2 * PROGRESS_BYTES, false, 100, 601)).toBe(false);
  });
});

test('a key never has more calls under way than it may, and what ends makes room for as many', () => {
  const steps = fc.array(fc.record({ key: fc.constantFrom('', 'a', 'b', '__proto__'), takes: fc.boolean() }));
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 4 }), (all, max) => {
      const calls = new OpenCallsPerKey(max);
      const open = new Map<string, number>();
      for (const { key, takes } of all) {
        const count = open.get(key) ?? 0;
        if (takes) {
          expect(calls.take(key)).toBe(count < max);
          open.set(key, Math.min(max, count + 1));
        } else if (count > 0) {
          calls.give(key);
          open.set(key, count - 1);
        }
      }
    }),
  );
  const unbounded = new OpenCallsPerKey(0);
  for (let i = 0; i < 1_000; i++) expect(unbounded.take('a')).toBe(true);
  unbounded.give('a');
});
