import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Interval, stepOrder } from './step-order.ts';

const intervals = fc
  .array(fc.record({ requestAt: fc.integer({ min: 0, max: 30 }), took: fc.integer({ min: 0, max: 12 }) }), {
    maxLength: 40,
  })
  .map((steps) =>
    steps
      .map(({ requestAt, took }): Interval => ({ requestAt, responseAt: requestAt + took }))
      .sort((a, b) => a.requestAt - b.requestAt),
  );

test('a step begins exactly when all those have ended that had ended before it began, and every step begins', () => {
  fc.assert(
    fc.property(intervals, fc.infiniteStream(fc.nat()), (steps, choices) => {
      const order = stepOrder(steps);
      const begun: number[] = [];
      const underWay: number[] = [];
      const ended = new Set<number>();
      const hadEndedBefore = (at: number) =>
        steps.flatMap((step, other) =>
          step.responseAt < steps[at]!.requestAt || (step.responseAt === steps[at]!.requestAt && other < at)
            ? [other]
            : [],
        );
      while (ended.size < steps.length) {
        for (let at = order.next(); at !== undefined; at = order.next()) {
          for (const other of hadEndedBefore(at)) expect(ended).toContain(other);
          begun.push(at);
          underWay.push(at);
        }
        // The next one waits for something that is under way, not for what has ended.
        const next = begun.length;
        if (next < steps.length) expect(hadEndedBefore(next).every((other) => ended.has(other))).toBe(false);
        const [one] = underWay.splice(choices.next().value % underWay.length, 1);
        ended.add(one!);
        order.ended(one!);
      }
      expect(begun).toEqual(steps.map((_, at) => at));
    }),
  );
});

test('steps of the same instant, which took no time, come one after the other', () => {
  const order = stepOrder([1, 2, 3].map(() => ({ requestAt: 5, responseAt: 5 })));
  expect([order.next(), order.next()]).toEqual([0, undefined]);
  order.ended(0);
  expect([order.next(), order.next()]).toEqual([1, undefined]);
});
