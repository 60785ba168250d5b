/**
 * The range of time that a page is about, as its URL says it: `24h` stays relative, `<from>~<to>` (epoch ms) is exact.
 */
export type Range =
  | { readonly kind: 'last'; readonly ms: number; readonly text: string }
  | { readonly kind: 'exact'; readonly fromMs: number; readonly toMs: number };

export const RELATIVE_RANGES = [
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['6h', 'Last 6 hours'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['90d', 'Last 90 days'],
  ['365d', 'Last year'],
] as const;

export const DEFAULT_RANGE = '24h';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** What a URL says; the default where it says nothing that can be read. */
export function parseRange(text: string | undefined): Range {
  const exact = /^(-?\d{1,15})~(-?\d{1,15})$/.exec(text ?? '');
  if (exact && Number(exact[1]) < Number(exact[2])) {
    return { kind: 'exact', fromMs: Number(exact[1]), toMs: Number(exact[2]) };
  }
  const last = /^(\d{1,4})([mhd])$/.exec(text ?? '');
  if (last && Number(last[1]) > 0) {
    return { kind: 'last', ms: Number(last[1]) * UNIT_MS[last[2] as keyof typeof UNIT_MS], text: last[0] };
  }
  return parseRange(DEFAULT_RANGE);
}

export function exactRange(fromMs: number, toMs: number): string {
  return `${Math.floor(fromMs)}~${Math.ceil(toMs)}`;
}

/** Epoch ms. A relative range ends a minute from now, because calls may carry the clocks of others. */
export function rangeBounds(range: Range, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  if (range.kind === 'exact') return range;
  return { fromMs: nowMs - range.ms, toMs: nowMs + 60_000 };
}

/** For people: `Last 24 hours`, or from when to when. */
export function rangeLabel(range: Range): string {
  if (range.kind === 'last') {
    const known = RELATIVE_RANGES.find(([text]) => text === range.text);
    return known ? known[1] : `Last ${range.text}`;
  }
  return `${MINUTE.format(range.fromMs)} – ${MINUTE.format(range.toMs)}`;
}

const MINUTE = new Intl.DateTimeFormat('en-GB', {
  year: '2-digit',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
