/** What `bench check` compares, each by the CPU time of the gateway as a multiple of bare Node's, recorded: a call, a chunk of a stream. */
export const UNITS = ['call', 'chunk'] as const;
export type Unit = (typeof UNITS)[number];

/** What was measured on machines at rest (1.2 to 1.5; 1.0 to 1.4), and half as much again. */
export const BOUNDS: Readonly<Record<Unit, number>> = { call: 2.2, chunk: 2.1 };

/** Cores of others, and half the range of bare Node's own figures, from which on a ratio says nothing. */
const BUSY_CORES_MAX = 0.4;
const SPREAD_PERCENT_MAX = 20;

/** So often a ratio is to be beyond its bound before it is believed. */
const TRIES_MAX = 3;

/** All units measured once, or not, where calls failed. */
export interface Try {
  /** Cores that others kept busy before or after it, whichever is more. */
  readonly busyCores: number;
  readonly found: Readonly<Record<Unit, Found>> | undefined;
}

export interface Found {
  /** Of bare Node's. */
  readonly value: number;
  /** Of bare Node's figures, half their range in percent. */
  readonly spread: number;
}

export type Verdict = 'fine' | 'regressed' | 'not told' | 'again';

/**
 * What the tries made so far say. The smallest ratio of each unit counts: what else a machine does comes on top of what the
 * code costs, and is gone in another try, while a regression is there in all of them. One beyond its bound in a try that was
 * disturbed says nothing. Calls that fail are beyond any bound.
 */
export function verdictOf(tries: readonly Try[]): Verdict {
  const isWithin = (unit: Unit) =>
    Math.min(...tries.map(({ found }) => found?.[unit].value ?? Number.POSITIVE_INFINITY)) <= BOUNDS[unit];
  if (UNITS.every(isWithin)) return 'fine';
  if (isDisturbed(tries.at(-1)!)) return 'not told';
  return tries.length < TRIES_MAX ? 'again' : 'regressed';
}

/** Also where bare Node's figures are no numbers. */
function isDisturbed({ busyCores, found }: Try): boolean {
  const goApart = found !== undefined && !UNITS.every((unit) => found[unit].spread <= SPREAD_PERCENT_MAX);
  return goApart || busyCores > BUSY_CORES_MAX;
}
