import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDistributions } from './distribution.ts';
import { createMetrics } from './metrics.ts';
import { Histogram, Registry } from './prom-client-parts.ts';

const LABEL = { name: 'stage', values: ['first', 'second'] as const };

/** Lines of `/metrics` in an order that does not matter to whoever reads them. */
const lines = async (registry: Registry) => (await registry.metrics()).split('\n').sort();

describe('a distribution', () => {
  test('shows what the library’s histogram shows of the same values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.double({ min: 0.001, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(fc.constantFrom(...LABEL.values), fc.double({ min: -1, max: 2_000, noNaN: true })), {
          maxLength: 50,
        }),
        async (bounds, values) => {
          const buckets = bounds.sort((a, b) => a - b);
          const ours = new Registry();
          const theirs = new Registry();
          const definition = { name: 'some_seconds', help: 'Some "help"' };
          const distributions = createDistributions(ours, { ...definition, buckets, label: LABEL });
          const histogram = new Histogram({ ...definition, buckets, labelNames: [LABEL.name], registers: [theirs] });
          for (const value of LABEL.values) histogram.zero({ stage: value });
          for (const [stage, value] of values) {
            distributions[stage].observe(value);
            histogram.observe({ stage }, value);
          }
          // The order of two labels is the only difference.
          const sorted = (text: string[]) =>
            text
              .map((line) => line.replace(/\{(.*)\}/, (_, inner: string) => `{${inner.split(',').sort().join(',')}}`))
              .sort();
          expect(sorted(await lines(ours))).toEqual(sorted(await lines(theirs)));
        },
      ),
    );
  });

  test('without a label has none, and counts what lies on a bound below it', async () => {
    const metrics = createMetrics();
    const sizes = metrics.distribution('batch_events', 'Events per batch', [1, 10]);
    for (const value of [1, 10, 11, Number.NaN]) sizes.observe(value);
    expect(await metrics.registry.metrics()).toContain(
      [
        'throughline_batch_events_bucket{le="1"} 1',
        'throughline_batch_events_bucket{le="10"} 2',
        'throughline_batch_events_bucket{le="+Inf"} 3',
        'throughline_batch_events_sum 22',
        'throughline_batch_events_count 3',
      ].join('\n'),
    );
  });
});
