const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a new key is valid, as a person chooses it. */
export const VALIDITIES = [
  ['never', 'Until it is revoked'],
  ['1d', 'For a day'],
  ['7d', 'For 7 days'],
  ['30d', 'For 30 days'],
  ['90d', 'For 90 days'],
  ['365d', 'For a year'],
] as const;

export type Validity = (typeof VALIDITIES)[number][0];

/** As the API takes it. */
export function expiryOf(validity: Validity, nowMs: number): string | null {
  if (validity === 'never') return null;
  return new Date(nowMs + Number.parseInt(validity, 10) * DAY_MS).toISOString();
}

/** How long a key stays valid beside the one that follows it, as a person chooses it. */
export const OVERLAPS = [
  ['0', 'Not at all'],
  ['3600', 'For an hour'],
  ['86400', 'For a day'],
  ['604800', 'For 7 days'],
  ['2592000', 'For 30 days'],
] as const;

export type Overlap = (typeof OVERLAPS)[number][0];

/** What is to be said of when a key ends. */
export type Ending = 'never' | 'later' | 'soon' | 'over';

/** @param expiresAt ISO 8601; null: never. */
export function endingOf(expiresAt: string | null, nowMs: number): Ending {
  if (expiresAt === null) return 'never';
  const left = Date.parse(expiresAt) - nowMs;
  if (left <= 0) return 'over';
  return left < 3 * DAY_MS ? 'soon' : 'later';
}
