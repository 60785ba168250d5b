import { expect, test } from '@jest/globals';
import { nameIs } from '../../search/filter-param.ts';
import { histogramBars, type Quantity } from './histogram-bars.ts';

const bin = (range_start: string, range_end: string) => ({ range_start, range_end, value: 3 });

test('bars are named by the values that lie in them, not by the borders between', () => {
  const labels = (quantity: Quantity, ...borders: string[]) =>
    histogramBars(
      quantity,
      borders.slice(1).map((end, at) => bin(borders[at]!, end)),
      {},
      'all',
    ).map(({ label }) => label);
  expect(labels('requests', '1', '3.5', '4')).toEqual(['1 – 3', '4']);
  // None has seven: half-way between six and eight.
  expect(labels('requests', '2', '7', '9')).toEqual(['2 – 6', '8 – 9']);
  expect(labels('duration', '0', '8.5', '70', '519.5', '576')).toEqual([
    '0 – 8 s',
    '9 – 69 s',
    '71 s – 8 min 39 s',
    '8 min 40 s – 9 min 36 s',
  ]);
  expect(histogramBars('cost', [bin('0', '0.00000000005')], {}, 'all')[0]!.label).toBe('$0 – <$0.000001');
});

test('a bar leads to the sessions of its range, among those of the page', () => {
  const [bar] = histogramBars('requests', [bin('3', '7')], { range: '7d' }, nameIs('invoices'));
  expect(bar!.search!.range).toBe('7d');
  expect(JSON.parse(bar!.search!.filter!)).toEqual({
    left: nameIs('invoices'),
    operator: 'and',
    right: { sessions_request_response_rmt: { session_total_requests: { gte: 3, lte: 7 } } },
  });
});

test('durations are asked for as the distribution counts them', () => {
  const [, bar] = histogramBars('duration', [bin('0', '0.5'), bin('0.5', '12')], {}, 'all');
  expect(JSON.parse(bar!.search!.filter!)).toEqual({
    sessions_request_response_rmt: { session_span_seconds: { gte: 1, lte: 12 } },
  });
});
