import { exactRange, parseRange, rangeBounds, rangeLabel } from './range.ts';

/**
 * A range of time as the URL has it (`range.ts`), or the span before one that ends now: `before-7d` is the seven days
 * before the last seven.
 */
export type Period = string | undefined;

/** Epoch ms. */
export function periodBounds(period: Period, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  const span = spanBefore(period);
  if (span === undefined) return rangeBounds(parseRange(period), nowMs);
  const { fromMs } = rangeBounds(parseRange(span), nowMs);
  return { fromMs: fromMs - (nowMs - fromMs), toMs: fromMs };
}

/** For people: `Last 7 days`, `7 days before that`. */
export function periodLabel(period: Period): string {
  const span = spanBefore(period);
  if (span === undefined) return rangeLabel(parseRange(period));
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(span)!;
  return `The ${amount} ${UNITS[unit as keyof typeof UNITS]} before`;
}

/** The same span of time before this period, where it is relative to now. */
export function periodBefore(period: Period): Period {
  const range = parseRange(period);
  if (range.kind === 'last') return `before-${range.text}`;
  return exactRange(range.fromMs - (range.toMs - range.fromMs), range.fromMs);
}

/** As pages know it that have no such spans. */
export function plainRange(period: Period, nowMs: number): string | undefined {
  if (spanBefore(period) === undefined) return period;
  const { fromMs, toMs } = periodBounds(period, nowMs);
  return exactRange(fromMs, toMs);
}

function spanBefore(period: Period): string | undefined {
  return /^before-(\d{1,4}[mhd])$/.exec(period ?? '')?.[1];
}

const UNITS = { m: 'minutes', h: 'hours', d: 'days' } as const;
