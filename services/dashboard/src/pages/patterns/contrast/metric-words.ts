import { count, percent } from '../../../format/count.ts';
import { duration } from '../../../format/duration.ts';
import { money } from '../../../format/money.ts';

type Print = (value: number) => string;

interface MetricWords {
  readonly name: string;
  readonly print: Print;
  /** Of a difference that is not negative; else as `print`. */
  readonly printDifference?: Print;
  readonly more: string;
  readonly less: string;
}

const amount: Print = (value) => (Math.abs(value) < 100 ? SMALL.format(value) : count(Math.round(value)));
const SMALL = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, maximumFractionDigits: 3 });

/** What is compared of sessions, and how it is said. By name as the API has it; others as they come. */
export const METRICS: ReadonlyMap<string, MetricWords> = new Map([
  ['cost', { name: 'Cost', print: money, more: 'dearer', less: 'cheaper' }],
  ['duration_ms', { name: 'Duration', print: duration, more: 'longer', less: 'shorter' }],
  ['requests', { name: 'Requests', print: amount, more: 'more', less: 'fewer' }],
  ['errors', { name: 'Errors', print: amount, more: 'more', less: 'fewer' }],
  ['success_rate', { name: 'Success rate', print: percent, printDifference: points, more: 'higher', less: 'lower' }],
  ['tokens', { name: 'Tokens', print: amount, more: 'more', less: 'fewer' }],
  ['avg_latency', { name: 'Latency per request', print: duration, more: 'slower', less: 'faster' }],
]);

export function metricWords(metric: string): MetricWords {
  return METRICS.get(metric) ?? { name: metric, print: amount, more: 'more', less: 'less' };
}

/** A difference with its sign: `+$0.012`, `−3.1 pp`. */
export function differenceText(metric: string, difference: number): string {
  const { print, printDifference = print } = metricWords(metric);
  const size = printDifference(Math.abs(difference));
  return difference === 0 ? size : `${difference > 0 ? '+' : '−'}${size}`;
}

/** The same in percent of b; nothing where that is 0. */
export function relativeText(a: number, b: number): string {
  if (b === 0) return '';
  const share = (a - b) / Math.abs(b);
  if (Math.abs(share) >= 10) return share > 0 ? `${(a / b).toFixed(0)}×` : percent(share).replace('-', '−');
  return `${share > 0 ? '+' : ''}${percent(share)}`.replace('-', '−');
}

/** Percentage points. */
export function points(share: number): string {
  const value = Math.abs(share * 100);
  const text = value === 0 ? '0' : value < 0.1 ? '<0.1' : value.toFixed(value < 10 ? 1 : 0);
  return `${text} pp`;
}

/** With their sign. */
export function signedPoints(share: number): string {
  return share === 0 ? points(share) : `${share > 0 ? '+' : '−'}${points(share)}`;
}
