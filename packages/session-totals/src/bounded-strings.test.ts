import { describe, expect, test } from '@jest/globals';
import { murmur3 } from '@throughline/contracts/partition';
import fc from 'fast-check';
import { NO_STRINGS, SmallestByHash, StringsCollector } from './bounded-strings.ts';
import type { BoundedStrings } from './session-state.ts';

const BOUND = { countMax: 4, charsMax: 6 };

/** The definition, without any cleverness: rank everything seen, keep the first. */
function reference(values: readonly string[]): BoundedStrings {
  const short = [...new Set(values)].filter((value) => value.length <= BOUND.charsMax);
  const hash = (value: string) => murmur3(Buffer.from(value, 'utf8'));
  const ranked = short.sort((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1));
  return {
    values: ranked.slice(0, BOUND.countMax).sort(),
    overflowed: ranked.length > BOUND.countMax || values.some((value) => value.length > BOUND.charsMax),
  };
}

function collect(start: BoundedStrings, values: readonly string[]): BoundedStrings {
  const collector = new StringsCollector(start, BOUND);
  for (const value of values) collector.add(value);
  return collector.result();
}

// Lone surrogates all have the hash of U+FFFD, so they also try the tie-break.
const value = fc.oneof(
  fc.string({ maxLength: 8, unit: 'binary' }),
  fc.constantFrom('__proto__', 'a', 'b', '', '\ud800', '\udc00', '\ufffd', '🙂🙂🙂'),
);

describe('bounded strings', () => {
  test('are those smallest by hash, in whatever order and batches they come', () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 30 }),
        fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
        (values, cuts) => {
          let set: BoundedStrings = NO_STRINGS;
          const ends = [...cuts.filter((cut) => cut < values.length).sort((a, b) => a - b), values.length];
          let from = 0;
          for (const end of ends) {
            set = collect(set, values.slice(from, end));
            from = end;
          }
          expect(set).toEqual(reference(values));
          expect(collect(NO_STRINGS, [...values].reverse())).toEqual(set);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('are the very same object when nothing new was added', () => {
    const set = collect(NO_STRINGS, ['a', 'b']);
    expect(collect(set, ['b', 'a', 'b'])).toBe(set);
  });

  test('leave a value longer than the bound out whole, and say so', () => {
    expect(collect(NO_STRINGS, ['short', 'too long'])).toEqual({ values: ['short'], overflowed: true });
  });

  test('tell keys that must go from keys that find room', () => {
    const smallest = new SmallestByHash(2);
    const held = new Map([['a', 1]]);
    expect(smallest.admit('b', held)).toBeUndefined();
    held.set('b', 2);
    const hash = (text: string) => murmur3(Buffer.from(text));
    const largest = ['a', 'b', 'c'].sort((x, y) => hash(x) - hash(y))[2];
    expect(smallest.admit('c', held)).toBe(largest);
  });
});
