import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { valueTicks } from './value-ticks.ts';

describe('the lines of an axis of values', () => {
  test('are as many as there is room for', () => {
    expect(valueTicks(43, 2, true)).toEqual([0, 20, 40]);
    expect(valueTicks(43, 6, true)).toEqual([0, 10, 20, 30, 40]);
    expect(valueTicks(0.5, 3, false)).toEqual([0, 0.2, 0.4]);
  });

  test('stand for wholes where there are no halves', () => {
    expect(valueTicks(1.08, 9, true)).toEqual([0, 1]);
    expect(valueTicks(2.16, 9, true)).toEqual([0, 1, 2]);
  });

  test('are two at least, on the axis, whatever its end and the room', () => {
    const top = fc.double({ min: 1e-9, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(top, fc.integer({ min: 0, max: 20 }), fc.boolean(), (end, room, isWhole) => {
        const ticks = valueTicks(isWhole ? Math.max(1, end) : end, room, isWhole);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(Math.max(3, room));
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeLessThanOrEqual(Math.max(1, end) * 1.000001);
      }),
    );
  });
});
