import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import {
  CONTRAST_METRICS,
  type ContrastMetric,
  type sessionContrastAnswer,
} from '@throughline/contracts/api/contrast-answer';
import type { z } from 'zod';
import { type ContrastGroups, DURATION_SQL } from './contrast-groups.ts';
import { cliffsDelta, meanInterval, moments, quantileOf, type ValueBin } from './effect-size.ts';

type Metric = z.output<typeof sessionContrastAnswer>['data']['metrics'][number];

/** Whole numbers, so that sums are the same in whatever order they are made, and what divides them into the answer's unit. */
const METRICS: Readonly<Record<ContrastMetric, { readonly sql: string; readonly unit: number }>> = {
  cost: { sql: 'toInt128(s.total_cost * toDecimal128(1000000000000, 0))', unit: 1e12 },
  duration_ms: { sql: `toInt128(${DURATION_SQL})`, unit: 1 },
  requests: { sql: 'toInt128(s.total_requests)', unit: 1 },
  errors: { sql: 'toInt128(s.error_count)', unit: 1 },
  success_rate: {
    sql: 'toInt128(intDiv((s.total_requests - s.error_count) * 1000000000, greatest(s.total_requests, 1)))',
    unit: 1e9,
  },
  tokens: { sql: 'toInt128(s.prompt_tokens) + toInt128(s.completion_tokens)', unit: 1 },
  avg_latency: {
    sql: 'toInt128(intDiv(toInt128(s.latency_ms_sum) * 1000000, greatest(s.total_requests, 1)))',
    unit: 1e6,
  },
};

interface Row {
  readonly is_a: number;
  readonly metric: number;
  readonly bin: number;
  readonly sessions: string;
  readonly total: string;
  readonly squares: number | string;
}

/** Each quantity of the sessions of both groups, and how far they are apart. */
export async function readContrastMetrics(
  analytics: Pick<AnalyticsStore, 'query'>,
  groups: ContrastGroups,
): Promise<Metric[]> {
  const { sql, params } = groups.rows(
    `[${CONTRAST_METRICS.map((metric) => METRICS[metric].sql).join(', ')}] AS amounts`,
  );
  const rows = await analytics.query<Row>({
    // Bins of 1%: a value and the mean of its bin differ by less.
    sql: `
SELECT is_a, metric, bin, count() AS sessions, toString(sum(amount)) AS total, sum(toFloat64(amount) * toFloat64(amount)) AS squares
FROM (
  SELECT is_a, metric, amount, if(amount <= 0, toInt16(-1), toInt16(ceil(log(toFloat64(amount)) / log(201 / 199)))) AS bin
  FROM (${sql}) ARRAY JOIN amounts AS amount, arrayEnumerate(amounts) AS metric
)
GROUP BY is_a, metric, bin
ORDER BY is_a, metric, bin`,
    params,
    settings: FINAL,
  });
  return CONTRAST_METRICS.map((metric, index) => {
    const { unit } = METRICS[metric];
    const binsOf = (isA: number) =>
      rows
        .filter((row) => row.metric === index + 1 && row.is_a === isA)
        .map(
          (row): ValueBin => ({
            bin: row.bin,
            count: Number(row.sessions),
            sum: Number(row.total) / unit,
            squares: Number(row.squares) / unit ** 2,
          }),
        );
    return compareBins(metric, binsOf(1), binsOf(0));
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
