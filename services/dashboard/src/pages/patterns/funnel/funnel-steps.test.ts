import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FunnelStep, moveStep, readSteps, writeSteps } from './funnel-steps.ts';

const anyStep = fc.record({ path: fc.string(), match: fc.constantFrom('equals', 'prefix') });

describe('the steps of a funnel in the URL', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 20 }), (steps) => {
        expect(readSteps(writeSteps(steps as FunnelStep[]))).toEqual(steps);
      }),
    );
    expect(
      writeSteps([
        { path: '/a', match: 'equals' },
        { path: '/b', match: 'prefix' },
      ]),
    ).toBe('["/a",["/b"]]');
  });

  it('are none where it says nothing, and leave out what cannot be read', () => {
    for (const text of [undefined, '', '{', '{}', '"a"', '7']) expect(readSteps(text)).toBeUndefined();
    expect(readSteps('["/a",7,null,[],[7],["/b"]]')).toEqual([
      { path: '/a', match: 'equals' },
      { path: '/b', match: 'prefix' },
    ]);
    expect(readSteps(JSON.stringify(Array(30).fill('/a')))).toHaveLength(20);
  });

  it('keep each other when one is moved', () => {
    fc.assert(
      fc.property(
        fc.array(anyStep),
        fc.integer({ min: -2, max: 12 }),
        fc.integer({ min: -2, max: 12 }),
        (any, from, to) => {
          const steps = any as FunnelStep[];
          const moved = moveStep(steps, from, to);
          expect(moved.toSorted(byText)).toEqual(steps.toSorted(byText));
          if (moved !== steps) expect(moved[to]).toBe(steps[from]);
        },
      ),
    );
    const [a, b, c] = ['/a', '/b', '/c'].map((path): FunnelStep => ({ path, match: 'equals' }));
    expect(moveStep([a!, b!, c!], 0, 2)).toEqual([b, c, a]);
    expect(moveStep([a!, b!, c!], 2, 1)).toEqual([a, c, b]);
  });
});

function byText(a: FunnelStep, b: FunnelStep): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
