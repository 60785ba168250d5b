import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COMPARED_FIGURE_NAMES, type ComparedTotals, compareTotals } from './compared-figures.ts';

const ZERO = Object.fromEntries(COMPARED_FIGURE_NAMES.map((name) => [name, 0])) as unknown as ComparedTotals;

test('a change is the second less the first, and the second by the first', () => {
  const changes = compareTotals({ ...ZERO, cost: 0.1, tokens: 10 }, { ...ZERO, cost: 0.3, tokens: 5 });
  expect(changes.cost).toEqual({ absolute: 0.2, ratio: 0.3 / 0.1 });
  expect(changes.tokens).toEqual({ absolute: -5, ratio: 0.5 });
});

test('what is not known is no change, and nothing grows from zero by a factor', () => {
  const changes = compareTotals({ ...ZERO, cost: null }, { ...ZERO, cost: 1, errors: 2 });
  expect(changes.cost).toEqual({ absolute: null, ratio: null });
  expect(changes.errors).toEqual({ absolute: 2, ratio: null });
  expect(changes.requests).toEqual({ absolute: 0, ratio: 1 });
});

test('the other way round the difference has the other sign', () => {
  const figure = fc.option(fc.nat(), { nil: null });
  const totals = fc.record(Object.fromEntries(COMPARED_FIGURE_NAMES.map((name) => [name, figure])));
  fc.assert(
    fc.property(totals, totals, (a, b) => {
      const there = compareTotals(a as ComparedTotals, b as ComparedTotals);
      const back = compareTotals(b as ComparedTotals, a as ComparedTotals);
      for (const name of COMPARED_FIGURE_NAMES) {
        const { absolute } = there[name];
        // Not `-0`.
        expect(back[name].absolute).toBe(absolute === null ? null : 0 - absolute);
      }
    }),
  );
});
