import type { LoadOptions } from '@throughline/testkit/load/run-load';

/**
 * The load under which things are broken: as many calls under way at every moment as there are connections, most of
 * them streams, but few calls and few events per second. Faults and starts are what these tests spend their time on,
 * and each event of a stream costs provider, gateway and client something.
 */
export const FAULT_LOAD = {
  sessions: 40,
  streamShare: 0.8,
  wordsMax: 12,
  paceMsMax: 100,
  callsMax: 1_000_000,
  durationMsMax: 600_000,
} as const satisfies Partial<LoadOptions>;
