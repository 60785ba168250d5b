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

/** A difference with its sign: `+$0.012`, `−3.1 pp`; `less than $0.000001 cheaper` where it is too small for its unit. */
export function differenceText(metric: string, difference: number): string {
  const { print, printDifference = print, more, less } = metricWords(metric);
  const size = printDifference(Math.abs(difference));
  if (difference === 0) return size;
  if (size.startsWith('<')) return `less than ${size.slice(1)} ${difference > 0 ? more : less}`;
  return `${difference > 0 ? '+' : '−'}${size}`;
}

/** A median or 95th percentile, which the API has to 1%: a success rate in the bin of 100% is 100%. */
export function quantileText(metric: string, value: number): string {
  if (metric === 'success_rate' && value > WHOLE_BIN) return percent(1);
  return metricWords(metric).print(value);
}

/** Where the API's bin that holds 100% begins. */
const WHOLE_BIN = 0.997;

/** The same in percent of b; nothing where that is 0. */
export function relativeText(a: number, b: number): string {
  if (b === 0) return '';
  const share = (a - b) / Math.abs(b);
  if (share >= 10) return `${(a / b).toFixed(0)}×`;
  const size = Math.abs(share);
  if (size === 0) return '0%';
  if (size * 100 < TINY_MIN) return 'about 0%';
  return `${share > 0 ? '+' : '−'}${size < 0.001 ? `${tiny(size * 100)}%` : percent(size)}`;
}

/** Percentage points. */
export function points(share: number): string {
  const value = Math.abs(share * 100);
  if (value > 0 && value < TINY_MIN) return `<${TINY_MIN} pp`;
  const text = value === 0 ? '0' : value < 0.1 ? tiny(value) : value.toFixed(value < 10 ? 1 : 0);
  return `${text} pp`;
}

/** With their sign. */
export function signedPoints(share: number): string {
  return differenceText('success_rate', share);
}

/** Of a percent. */
const TINY_MIN = 0.001;

/** A part of a percent from there to 0.1, with one digit that is not 0. */
function tiny(value: number): string {
  return value.toFixed(-Math.floor(Math.log10(value)));
}
