/** Whole up to 9,999, then with three significant digits: `12.3K`, `4.56M`. */
export function count(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'unknown';
  return Math.abs(value) < 10_000 ? WHOLE.format(value) : COMPACT.format(value);
}

/** Every digit, for hover and tables that are read closely. */
export function wholeCount(value: number): string {
  return WHOLE.format(value);
}

/** @param share 0 to 1. `0.4%` below one, whole above ten; 100% only where nothing is missing, 0% only where nothing is there. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || Number.isNaN(share)) return 'unknown';
  const value = share * 100;
  if (value === 0 || value === 100) return `${value}%`;
  if (value > 0 && value < 0.1) return '<0.1%';
  if (value > 99.9 && value < 100) return '>99.9%';
  return `${value.toFixed(Math.abs(value) < 10 || value > 99 ? 1 : 0)}%`;
}

/** @param size bytes. */
export function bytes(size: number | null | undefined): string {
  if (size === null || size === undefined) return 'unknown';
  let value = size;
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (value < 1_000) return `${unit === 'B' ? value : value.toPrecision(3)} ${unit}`;
    value /= 1_000;
  }
  return `${value.toPrecision(3)} TB`;
}

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
