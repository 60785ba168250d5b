import { expect, test } from '@jest/globals';
import { readMetric, samplesOf } from './metric.ts';

const TEXT = `# HELP rows_total Rows
# TYPE rows_total counter
rows_total{table="requests",partition="1"} 40
rows_total{table="requests",partition="2"} 2
rows_total{table="sessions"} 7
rows_total_other 1000
age_seconds 0.25
`;

test('a metric is the sum of its samples that carry the labels', () => {
  expect(readMetric(TEXT, 'rows_total', { table: 'requests' })).toBe(42);
  expect(readMetric(TEXT, 'rows_total', { table: 'requests', partition: '2' })).toBe(2);
  expect(readMetric(TEXT, 'rows_total')).toBe(49);
  expect(readMetric(TEXT, 'age_seconds')).toBe(0.25);
});

test('a metric that is not there is no number, rather than nothing', () => {
  expect(readMetric(TEXT, 'rows')).toBeNaN();
  expect(readMetric(TEXT, 'rows_total', { table: 'bodies' })).toBeNaN();
});

test('samples keep their labels', () => {
  expect(samplesOf(TEXT, 'rows_total')[1]).toEqual({ labels: { table: 'requests', partition: '2' }, value: 2 });
});
