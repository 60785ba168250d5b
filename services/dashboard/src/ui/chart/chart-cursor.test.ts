import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ChartCursor, cursorAfter, endOf, indexOf, selectedOf } from './chart-cursor.ts';

const TIMES = [0, 60, 120, 180];

describe('the cursor of a chart', () => {
  test('begins on the latest interval, and goes one on or to an end', () => {
    expect(cursorAfter(null, 'ArrowLeft', false, TIMES)).toEqual({ atMs: 120, anchorMs: null });
    expect(cursorAfter({ atMs: 60, anchorMs: null }, 'ArrowRight', false, TIMES)).toMatchObject({ atMs: 120 });
    expect(cursorAfter({ atMs: 60, anchorMs: null }, 'End', false, TIMES)).toMatchObject({ atMs: 180 });
    expect(cursorAfter({ atMs: 60, anchorMs: null }, 'Home', false, TIMES)).toMatchObject({ atMs: 0 });
  });

  test('stays where there is nothing beyond', () => {
    expect(cursorAfter({ atMs: 0, anchorMs: null }, 'ArrowLeft', false, TIMES)).toMatchObject({ atMs: 0 });
    expect(cursorAfter({ atMs: 180, anchorMs: null }, 'ArrowRight', false, TIMES)).toMatchObject({ atMs: 180 });
  });

  test('leaves other keys, and charts of nothing, to others', () => {
    expect(cursorAfter(null, 'Tab', false, TIMES)).toBeUndefined();
    expect(cursorAfter(null, 'ArrowLeft', false, [])).toBeUndefined();
  });

  test('selects from where it began to extend, in both directions, until it moves alone', () => {
    const left = cursorAfter({ atMs: 120, anchorMs: null }, 'ArrowLeft', true, TIMES)!;
    expect(selectedOf(left, TIMES)).toEqual([1, 2]);
    const right = cursorAfter(cursorAfter(left, 'ArrowRight', true, TIMES)!, 'ArrowRight', true, TIMES)!;
    expect(selectedOf(right, TIMES)).toEqual([2, 3]);
    expect(selectedOf(cursorAfter(right, 'ArrowLeft', false, TIMES)!, TIMES)).toBeUndefined();
  });

  test('stays at its time where intervals come and go', () => {
    expect(indexOf(120, [60, 120, 180, 240])).toBe(1);
    expect(indexOf(130, TIMES)).toBe(2);
    expect(indexOf(-5, TIMES)).toBe(0);
  });

  test('an interval ends where the next begins, the last one after as long', () => {
    expect(endOf(0, [0, 10, 40])).toBe(10);
    expect(endOf(2, [0, 10, 40])).toBe(70);
    expect(endOf(0, [0])).toBe(60_000);
  });

  test('whatever keys are pressed, it is on an interval, and what is selected is in order', () => {
    const key = fc.tuple(fc.constantFrom('ArrowLeft', 'ArrowRight', 'Home', 'End'), fc.boolean());
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(times, fc.array(key, { minLength: 1, maxLength: 30 }), (some, keys) => {
        const ordered = some.toSorted((a, b) => a - b);
        let cursor: ChartCursor | null = null;
        for (const [name, isExtending] of keys) cursor = cursorAfter(cursor, name, isExtending, ordered)!;
        expect(ordered).toContain(cursor!.atMs);
        const selected = selectedOf(cursor!, ordered);
        expect(selected === undefined).toBe(!keys.at(-1)![1]);
        if (selected) expect(selected[0]).toBeLessThanOrEqual(selected[1]);
      }),
    );
  });
});
