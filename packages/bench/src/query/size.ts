import type { Bench } from '../scenario.ts';

/** How much data a run is about. */
export interface Size {
  /** As asked for; what is made comes within a few percent of it. */
  readonly requests: number;
  readonly sessions: number;
  /** Over how many days it is spread. */
  readonly days: number;
}

/** With fewer, some questions have no answer. */
const REQUESTS_MIN = 200_000;
const REQUESTS = 1_000_000;

/** How many requests the tables hold, one size after the other. @throws when one is too few. */
export function tableSizes({ requests = [REQUESTS] }: Pick<Bench, 'requests'>): readonly number[] {
  if (requests.some((size) => size < REQUESTS_MIN)) throw new Error(`tables hold ${REQUESTS_MIN} requests or more`);
  return requests;
}

const REQUESTS_PER_SESSION = 10;
const DAYS = 90;
export const DAY_MS = 86_400_000;

export function sizeOf(requests: number): Size {
  return { requests, sessions: Math.ceil(requests / REQUESTS_PER_SESSION), days: DAYS };
}

/** All calls were before this; the clock of the query service stands here. */
export const ENDS_AT = Date.UTC(2026, 9, 20, 12);

/** From the one that is used most to the one that is used least. */
export const MODELS = [
  'gpt-4o-mini',
  'gpt-4o',
  'claude-sonnet-4',
  'gpt-4.1',
  'gpt-4.1-mini',
  'claude-haiku-4',
  'o4-mini',
  'gpt-4.1-nano',
  'claude-opus-4',
  'o3',
  'gpt-4-turbo',
  'o3-pro',
] as const;

/** Sessions whose requests are read one session at a time: where among all they stand, and how many calls they have. */
export const MARKED = {
  short: { place: 0.95, calls: 20 },
  long: { place: 0.9, calls: 10_000 },
} as const;
