/**
 * An amount as people read it: two significant digits where it is small, cents where it is not, at most six places. What
 * is not zero never reads as zero.
 *
 * @param usd null or undefined: not known.
 */
export function money(usd: number | null | undefined): string {
  if (usd === null || usd === undefined || Number.isNaN(usd)) return 'unknown';
  if (usd === 0) return '$0';
  const sign = usd < 0 ? '−' : '';
  const amount = Math.abs(usd);
  if (amount >= 10_000) return `${sign}$${COMPACT.format(amount)}`;
  if (amount >= 0.995) return `${sign}$${CENTS.format(amount)}`;
  if (amount < 0.000001) return `${sign}<$0.000001`;
  const places = Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(amount))));
  return `${sign}$${amount.toFixed(places)}`;
}

const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 });
