import { describe, expect, test } from '@jest/globals';
import { COMPARED_FIGURE_NAMES, type ComparedTotals } from '@throughline/contracts/compared-figures';
import fc from 'fast-check';
import { failureOf, parseFailIf } from './fail-if.ts';

const ZERO = Object.fromEntries(COMPARED_FIGURE_NAMES.map((name) => [name, 0])) as unknown as ComparedTotals;

function fails(text: string, own: Partial<ComparedTotals>, other: Partial<ComparedTotals> = {}): boolean {
  return failureOf(parseFailIf(text), { ...ZERO, ...own }, { ...ZERO, ...other }) !== undefined;
}

describe('a check', () => {
  test.each<[string, Partial<ComparedTotals>, Partial<ComparedTotals>, boolean]>([
    ['cost > 1.1x', { cost: 1.2 }, { cost: 1 }, true],
    ['cost > 1.1x', { cost: 1.1 }, { cost: 1 }, false],
    ['cost > 3x', { cost: 0.3 }, { cost: 0.1 }, false],
    ['cost>110%', { cost: 1.2 }, { cost: 1 }, true],
    ['Cost > +10%', { cost: 1.2 }, { cost: 1 }, true],
    ['cost > +10%', { cost: 1.05 }, { cost: 1 }, false],
    ['cost < -50%', { cost: 0.4 }, { cost: 1 }, true],
    ['cost >= 0.02$', { cost: 0.02 }, {}, true],
    ['errors > 0', { errors: 1 }, {}, true],
    ['errors > 0', {}, {}, false],
    ['errors > 1x', { errors: 1 }, { errors: 0 }, true],
    ['requests != 1x', { requests: 3 }, { requests: 3 }, false],
    ['tokens > 1.5k', { tokens: 1501 }, {}, true],
    ['duration > 2m', { duration: 120_001 }, {}, true],
    ['p95_latency <= 1.5s', { p95_latency: 1500 }, {}, true],
    ['avg_latency = 20', { avg_latency: 20 }, {}, true],
  ])('%s', (text, own, other, isFailed) => {
    expect(fails(text, own, other)).toBe(isFailed);
  });
});

test('a figure that is not known fails, and says so', () => {
  expect(failureOf(parseFailIf('cost > 9'), { ...ZERO, cost: null }, ZERO)).toBe('cost > 9: cost is not known');
  expect(failureOf(parseFailIf('cost > 2x'), ZERO, { ...ZERO, cost: null })).toBe(
    'cost > 2x: cost of the other session is not known',
  );
  expect(fails('cost > 2', { cost: 1 }, { cost: null })).toBe(false);
});

test.each([
  ['', 'is not like'],
  ['cost', 'is not like'],
  ['cost > much', 'is not like'],
  ['cost > 1 2', 'is not like'],
  ['cost > 1..2', 'is not like'],
  ['price > 1', 'there is no figure price'],
  ['__proto__ > 1', 'there is no figure __proto__'],
  ['cost > 1s', 'cost is not counted in s'],
  ['duration > 1usd', 'duration is not counted in usd'],
  ['errors > 1ms', 'errors is not counted in ms'],
])('%j is none', (text, reason) => {
  expect(() => parseFailIf(text)).toThrow(reason);
});

test('what is written is what is compared, whatever the white space and the case of letters', () => {
  const operator = fc.constantFrom('<', '<=', '>', '>=', '=', '!=');
  const space = fc.constantFrom('', ' ', '\t ');
  fc.assert(
    fc.property(
      fc.constantFrom(...COMPARED_FIGURE_NAMES),
      operator,
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      space,
      (figure, op, bound, value, gap) => {
        const text = `${gap}${figure.toUpperCase()}${gap}${op}${gap}${bound}${gap}`;
        const expected = {
          '<': value < bound,
          '<=': value <= bound,
          '>': value > bound,
          '>=': value >= bound,
          '=': value === bound,
          '!=': value !== bound,
        };
        expect(fails(text, { [figure]: value })).toBe(expected[op]);
        expect(fails(`${figure} ${op} ${bound}x`, { [figure]: value }, { [figure]: 1 })).toBe(expected[op]);
        expect(fails(`${figure} ${op} ${bound}%`, { [figure]: value }, { [figure]: 100 })).toBe(expected[op]);
      },
    ),
  );
});

test('any text is either read or refused with a sentence', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(parseFailIf(text).text).toBe(text);
      } catch (error) {
        expect((error as Error).name).toBe('UsageError');
      }
    }),
  );
});
