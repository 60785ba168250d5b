import {
  CONTRAST_METRICS,
  type ContrastMetric,
  type sessionContrastAnswer,
} from '@throughline/contracts/api/contrast-answer';
import type { z } from 'zod';
import { DURATION_SQL } from './contrast-groups.ts';
import { cliffsDelta, meanInterval, moments, quantileOf, type ValueBin } from './effect-size.ts';

type Metric = z.output<typeof sessionContrastAnswer>['data']['metrics'][number];

/** Of `s`: what the metrics are made of. */
export const METRIC_COLUMNS = `s.total_cost AS cost, ${DURATION_SQL} AS duration, s.total_requests AS requests, s.error_count AS errors,
  s.prompt_tokens AS prompt_tokens, s.completion_tokens AS completion_tokens, s.latency_ms_sum AS latency`;

/** Whole numbers, so that sums are the same in whatever order they are made, and what divides them into the answer's unit. */
const METRICS: Readonly<Record<ContrastMetric, { readonly sql: string; readonly unit: number }>> = {
  cost: { sql: 'toInt128(cost * toDecimal128(1000000000000, 0))', unit: 1e12 },
  duration_ms: { sql: 'toInt128(duration)', unit: 1 },
  requests: { sql: 'toInt128(requests)', unit: 1 },
  errors: { sql: 'toInt128(errors)', unit: 1 },
  success_rate: { sql: 'toInt128(intDiv((requests - errors) * 1000000000, greatest(requests, 1)))', unit: 1e9 },
  tokens: { sql: 'toInt128(prompt_tokens) + toInt128(completion_tokens)', unit: 1 },
  avg_latency: { sql: 'toInt128(intDiv(toInt128(latency) * 1000000, greatest(requests, 1)))', unit: 1e6 },
};

/** A bin of one metric, of both groups. */
export interface MetricRow {
  /** Place of the metric, from 1. */
  readonly name: string;
  /** The bin. */
  readonly text: string;
  readonly in_a: string;
  readonly in_b: string;
  readonly total_a: string;
  readonly total_b: string;
  readonly squares_a: number | string;
  readonly squares_b: number | string;
}

/** Rows of `MetricRow`. @param chosen what has `METRIC_COLUMNS` of the sessions of both groups, and `is_a`. */
export function metricRowsSql(chosen: string): string {
  // Bins of 1%: a value and the mean of its bin differ by less.
  return `
SELECT toString(metric) AS name, toString(bin) AS text, countIf(is_a = 1) AS in_a, countIf(is_a = 0) AS in_b,
  toString(sumIf(amount, is_a = 1)) AS total_a, toString(sumIf(amount, is_a = 0)) AS total_b,
  sumIf(toFloat64(amount) * toFloat64(amount), is_a = 1) AS squares_a,
  sumIf(toFloat64(amount) * toFloat64(amount), is_a = 0) AS squares_b
FROM (
  SELECT is_a, metric, amount, if(amount <= 0, toInt16(-1), toInt16(ceil(log(toFloat64(amount)) / log(201 / 199)))) AS bin
  FROM (SELECT is_a, [${CONTRAST_METRICS.map((metric) => METRICS[metric].sql).join(', ')}] AS amounts FROM ${chosen})
  ARRAY JOIN amounts AS amount, arrayEnumerate(amounts) AS metric
)
GROUP BY metric, bin`;
}

/** Each quantity of the sessions of both groups, and how far they are apart. */
export function toMetrics(rows: readonly MetricRow[]): Metric[] {
  return CONTRAST_METRICS.map((metric, index) => {
    const { unit } = METRICS[metric];
    const own = rows.filter(({ name }) => Number(name) === index + 1).sort((a, b) => Number(a.text) - Number(b.text));
    const bins = (of: (row: MetricRow) => { count: string; total: string; squares: number | string }): ValueBin[] =>
      own
        .map((row) => ({ bin: Number(row.text), ...of(row) }))
        .filter(({ count }) => count !== '0')
        .map(({ bin, count, total, squares }) => ({
          bin,
          count: Number(count),
          sum: Number(total) / unit,
          squares: Number(squares) / unit ** 2,
        }));
    return compareBins(
      metric,
      bins((row) => ({ count: row.in_a, total: row.total_a, squares: row.squares_a })),
      bins((row) => ({ count: row.in_b, total: row.total_b, squares: row.squares_b })),
    );
  });
}

function compareBins(metric: ContrastMetric, a: readonly ValueBin[], b: readonly ValueBin[]): Metric {
  const figures = (bins: readonly ValueBin[]) =>
    bins.length === 0 ? null : { mean: moments(bins).mean, p50: quantileOf(bins, 0.5), p95: quantileOf(bins, 0.95) };
  const ofA = figures(a);
  const ofB = figures(b);
  if (ofA === null || ofB === null) {
    return { metric, a: ofA, b: ofB, difference: null, interval: null, ratio: null, effect: null };
  }
  const interval = meanInterval(moments(a), moments(b));
  return {
    metric,
    a: ofA,
    b: ofB,
    difference: ofA.mean - ofB.mean,
    interval: interval && [rounded(interval[0]), rounded(interval[1])],
    ratio: ofB.mean === 0 ? null : ofA.mean / ofB.mean,
    effect: cliffsDelta(a, b),
  };
}

/** The last digits of sums of squares depend on the order in which threads deliver rows. */
function rounded(value: number): number {
  return Number(value.toPrecision(9));
}
