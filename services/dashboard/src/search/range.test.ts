import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactRange, parseRange, rangeBounds, rangeLabel } from './range.ts';

const NOW = Date.UTC(2026, 10, 22);

test('a relative range stays relative and reaches beyond now for the clocks of others', () => {
  const range = parseRange('7d');
  expect(range).toEqual({ kind: 'last', ms: 7 * 86_400_000, text: '7d' });
  expect(rangeBounds(range, NOW)).toEqual({ fromMs: NOW - 7 * 86_400_000, toMs: NOW + 60_000 });
  expect(rangeLabel(range)).toBe('Last 7 days');
  expect(rangeLabel(parseRange('36h'))).toBe('Last 36h');
});

test('an exact range comes back as it was written', () => {
  const bound = fc.integer({ min: -1e14, max: 1e14 });
  fc.assert(
    fc.property(bound, bound, (a, b) => {
      fc.pre(a < b);
      expect(parseRange(exactRange(a, b))).toEqual({ kind: 'exact', fromMs: a, toMs: b });
    }),
  );
});

test('what cannot be read is the default, whatever it is', () => {
  const day = parseRange('24h');
  for (const text of [undefined, '', '0h', 'h', '5~5', '9~3', '1e3h', '-1d', 'exact'])
    expect(parseRange(text)).toEqual(day);
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { fromMs, toMs } = rangeBounds(parseRange(text), NOW);
      expect(fromMs).toBeLessThan(toMs);
    }),
  );
});
