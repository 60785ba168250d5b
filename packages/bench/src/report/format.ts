import { median, spreadPercent } from '../measure/statistics.ts';

/** A number with three significant digits or all of its whole ones: 0.0123, 1.23, 12.3, 123, 12,345; `-` where it is none. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  const digits = size === 0 || size >= 100 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(size)));
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Median and spread: `35.7 ±4%`; `-` where there is none. */
export function medianWithSpread(values: readonly number[]): string {
  const middle = median(values);
  return Number.isFinite(middle) ? `${number(middle)} ±${Math.round(spreadPercent(values))}%` : number(middle);
}

/** `1.15x`; `-` where it is no number. */
export function ratio(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(2)}x` : number(value);
}
